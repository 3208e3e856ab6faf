"""Making, moving and cancelling appointments. What takes people and rooms changes in the same transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.agenda.enums import AppointmentState, AppointmentType, MeetingMode, OccupationSource
from essaim.agenda.models import Appointment, Room
from essaim.agenda.operations.occupations import OccupationConflict, free, occupy
from essaim.agenda.permissions import may_meet
from essaim.agenda.queries.appointments import interview_steps, open_enrolment_of, resources_of, rules_of_type
from essaim.agenda.queries.occupations import get_absence
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import is_partner_seeing_people
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.models import Person
from essaim.people.queries import scope_for

LONGEST = timedelta(hours=8)
FARTHEST_AHEAD, FARTHEST_BACK = timedelta(days=731), timedelta(days=366)
# Interviews that may take place once the parcours is over.
AFTER_EXIT = frozenset({AppointmentType.FOLLOWUP, AppointmentType.EXIT, AppointmentType.POST_HIRE})


class AppointmentRefused(OperationError):  # noqa: N818 - the words of the screen
    """An appointment that cannot be made, moved, cancelled, held or missed so."""


@dataclass(frozen=True, slots=True)
class Where:
    """How and where two people meet: a room of the organisation, or another place in words."""

    mode: str = MeetingMode.IN_PERSON.value
    room: Room | None = None
    place: str = ""


@transaction.atomic
def make_appointment(
    *,
    person: Person,
    type: str,
    user: User,
    starts: datetime,
    ends: datetime,
    action: Action | None = None,
    enrolment: Enrolment | None = None,
    step: str = "",
    where: Where | None = None,
    by: Membership,
    now: datetime,
) -> Appointment:
    """Make an appointment between a person and a counsellor: in a parcours, in an action before the entry, or without
    action (reception; just now, for whoever walks in).

    Guarantees the row and that the person, the counsellor and the room are taken then. ``starts`` and ``ends`` are
    aware moments of one Paris day. The open parcours of the person in ``action``, and the practice's step of this
    ``type``, are found when not given. Refused (AppointmentRefused): someone who does not follow people there or does
    not see this file, a counsellor who does not, a step, a parcours or a room of elsewhere, times out of order or too
    far, a counsellor away; OccupationConflict when one of them is taken.
    """
    action = action or (enrolment.action if enrolment else None)
    organisation_id = _receiving_organisation(action, user, by)
    _require(by, action, organisation_id, person)
    _require_seen_by(user, organisation_id, person)
    appointment = Appointment(
        person=person, organisation_id=organisation_id, action=action, type=type, user=user, created_at=now,
        created_by=by.user, step=step or rules_of_type(action, type).step,
        enrolment=_locked(enrolment or open_enrolment_of(action, person)),
    )  # fmt: skip
    _check_kind(appointment)
    _place(appointment, starts, ends, where or Where(), now)
    appointment.save()
    occupy_for(appointment=appointment, by=by)
    return appointment


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    starts: datetime,
    ends: datetime,
    user: User | None = None,
    where: Where | None = None,
    version: int,
    by: Membership,
    now: datetime,
) -> Appointment:
    """Give a planned appointment another time, another counsellor or another place: what it took is freed and the rest
    taken at once, or nothing changes.

    ``user`` and ``where`` are kept when None. Refused as ``make_appointment``; an appointment no longer planned;
    EditConflict when someone else changed it meanwhile.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=[AppointmentState.PLANNED])
    if user is not None and user.pk != appointment.user_id:
        appointment.organisation_id = _receiving_organisation(appointment.action, user, by)
        _require_seen_by(user, appointment.organisation_id, appointment.person)
        appointment.user = user
    appointment.is_to_replace = False
    _place(appointment, starts, ends, where or Where(appointment.mode, appointment.room, appointment.place), now)
    appointment.save()
    free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
    occupy_for(appointment=appointment, by=by)
    return appointment


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, version: int, by: Membership, now: datetime) -> Appointment:
    """Cancel a planned appointment: the row stays as a trace, and everybody is free again.

    Refused (AppointmentRefused): someone who does not follow people there, an appointment no longer planned;
    EditConflict.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=[AppointmentState.PLANNED])
    appointment.state = AppointmentState.CANCELLED
    appointment.save()
    free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
    return appointment


@dataclass(frozen=True, slots=True)
class Given:
    """Appointments given to a colleague: those that she has now, and those that nobody can keep, to be moved."""

    moved: list[Appointment]
    conflicts: list[Appointment]


@transaction.atomic
def give_appointments(*, appointments: QuerySet[Appointment], to_user: User, by: Membership) -> Given:
    """Give planned appointments to a colleague, each at its own time when she is free and there.

    The others keep their counsellor and their time, with ``is_to_replace``. For operations, that checked who may.
    """
    given = Given([], [])
    for appointment in appointments.select_for_update(of=("self",)).order_by("starts", "pk"):
        day = paris_day(appointment.starts)
        former, appointment.user = appointment.user, to_user
        try:
            if get_absence(to_user, day, day) is not None:
                raise OccupationConflict([])
            with transaction.atomic():
                free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
                occupy_for(appointment=appointment, by=by)
            given.moved.append(appointment)
        except OccupationConflict:
            appointment.user = former
            given.conflicts.append(appointment)
        appointment.is_to_replace = appointment.user == former
        appointment.version += 1
        appointment.save(update_fields=["user", "is_to_replace", "version"])
    return given


def take_appointment(*, appointment: Appointment, version: int, by: Membership) -> Appointment:
    """Lock an appointment that this member may act on and return it fresh, its version raised. Raises
    AppointmentRefused, EditConflict.
    """
    _require(by, appointment.action, appointment.organisation_id, appointment.person)
    locked = check_version(appointment, version)
    locked.person, locked.action, locked.enrolment = appointment.person, appointment.action, appointment.enrolment
    return locked


def require_state(*, appointment: Appointment, states: Collection[AppointmentState]) -> None:
    """Raise AppointmentRefused unless the appointment is in one of these states."""
    if appointment.state not in states:
        raise AppointmentRefused(f"Ce rendez-vous est déjà noté : {appointment.get_state_display()}.")


def occupy_for(*, appointment: Appointment, by: Membership) -> None:
    """Take the person, the counsellor and the room during an appointment. Raises OccupationConflict."""
    occupy(
        resources=resources_of(appointment),
        starts=appointment.starts,
        ends=appointment.ends,
        source=OccupationSource.APPOINTMENT,
        source_ref=appointment.ref,
        by=by,
    )


def _locked(enrolment: Enrolment | None) -> Enrolment | None:
    """The parcours as it is now, locked: an exit written meanwhile is waited for, and seen."""
    if enrolment is None:
        return None
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.get(pk=enrolment.pk)
    locked.person, locked.action = enrolment.person, enrolment.action
    return locked


def _receiving_organisation(action: Action | None, user: User, by: Membership) -> int:
    """The organisation in which this counsellor receives: the member's own, else the one that carries the action."""
    places = [by.organisation_id, *([action.organisation_id] if action and action.organisation_id else [])]
    members = Membership.objects.filter(
        user=user, organisation__in=places, until__isnull=True, role__in=ROLES_SEEING_PEOPLE
    )
    found = set(members.values_list("organisation", flat=True))
    place = next((one for one in places if one in found), None)
    if place is None:
        raise AppointmentRefused(f"{user.full_name} ne reçoit pas de personnes ici.", field="user")
    return place


