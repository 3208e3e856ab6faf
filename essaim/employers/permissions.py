"""Who may write work contracts and companies."""

from essaim.accounts.enums import ROLES_SEEING_PEOPLE, Role
from essaim.accounts.models import Membership
from essaim.accounts.permissions import rule_for_roles

ROLES_KNOWING_COMPANIES = ROLES_SEEING_PEOPLE | {Role.EMPLOYER_RELATIONS}

KNOWS_COMPANIES = rule_for_roles("responsable, conseil ou relations entreprises", ROLES_KNOWING_COMPANIES)


def knows_companies(viewer: Membership | None) -> bool:
    """Whether the viewer works with companies, in a membership still open."""
    return viewer is not None and viewer.until is None and viewer.role in ROLES_KNOWING_COMPANIES
