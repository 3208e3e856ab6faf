"""The colleagues who may follow someone."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.people.models import Person


def list_possible_referents(viewer: Membership | None, person: Person | None = None) -> QuerySet[User]:
    """Return the colleagues who may be a person's referent: open memberships working with people. The present
    referent of ``person`` is always among them.
    """
    if viewer is None:
        return User.objects.none()
    members = Membership.objects.filter(
        user=OuterRef("pk"), organisation_id=viewer.organisation_id, until=None, role__in=ROLES_SEEING_PEOPLE
    )
    allowed = Q(Exists(members), is_active=True)
    if person is not None and person.referent_id is not None:
        allowed |= Q(pk=person.referent_id)
    return User.objects.filter(allowed).order_by("last_name", "first_name", "pk")


def is_working_in(user: User, organisation_id: int) -> bool:
    """Whether this user works with people in that organisation now."""
    return (
        user.is_active
        and Membership.objects.filter(
            user=user, organisation_id=organisation_id, until=None, role__in=ROLES_SEEING_PEOPLE
        ).exists()
    )
