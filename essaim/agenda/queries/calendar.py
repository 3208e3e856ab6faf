"""The calendar: appointments, sessions and job interviews of some days, as this reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from essaim.accounts.models import Membership, User
from essaim.agenda.engine.calendar import Place, hours_shown, place_all
from essaim.agenda.engine.holidays import holiday_of
from essaim.agenda.engine.moments import paris_moment
from essaim.agenda.enums import AppointmentState, OccupationSource, SessionState
from essaim.agenda.models import Absence, Appointment, Attendee, Occupation, PlannedSession, Room
from essaim.agenda.queries.meetings import readable_meetings
from essaim.agenda.queries.occupations import list_absences_for
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import visible_actions
from essaim.kernel.days import paris_day
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import searchable_people

LANES_DRAWN = 3
ABSENT = frozenset({AppointmentState.MISSED, AppointmentState.EXCUSED})


@dataclass(frozen=True, slots=True)
class CalendarFilters:
    """What a calendar shows: one colleague's things, a room's, an action's; all the team's when ``user`` is None."""

    user: User | None = None
    room: Room | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a calendar. ``kind`` is appointment, session, interview or busy; without ``url`` it is only time."""

    kind: str
    starts: datetime
    ends: datetime
    title: str
    sub: str = ""
    url: str = ""
    is_over: bool = False

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it begins and when it ends."""
        return self.starts, self.ends


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: its things in order with where each stands, who is away, the holiday it is."""

    day: date
    placed: Sequence[tuple[Entry, Place]] = ()
    absences: Sequence[Absence] = ()
    holiday: str = ""
    lanes: int = field(default=1)

    @property
    def entries(self) -> list[Entry]:
        """The things of the day, in order."""
        return [entry for entry, _ in self.placed]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days side by side over the same hours. ``is_drawn``: on a grid of hours; else too much at once, as lists."""

    days: Sequence[Day]
    hours: range

    @property
    def is_drawn(self) -> bool:
        """Whether every day can be drawn on the grid of hours."""
        return all(day.lanes <= LANES_DRAWN for day in self.days)


def get_calendar_for(viewer: Membership | None, days: Sequence[date], filters: CalendarFilters) -> Calendar:
    """Return the calendar of these days, in order. A constant number of queries.

    People whose file lists may not show to the viewer are « Occupé », without name nor link.
    """
    starts = paris_moment(days[0], time(0))
    ends = paris_moment(days[-1] + timedelta(days=1), time(0))
    entries = [
        *_appointments(viewer, starts, ends, filters),
        *_sessions(viewer, starts, ends, filters),
        *_interviews(viewer, starts, ends, filters),
    ]
    entries.sort(key=lambda entry: (entry.starts, entry.ends, entry.title))
    absences = list(list_absences_for(viewer, days[0], days[-1]))
    if filters.user is not None:
        absences = [one for one in absences if one.user_id == filters.user.pk]
    hours = hours_shown([entry.times for entry in entries])
    return Calendar([_day(one, entries, absences, hours) for one in days], hours)


def list_calendar_actions(viewer: Membership | None, first: date, last: date) -> list[Action]:
    """Return the actions of this instance that run during these days and that the viewer sees, by title."""
    running = visible_actions(viewer).filter(is_imported=False, starts__lte=last, ends__gte=first)
    return list(running.order_by("title", "pk"))


def _day(day: date, entries: Sequence[Entry], absences: Sequence[Absence], hours: range) -> Day:
    of_day = [entry for entry in entries if paris_day(entry.starts) == day]
    places = place_all([entry.times for entry in of_day], hours)
    return Day(
        day,
        list(zip(of_day, places, strict=True)),
        [one for one in absences if one.starts <= day <= one.ends],
        holiday_of(day) or "",
        max((place.lane for place in places), default=1),
    )


def _appointments(viewer: Membership | None, starts: datetime, ends: datetime, filters: CalendarFilters) -> list[Entry]:
    if viewer is None:
        return []
    shown = searchable_people(viewer).filter(pk=OuterRef("person"))
    actions = visible_actions(viewer).values("pk")
    found = (
        Appointment.objects.filter(
            Q(organisation_id=viewer.organisation_id) | Q(action__in=actions), starts__lt=ends, ends__gt=starts
        )
        .exclude(state=AppointmentState.CANCELLED)
        .select_related("person", "user", "room")
        .annotate(is_shown=Exists(shown))
    )
    if filters.user is not None:
        found = found.filter(user=filters.user)
    if filters.room is not None:
        found = found.filter(room=filters.room)
    if filters.action is not None:
        found = found.filter(action=filters.action)
    return [_appointment_entry(one, names_user=filters.user is None) for one in found]


def _appointment_entry(one: Appointment, *, names_user: bool) -> Entry:
    if not one.is_shown:  # type: ignore[attr-defined]
        return Entry("busy", one.starts, one.ends, "Occupé", one.user.full_name if names_user else "")
    where = one.room.name if one.room else one.place
    told = [str(one.get_type_display()), where, one.user.full_name if names_user else ""]
    if one.state in ABSENT:
        told.insert(0, "absence")
    elif one.is_to_replace:
        told.insert(0, "à replacer")
    return Entry(
        "appointment",
        one.starts,
        one.ends,
        one.person.full_name,
        ", ".join(part for part in told if part),
        reverse("agenda:interview", args=[one.ref]),
        is_over=one.state != AppointmentState.PLANNED,
    )


def _sessions(viewer: Membership | None, starts: datetime, ends: datetime, filters: CalendarFilters) -> list[Entry]:
    found = (
        PlannedSession.objects.filter(
            session__action__in=visible_actions(viewer).values("pk"), starts__lt=ends, ends__gt=starts
        )
        .exclude(state=SessionState.CANCELLED)
        .select_related("session", "group", "room", "meeting")
        .filter(Q(meeting=None) | Q(meeting__in=readable_meetings(viewer).order_by().values("pk")))
    )
    if filters.user is not None:
        invited = Attendee.objects.filter(meeting__planned=OuterRef("pk"), user=filters.user)
        found = found.filter(Q(trainer=filters.user) | Q(group__facilitator=filters.user) | Q(Exists(invited)))
    if filters.room is not None:
        found = found.filter(room=filters.room)
    if filters.action is not None:
        found = found.filter(session__action=filters.action)
    return [
        Entry(
            "session",
            one.starts,
            one.ends,
            one.session.title,
            ", ".join(str(part) for part in (one.group, one.room or one.place) if part),
            reverse("agenda:meeting" if hasattr(one, "meeting") else "agenda:session", args=[one.session.ref]),
            is_over=one.state == SessionState.HELD,
        )
        for one in found
    ]


def _interviews(viewer: Membership | None, starts: datetime, ends: datetime, filters: CalendarFilters) -> list[Entry]:
    """Job interviews, told by what they take: their own pages belong to the app above. To the referent team, and to
    who sees an action that the person is in.
    """
    if filters.room is not None:
        return []
    taken = Occupation.objects.filter(
        source=OccupationSource.INTERVIEW, during__overlap=DateTimeTZRange(starts, ends, "[)")
    )
    by_person = [(int(one.resource.removeprefix("person:")), one) for one in taken if one.resource[:7] == "person:"]
    people = searchable_people(viewer).filter(pk__in={key for key, _ in by_person})
    followed = Enrolment.objects.filter(person=OuterRef("pk"), state=EnrolmentState.OPEN)
    seen = Exists(followed.filter(action__in=visible_actions(viewer).values("pk")))
    people = people.filter(Q(viewer_scope=GrantScope.REFERENT) | Q(seen))  # type: ignore[misc]
    if filters.user is not None:
        people = people.filter(Q(referent=filters.user) | Q(Exists(followed.filter(referent=filters.user))))
    if filters.action is not None:
        people = people.filter(Exists(followed.filter(action=filters.action)))
    found: dict[int, Person] = {person.pk: person for person in people}
    return [
        Entry(
            "interview",
            one.during.lower,
            one.during.upper,
            found[key].full_name,
            "entretien d’embauche",
            reverse("people:person", args=[found[key].code]),
        )
        for key, one in by_person
        if key in found
    ]
