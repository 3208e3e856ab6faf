"""Who reads bilans, and who sees the people behind a figure."""

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership
from essaim.accounts.permissions import READS_BILANS, STEERS, WORKS_WITH_PEOPLE, has_role

# Funders read what was published once, small counts hidden; a live bilan could tell them about one person.
READS_BILAN = STEERS
READS_PEOPLE = WORKS_WITH_PEOPLE
# What an organisation funds: published cohorts and bilans it was sent.
READS_FUNDED = READS_BILANS


def sees_people_behind_figures(viewer: Membership | None) -> bool:
    """Whether the figures of a bilan open on the list of people for this viewer."""
    return has_role(viewer, ROLES_SEEING_PEOPLE)
