"""What stands beside « À faire »: the actions, the good news, the people and when they were last in touch."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journeys.queries import ActionFilters, list_actions_for
from essaim.people.models import Person
from essaim.people.queries import searchable_people

ACTIONS_SHOWN = 4
NEWS_SHOWN = 5
NEWS_DAYS = 14
LASTING_MONTHS = 6


@dataclass(frozen=True, slots=True)
class GoodNews:
    """Someone found work or a training: who, what, when."""

    person: Person
    what: str
    icon: str
    day: date


@dataclass(frozen=True, slots=True)
class Side:
    """The column beside the lines."""

    actions: list[Action]
    news: list[GoodNews]


def side_of_todo_for(viewer: Membership | None, on: date) -> Side:
    """Return the viewer's running actions and what went well lately among the people she sees."""
    running = list_actions_for(viewer, ActionFilters(state="running"))
    return Side(actions=list(running[:ACTIONS_SHOWN]), news=_good_news(viewer, on))


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