def _require(by: Membership, action: Action | None, organisation_id: int, person: Person) -> None:
    partner = action is not None and is_partner_seeing_people(by, action)
    if not may_meet(by, action, organisation_id, is_partner_seeing_people=partner):
        raise AppointmentRefused("Vous ne prenez pas de rendez-vous pour cette personne ici.")
    if scope_for(by, person) is None:
        raise AppointmentRefused("Ce dossier ne vous est pas ouvert.")


def _require_seen_by(user: User, organisation_id: int, person: Person) -> None:
    member = Membership.objects.get(user=user, organisation_id=organisation_id, until__isnull=True)
    if scope_for(member, person) is None:
        raise AppointmentRefused(f"Ce dossier n’est pas ouvert à {user.full_name}.", field="user")


def _check_kind(appointment: Appointment) -> None:
    """Refuse a type, a step or a parcours that do not go together."""
    action, enrolment = appointment.action, appointment.enrolment
    if appointment.type not in AppointmentType.values:
        raise AppointmentRefused("Choisissez la nature du rendez-vous.", field="type")
    if appointment.step and (action is None or appointment.step not in {one.key for one in interview_steps(action)}):
        raise AppointmentRefused("Cette étape n’est pas un entretien de l’action.", field="type")
    if enrolment is None:
        return
    if enrolment.person_id != appointment.person_id or action is None or enrolment.action_id != action.pk:
        raise AppointmentRefused("Ce parcours n’est pas celui de la personne dans cette action.")
    if enrolment.state == EnrolmentState.CANCELLED:
        raise AppointmentRefused("Ce parcours est annulé.")
    if enrolment.state == EnrolmentState.CLOSED and appointment.type not in AFTER_EXIT:
        raise AppointmentRefused("Ce parcours est terminé : choisissez un point de suivi.", field="type")


def _place(appointment: Appointment, starts: datetime, ends: datetime, where: Where, now: datetime) -> None:
    """Set the time and the place, or refuse them."""
    day = paris_day(starts)
    if ends <= starts:
        raise AppointmentRefused("La fin précède le début.", field="ends")
    if ends - starts > LONGEST or paris_day(ends) != day:
        raise AppointmentRefused("Un rendez-vous dure 8 heures au plus, dans la même journée.", field="ends")
    if not now - FARTHEST_BACK <= starts <= now + FARTHEST_AHEAD:
        raise AppointmentRefused("Cette date est trop lointaine : vérifiez l’année.", field="starts")
    if where.mode not in MeetingMode.values:
        raise AppointmentRefused("Choisissez comment se passe le rendez-vous.", field="mode")
    if where.room is not None:
        _check_room(appointment, where, starts)
    absence = get_absence(appointment.user, day, day)
    if absence is not None and starts > now:
        raise AppointmentRefused(
            f"{appointment.user.full_name} est en absence du {long_day(absence.starts)} au {long_day(absence.ends)}.",
            field="starts",
        )
    appointment.starts, appointment.ends = starts, ends
    appointment.mode, appointment.room, appointment.place = where.mode, where.room, " ".join(where.place.split())[:120]


def _check_room(appointment: Appointment, where: Where, starts: datetime) -> None:
    room, action = where.room, appointment.action
    assert room is not None
    if where.mode != MeetingMode.IN_PERSON:
        raise AppointmentRefused("Un lieu se réserve pour un rendez-vous sur place.", field="room")
    if room.organisation_id not in {appointment.organisation_id, action.organisation_id if action else None}:
        raise AppointmentRefused("Ce lieu n’est pas celui de votre organisation.", field="room")
    if room.closed_on and room.closed_on <= paris_day(starts):
        raise AppointmentRefused("Ce lieu est fermé à cette date.", field="room")
