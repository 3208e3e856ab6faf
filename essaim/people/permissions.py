"""Who may do what with a file. Which files exist for a viewer is the business of the queries."""

from typing import Any

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership
from essaim.people.enums import GrantScope


def works_with_people(viewer: Membership | None) -> bool:
    """Whether the viewer's role works with named people, in a membership still open."""
    return viewer is not None and viewer.until is None and viewer.role in ROLES_SEEING_PEOPLE


def is_of_referent_team(scope: str | None) -> bool:
    """Whether this scope of access shows the sensitive part of a file."""
    return scope == GrantScope.REFERENT


def shows_sensitive(person: Any) -> bool:
    """Whether a file returned by people's queries shows its sensitive part to the one who asked for it."""
    return is_of_referent_team(person.viewer_scope)
