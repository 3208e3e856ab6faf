"""Rooms and trainers, for whoever asks."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.agenda.models import Room
from essaim.journal.models import Action
from essaim.kernel.days import today
from essaim.people.permissions import works_with_people


def list_rooms_for(viewer: Membership | None) -> QuerySet[Room]:
    """Return the rooms of the viewer's organisation, closed ones included; none for who does not work with people."""
    if viewer is None or not works_with_people(viewer):
        return Room.objects.none()
    return Room.objects.filter(organisation_id=viewer.organisation_id).select_related("commune")


def get_room_for(viewer: Membership | None, ref: str) -> Room:
    """Return a room of the viewer's organisation. Raises Room.DoesNotExist."""
    return list_rooms_for(viewer).get(ref=ref)


def list_open_rooms_for(viewer: Membership | None, action: Action) -> QuerySet[Room]:
    """Return the rooms open today where the viewer may receive people of this action: hers and the carrier's."""
    if viewer is None or not works_with_people(viewer):
        return Room.objects.none()
    return Room.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=today()),
        organisation_id__in={viewer.organisation_id, action.organisation_id},
    ).select_related("organisation")


def list_trainers_for(viewer: Membership | None, action: Action) -> QuerySet[User]:
    """Return who may animate a session of this action: the colleagues of the viewer and of the carrier who work with
    people.
    """
    if viewer is None:
        return User.objects.none()
    members = Membership.objects.filter(
        user=OuterRef("pk"),
        organisation_id__in={viewer.organisation_id, action.organisation_id},
        until__isnull=True,
        role__in=ROLES_SEEING_PEOPLE,
    )
    return User.objects.filter(Exists(members), is_active=True).order_by("last_name", "first_name", "pk")
