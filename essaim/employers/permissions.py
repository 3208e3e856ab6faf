"""Who may write work contracts and companies."""

from essaim.accounts.enums import ROLES_SEEING_PEOPLE, Role
from essaim.accounts.models import Membership
from essaim.accounts.permissions import rule_for_roles
from essaim.journal.models import Action
from essaim.journal.permissions import carries

ROLES_KNOWING_COMPANIES = ROLES_SEEING_PEOPLE | {Role.EMPLOYER_RELATIONS}

KNOWS_COMPANIES = rule_for_roles("responsable, conseil ou relations entreprises", ROLES_KNOWING_COMPANIES)


def knows_companies(viewer: Membership | None) -> bool:
    """Whether the viewer works with companies, in a membership still open."""
    return viewer is not None and viewer.until is None and viewer.role in ROLES_KNOWING_COMPANIES


def may_prospect_in(viewer: Membership | None, action: Action, *, is_partner_seeing_people: bool) -> bool:
    """Whether the viewer approaches employers for this action: its carrier's, or those of a partner that sees its
    people. For a person of it, one must also follow people: ``journeys.permissions.may_accompany``.
    """
    return knows_companies(viewer) and not action.is_imported and (carries(viewer, action) or is_partner_seeing_people)
