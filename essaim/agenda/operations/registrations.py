"""Who is expected at a session. Its capacity is exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.agenda.enums import SessionState
from essaim.agenda.models import PlannedSession, Registration
from essaim.agenda.operations.session_rules import (
    WEEKLY,
    PlanRefused,
    free_person,
    require_following,
    take_people,
    take_people_free,
)
from essaim.agenda.queries.sessions import capacity_of, list_free_sessions, list_parcours_of_day
from essaim.agenda.queries.training import list_untrained
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import settings_of
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import clock, long_day
from essaim.people.models import Person
from essaim.people.queries import scope_for, visible_people


class RegistrationRefused(OperationError):  # noqa: N818 - the words of the screen
    """Someone who cannot be expected at this session."""


class SessionFull(RegistrationRefused):
    """Every place of the session is taken; ``following`` is the next one like it with a place, if any."""

    def __init__(self, following: PlannedSession | None) -> None:
        words = "La séance est complète."
        if following is not None:
            day = long_day(following.starts, weekday=True, year=False)
            words += f" La prochaine qui a de la place : {day} à {clock(following.starts)}."
        super().__init__(words)
        self.following = following


@dataclass(frozen=True, slots=True)
class GroupRegistered:
    """What registering a group gave: how many were, and who was not, each with why."""

    registered: int
    left_out: tuple[tuple[Enrolment, str], ...]


@transaction.atomic
def register(
    *,
    planned: PlannedSession,
    person: Person | None = None,
    enrolment: Enrolment | None = None,
    by: Membership,
    now: datetime,
) -> Registration:
    """Expect someone at a session: a person, or a parcours, with a parcours in the action open that day.

    The places are exact: the session's row is locked. She is taken for its time. Already registered: the same row.
    Refused (RegistrationRefused): someone who does not follow people in this action, a file she may not open, no
    parcours that day, a session held, cancelled or over; SessionFull; OccupationConflict.
    """
    person = enrolment.person if enrolment is not None else person
    assert person is not None
    planned = _lock(planned, by)
    if scope_for(by, person) is None:
        raise RegistrationRefused("Ce dossier ne vous est pas ouvert.")
    found = _locked(list_parcours_of_day(planned).filter(person=person, state=EnrolmentState.OPEN)).first()
    if found is None:
        raise RegistrationRefused("Cette personne n’est pas dans l’action à cette date : inscrivez-la d’abord.")
    if known := planned.registrations.filter(person=person, cancelled_at=None).first():
        return known
    return _register(planned, found, _free_places(planned), by, now)


@transaction.atomic
def register_group(
    *, planned: PlannedSession, enrolments: Iterable[Enrolment] | None = None, by: Membership, now: datetime
) -> GroupRegistered:
    """Expect at a session everyone of its group, or of its action when it has none, or only ``enrolments`` of them.

    Those already taken elsewhere, those for whom no place is left and, at a session of every week, those whose training
    is not over that day when no one is named, are left out with the reason. Refused as ``register`` for the session.
    """
    planned = _lock(planned, by)
    expected = list_parcours_of_day(planned).filter(
        state=EnrolmentState.OPEN, person__in=visible_people(by).values("pk")
    )
    if enrolments is not None:
        expected = expected.filter(pk__in=[one.pk for one in enrolments])
    elif planned.group_id:
        expected = expected.filter(group=planned.group_id)
    known = planned.registrations.filter(cancelled_at=None).values("person")
    expected, room_left = expected.exclude(person__in=known).select_related("person", "action"), _free_places(planned)
    candidates = sorted(_locked(expected), key=lambda one: one.person_id)
    trains_first = enrolments is None and _comes_after_training(planned)
    day, action = paris_day(planned.starts), planned.session.action
    untrained = list_untrained(action, candidates, day) if trains_first else []
    left_out = [(one, "Son entraînement n’est pas terminé ce jour-là.") for one in untrained]
    ready = [one for one in candidates if one not in untrained]
    refused = _take_places(planned, ready, room_left, by)
    registered = [one for one in ready if one.person_id not in refused]
    Registration.objects.bulk_create(_registration(planned, one, now) for one in registered)
    left_out += [(one, refused[one.person_id]) for one in ready if one.person_id in refused]
    return GroupRegistered(len(registered), tuple(left_out))


def _take_places(
    planned: PlannedSession, ready: list[Enrolment], room_left: int | None, by: Membership
) -> dict[int, str]:
    """Take the time of these people in order, as long as a place is left. Return why the others are not, by person."""
    refused = take_people_free(planned=planned, person_keys=[one.person_id for one in ready], by=by)
    free = [one.person_id for one in ready if one.person_id not in refused]
    if room_left is None or len(free) <= room_left:
        return refused
    words = SessionFull(list_free_sessions(planned).first()).message
    for person_key in free[max(room_left, 0) :]:
        free_person(planned=planned, person_key=person_key)
        refused[person_key] = words
    return refused


@transaction.atomic
def unregister(*, planned: PlannedSession, person: Person, by: Membership, now: datetime) -> None:
    """No longer expect someone; her place and her time are free. Nothing to do when she was not registered.

    Refused (RegistrationRefused) as ``register`` for the session itself, and for a file that ``by`` may not open.
    """
    planned = _lock(planned, by)
    if scope_for(by, person) is None:
        raise RegistrationRefused("Ce dossier ne vous est pas ouvert.")
    planned.registrations.filter(person=person, cancelled_at=None).update(cancelled_at=now)
    free_person(planned=planned, person_key=person.pk)


def _lock(planned: PlannedSession, by: Membership) -> PlannedSession:
    locked = PlannedSession.objects.select_for_update(of=("self",), no_key=True).select_related(
        "session__action", "room", "group"
    )
    planned = locked.get(pk=planned.pk)
    try:
        require_following(action=planned.session.action, by=by)
    except PlanRefused as refusal:
        raise RegistrationRefused(refusal.message) from None
    if planned.state == SessionState.CANCELLED:
        raise RegistrationRefused("Cette séance est annulée.")
    if planned.state == SessionState.HELD:
        raise RegistrationRefused("Cette séance a eu lieu : ajoutez la personne dans les présences.")
    return planned


def _locked(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """The parcours, locked: an exit written meanwhile is waited for, and nobody who left is expected."""
    return enrolments.select_for_update(of=("self",), no_key=True).order_by("pk")


def _comes_after_training(planned: PlannedSession) -> bool:
    """Whether the session is of the weeks that follow the training of a parcours."""
    action = planned.session.action
    return bool(planned.step) and settings_of(action, planned.step).get("phase") == WEEKLY


def _free_places(planned: PlannedSession) -> int | None:
    places = capacity_of(planned)
    if places is None:
        return None
    return places - planned.registrations.filter(cancelled_at=None).count()


def _register(
    planned: PlannedSession, enrolment: Enrolment, places_left: int | None, by: Membership, now: datetime
) -> Registration:
    if places_left is not None and places_left <= 0:
        raise SessionFull(list_free_sessions(planned).first())
    take_people(planned=planned, person_keys=[enrolment.person_id], by=by)
    registration = _registration(planned, enrolment, now)
    registration.save()
    return registration


def _registration(planned: PlannedSession, enrolment: Enrolment, now: datetime) -> Registration:
    return Registration(planned=planned, person_id=enrolment.person_id, enrolment=enrolment, registered_at=now)
