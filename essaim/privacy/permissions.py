"""Who merges, exports and erases: the referent team; its managers for what cannot be undone."""

from essaim.accounts.models import Membership
from essaim.accounts.permissions import manages
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import scope_for


def is_referent_of(viewer: Membership | None, person: Person) -> bool:
    """Whether the viewer is of the person's referent team."""
    return scope_for(viewer, person) == GrantScope.REFERENT


def may_merge(viewer: Membership, one: Person, other: Person) -> bool:
    """Whether the viewer is of the referent team of one file, and of the other or of the organisation it is of."""
    scopes = [scope_for(viewer, person) for person in (one, other)]
    if None in scopes or GrantScope.REFERENT not in scopes:
        return False
    return all(
        scope == GrantScope.REFERENT or person.referent_organisation_id == viewer.organisation_id
        for scope, person in zip(scopes, (one, other), strict=True)
    )


def may_erase(viewer: Membership, person: Person) -> bool:
    """Whether the viewer manages the person's referent organisation: erasing cannot be undone."""
    return manages(viewer) and is_referent_of(viewer, person)
