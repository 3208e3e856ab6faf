"""What stands beside « À faire »: the reader's day, the good news, her people and when they were last in touch."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from essaim.accounts.models import Membership
from essaim.agenda.queries.calendar import CalendarFilters, Entry, get_calendar_for
from essaim.journal.models import Action, Fact
from essaim.journal.queries import last_contacts
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import ActionFilters, list_actions_for
from essaim.journeys.queries.hand_overs import count_received_hand_overs_for
from essaim.people.models import Person
from essaim.people.queries import searchable_people

ACTIONS_SHOWN = 4
NEWS_SHOWN = 5
NEWS_DAYS = 14
LASTING_MONTHS = 6
RECENT_DAYS = 7
FORTNIGHT_DAYS = 14


@dataclass(frozen=True, slots=True)
class GoodNews:
    """Someone found work or a training: who, what, when."""

    person: Person
    what: str
    icon: str
    day: date


@dataclass(frozen=True, slots=True)
class MyPeople:
    """How many people the viewer follows in a parcours, by the days since they were last in touch.

    ``recent``: RECENT_DAYS or less; ``fortnight``: FORTNIGHT_DAYS or less; ``longer``: more, or never.
    """

    recent: int
    fortnight: int
    longer: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.recent + self.fortnight + self.longer


@dataclass(frozen=True, slots=True)
class Side:
    """The column beside the lines. ``today``: the viewer's own appointments and sessions of the day, in order;
    ``relays``: how many hand-overs wait for her answer, from actions that she does not follow too.
    """

    relays: int
    today: list[Entry]
    actions: list[Action]
    news: list[GoodNews]
    people: MyPeople

    def next_after(self, moment: datetime) -> Entry | None:
        """Return what the day still holds first, None when its last thing has begun."""
        return next((entry for entry in self.today if entry.starts > moment and not entry.is_over), None)


def side_of_todo_for(viewer: Membership | None, on: date) -> Side:
    """Return the viewer's day, her running actions, her people, and what went well lately among those she sees.

    A constant number of queries.
    """
    running = list_actions_for(viewer, ActionFilters(state="running"))
    return Side(
        relays=count_received_hand_overs_for(viewer),
        today=_today(viewer, on),
        actions=list(running[:ACTIONS_SHOWN]),
        news=_good_news(viewer, on),
        people=_my_people(viewer, on),
    )


def _today(viewer: Membership | None, on: date) -> list[Entry]:
    if viewer is None:
        return []
    return get_calendar_for(viewer, [on], CalendarFilters(user=viewer.user)).days[0].entries


def _my_people(viewer: Membership | None, on: date) -> MyPeople:
    followed = Enrolment.objects.filter(state=EnrolmentState.OPEN, referent=viewer.user_id if viewer else None)
    mine = searchable_people(viewer).filter(pk__in=followed.values("person"))
    keys = list(mine.values_list("pk", flat=True))
    days = [(on - day).days for day in last_contacts(keys).values()]
    recent = sum(1 for day in days if day <= RECENT_DAYS)
    fortnight = sum(1 for day in days if RECENT_DAYS < day <= FORTNIGHT_DAYS)
    return MyPeople(recent, fortnight, len(keys) - recent - fortnight)


def _good_news(viewer: Membership | None, on: date) -> list[GoodNews]:
    lasting = Q(data_type="cdi") | Q(data_type="cdd", data_term_months__gte=LASTING_MONTHS)
    kinds = Q(kind="contract_signed") & lasting | Q(kind="training_joined") | Q(kind="exam_taken", data_passed=True)
    seen = searchable_people(viewer)
    facts: QuerySet[Fact] = Fact.objects.filter(
        kinds, live=True, day__range=(on - timedelta(days=NEWS_DAYS), on), subject__person__in=seen.values("pk")
    )
    return [
        GoodNews(fact.subject.person, _words(fact), _icon(fact), fact.day)
        for fact in facts.select_related("subject__person").order_by("-day", "-pk")[:NEWS_SHOWN]
        if fact.subject is not None and fact.subject.person is not None
    ]


def _words(fact: Fact) -> str:
    if fact.kind == "training_joined":
        return "entre en formation"
    if fact.kind == "exam_taken":
        return "réussit son examen"
    if fact.data.get("type") == "cdi":
        return "signe un CDI"
    return f"signe un CDD de {fact.data.get('term_months')} mois"


def _icon(fact: Fact) -> str:
    return "briefcase" if fact.kind == "contract_signed" else "cap"
