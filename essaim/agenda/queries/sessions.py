"""Sessions of the actions that the viewer follows: the list, the page of one, who is expected and who came."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from essaim.accounts.models import Membership
from essaim.agenda.engine.weeks import hours_of
from essaim.agenda.enums import AttendanceState, SessionState
from essaim.agenda.models import Attendance, PlannedSession, Registration
from essaim.agenda.queries.meetings import readable_meetings
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import settings_of, visible_actions
from essaim.kernel.days import paris_day, present
from essaim.people.engine.names import search_words
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import keep_named, searchable_people, visible_people

PEOPLE_PROPOSED = 12


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person of a session: expected, recorded, or both. ``hours`` is what she did, or the session's length."""

    person: Person
    is_registered: bool
    attendance: Attendance | None
    hours: Decimal

    @property
    def state(self) -> str:
        """Her state, empty while nobody recorded it."""
        return self.attendance.state if self.attendance else ""

    @property
    def reason(self) -> str:
        """The coded reason of her absence, for who works with her."""
        return self.attendance.reason if self.attendance else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who is expected at a session and who came. ``hidden``: how many files the viewer may not open."""

    rows: tuple[SheetRow, ...]
    hidden: int

    @property
    def present(self) -> int:
        """How many of them came."""
        return sum(row.state == AttendanceState.PRESENT for row in self.rows)

    @property
    def expected(self) -> int:
        """How many of them are expected."""
        return sum(row.is_registered for row in self.rows)


def list_sessions_for(viewer: Membership | None, action: Action | None = None) -> QuerySet[PlannedSession]:
    """Return the sessions of the actions the viewer sees, or of one of them without its meetings, which have their own
    list, for who works with people. Meetings are those she may read.

    Each carries ``expected`` and ``present`` (people), and ``places`` (None without limit). Latest first.
    """
    if viewer is None or not works_with_people(viewer):
        return PlannedSession.objects.none()
    expected = _number(Registration.objects.filter(planned=OuterRef("pk"), cancelled_at=None))
    present = _number(Attendance.objects.filter(planned=OuterRef("pk"), state=AttendanceState.PRESENT))
    sessions = PlannedSession.objects.filter(session__action__in=visible_actions(viewer).values("pk"))
    if action is not None:
        sessions = sessions.filter(session__action=action, meeting=None)
    else:
        sessions = sessions.filter(Q(meeting=None) | Q(meeting__in=readable_meetings(viewer).order_by().values("pk")))
    return (
        sessions.select_related(
            "session__action__practice", "session__action__organisation", "group", "room", "trainer"
        )
        .defer("session__action__definition", "session__action__practice__definition")
        .annotate(expected=expected, present=present, places=_places())
        .order_by("-starts", "-pk")
    )


def has_sessions(viewer: Membership | None, action: Action) -> bool:
    """Tell whether the tab of sessions is for this viewer: who works with people, in an action run here."""
    return viewer is not None and works_with_people(viewer) and not action.is_imported


def get_session_for(viewer: Membership | None, ref: str) -> PlannedSession:
    """Return a session by its reference. Raises PlannedSession.DoesNotExist when the viewer does not see it."""
    return list_sessions_for(viewer).get(session__ref=ref)


def keep_moment(sessions: QuerySet[PlannedSession], value: str) -> QuerySet[PlannedSession]:
    """Keep the sessions ``coming``, ``past``, or ``to_record``: over, and nobody said who came."""
    now = present()
    if value == "to_record":
        return sessions.filter(ends__lte=now, state=SessionState.PLANNED)
    return sessions.filter(ends__gt=now) if value == "coming" else sessions.filter(ends__lte=now)


def capacity_of(planned: PlannedSession) -> int | None:
    """Return the places of a session: the smallest of what was given and of what its room holds, None without limit."""
    limits = [planned.session.capacity, planned.room.capacity if planned.room else None]
    return min((limit for limit in limits if limit is not None), default=None)


def list_parcours_of_day(planned: PlannedSession) -> QuerySet[Enrolment]:
    """Return the parcours of the action that cover the day of the session, cancelled ones aside. For operations:
    nothing is hidden.
    """
    day = paris_day(planned.starts)
    return Enrolment.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=day), action=planned.session.action_id, opened_on__lte=day
    ).exclude(state=EnrolmentState.CANCELLED)


def list_free_sessions(planned: PlannedSession) -> QuerySet[PlannedSession]:
    """Return the next sessions like this one that have a place: same action, step, kind and title, earliest first."""
    taken = _number(Registration.objects.filter(planned=OuterRef("pk"), cancelled_at=None))
    session = planned.session
    alike = PlannedSession.objects.filter(
        session__action=session.action_id,
        session__kind=session.kind,
        session__title=session.title,
        step=planned.step,
        state=SessionState.PLANNED,
        starts__gt=max(planned.starts, present()),
    )
    alike = alike.annotate(taken=taken, places=_places()).exclude(pk=planned.pk)
    return alike.filter(Q(places=None) | Q(taken__lt=F("places"))).select_related("session").order_by("starts", "pk")


def get_sheet_for(viewer: Membership | None, planned: PlannedSession, extra: Iterable[Person] = ()) -> Sheet:
    """Return who is expected at a session and who came, in the order of names; ``extra`` people are added to it.

    A file the viewer may not open is only counted. Protected people whose file is open to the viewer are there: she
    meets them. A constant number of queries.
    """
    registered = set(planned.registrations.filter(cancelled_at=None).values_list("person", flat=True))
    recorded = {one.person_id: one for one in planned.attendances.all()}
    keys = registered | recorded.keys() | {person.pk for person in extra}
    people = visible_people(viewer).filter(pk__in=keys).order_by("search_key", "pk")
    length = hours_of(planned.starts, planned.ends)
    rows = tuple(
        SheetRow(
            person=person,
            is_registered=person.pk in registered,
            attendance=(known := recorded.get(person.pk)),
            hours=length if known is None or known.hours is None else known.hours,
        )
        for person in people
    )
    return Sheet(rows, len(keys) - len(rows))


def list_printable_for(viewer: Membership | None, planned: PlannedSession) -> QuerySet[Person]:
    """Return who is expected at a session, by name, for paper that leaves the screen: never a protected person, but
    for her referent team. She signs on a blank line.
    """
    registered = planned.registrations.filter(cancelled_at=None).values("person")
    return searchable_people(viewer).filter(pk__in=registered).order_by("search_key", "pk")


def list_addable_for(viewer: Membership | None, planned: PlannedSession, words: str = "") -> QuerySet[Person]:
    """Return the viewer's people in the action that day who are not on the sheet of this session, by name."""
    people = visible_people(viewer).filter(pk__in=list_parcours_of_day(planned).order_by().values("person"))
    people = people.exclude(pk__in=planned.registrations.filter(cancelled_at=None).values("person"))
    people = people.exclude(pk__in=planned.attendances.values("person"))
    return (keep_named(people, words) if search_words(words) else people).order_by("search_key", "pk")


def size_advice(planned: PlannedSession, expected: int) -> tuple[int | None, int | None] | None:
    """Return the size of group (least, most) that the practice advises when ``expected`` people are outside it."""
    if not planned.step or not expected:
        return None
    settings = settings_of(planned.session.action, planned.step)
    least, most = settings.get("group_min"), settings.get("group_max")
    is_outside = (least is not None and expected < least) or (most is not None and expected > most)
    return (least, most) if is_outside else None


def proposed_capacity(action: Action, step: str) -> int | None:
    """Return how many places the practice proposes for a session of this step, None when it says nothing."""
    return settings_of(action, step).get("group_max") if step else None


def _number(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]
    counted = rows.order_by().values("planned").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _places() -> Least:
    # LEAST leaves out what is null, in PostgreSQL.
    return Least(F("session__capacity"), F("room__capacity"), output_field=IntegerField())
