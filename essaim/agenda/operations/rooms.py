"""Rooms: where people are received."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import AppointmentState, SessionState
from essaim.agenda.models import Appointment, PlannedSession, Room
from essaim.directory.models import Commune
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.permissions import works_with_people


class RoomRefused(OperationError):  # noqa: N818 - the words of the screen
    """A room that cannot be created, changed or closed so."""


@transaction.atomic
def create_room(
    *,
    name: str,
    capacity: int | None = None,
    address: str = "",
    commune: Commune | None = None,
    equipment: str = "",
    by: Membership,
    now: datetime,
) -> Room:
    """Add a room to the organisation of ``by``. ``capacity`` in seats, None when nobody counts them.

    Refused (RoomRefused): someone who does not work with people, an empty name, a name already given here.
    """
    _require(by)
    room = Room(organisation_id=by.organisation_id)
    return _write(room, name, capacity, address, commune, equipment)


@transaction.atomic
def update_room(
    *,
    room: Room,
    name: str,
    capacity: int | None,
    address: str,
    commune: Commune | None,
    equipment: str,
    version: int,
    by: Membership,
    now: datetime,
) -> Room:
    """Set a room right. Refused as ``create_room``, another organisation's room; EditConflict.

    Fewer seats than people registered to a session to come: those registered stay, no more is accepted.
    """
    _require(by, room)
    return _write(check_version(room, version), name, capacity, address, commune, equipment)


@transaction.atomic
def close_room(*, room: Room, on: date, version: int, by: Membership, now: datetime) -> Room:
    """Close a room from that day on: it is proposed no more, what took place there stays.

    Refused (RoomRefused): another organisation's, closed already, a session or an appointment planned there from that
    day on; EditConflict.
    """
    _require(by, room)
    room = check_version(room, version)
    if room.closed_on is not None:
        raise RoomRefused(f"Ce lieu est fermé depuis le {long_day(room.closed_on)}.")
    sessions = PlannedSession.objects.filter(room=room, starts__date__gte=on, state=SessionState.PLANNED)
    appointments = Appointment.objects.filter(room=room, starts__date__gte=on, state=AppointmentState.PLANNED)
    for words, planned in (("Une séance y est prévue", sessions), ("Un rendez-vous y est prévu", appointments)):
        if later := planned.order_by("starts").first():
            raise RoomRefused(f"{words} le {long_day(later.starts)} : déplacez d’abord.", field="on")
    room.closed_on = on
    room.save()
    return room


@transaction.atomic
def reopen_room(*, room: Room, version: int, by: Membership, now: datetime) -> Room:
    """Propose a closed room again. Refused (RoomRefused): another organisation's, a room not closed; EditConflict."""
    _require(by, room)
    room = check_version(room, version)
    if room.closed_on is None:
        raise RoomRefused("Ce lieu est ouvert.")
    room.closed_on = None
    room.save()
    return room


def _require(by: Membership, room: Room | None = None) -> None:
    if not works_with_people(by) or (room is not None and room.organisation_id != by.organisation_id):
        raise RoomRefused("Vous ne tenez pas les lieux de cette organisation.")


def _write(room: Room, name: str, capacity: int | None, address: str, commune: Commune | None, equipment: str) -> Room:
    room.name, room.address = " ".join(name.split()), " ".join(address.split())
    room.capacity, room.commune, room.equipment = capacity, commune, " ".join(equipment.split())
    if not room.name:
        raise RoomRefused("Donnez un nom au lieu.", field="name")
    if capacity is not None and capacity < 1:
        raise RoomRefused("Un lieu a au moins une place, ou aucune limite.", field="capacity")
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError as error:
        if "room_name_once" not in str(error):
            raise
        raise RoomRefused("Un lieu porte déjà ce nom.", field="name") from None
    return room
