"""The watches on meetings: none planned within the practice's rhythm, minutes to write, decisions to carry out."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from essaim.agenda.engine.meetings import longest_interval
from essaim.agenda.enums import DecisionState, SessionState
from essaim.agenda.models import Meeting, MeetingDecision
from essaim.journal.models import Action
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS, present

DAY = TruncDate("planned__starts", tzinfo=PARIS)
DAYS_TO_WRITE = 7


def find_meeting_due(scope: AlertScope) -> QuerySet[Any]:
    """Actions without a meeting planned within the rhythm of their practice: "every" so many days, "every_months", or
    so many "per_year"; of one "step" when the watch names it.

    Due one interval after the last meeting, or after the start of the action; quiet while one is planned within an
    interval from that day.
    """
    intervals = {
        key: longest_interval(given.get("every"), given.get("every_months"), given.get("per_year"))
        for key, given in scope.settings_by_action.items()
    }
    steps = {key: given.get("step") or "" for key, given in scope.settings_by_action.items()}
    rows = Action.objects.filter(pk__in=[key for key, days in intervals.items() if days]).annotate(
        interval=_by_action(intervals, IntegerField()), watched=_by_action(steps, CharField())
    )
    known = (
        Meeting.objects.filter(planned__session__action=OuterRef("pk"))
        .exclude(planned__state=SessionState.CANCELLED)
        .annotate(watched=Cast(OuterRef("watched"), CharField()), day=DAY)
        .filter(Q(watched="") | Q(planned__step=F("watched")))
    )
    last = known.filter(day__lte=scope.on).order_by("-day").values("day")[:1]
    today = Value(scope.on, DateField())
    rows = rows.annotate(last=Coalesce(Subquery(last), F("starts")))
    planned = known.annotate(horizon=_add(today, OuterRef("interval")))
    planned = planned.filter(day__gt=scope.on, day__lte=F("horizon"))
    return alert_rows(
        rows.exclude(Exists(planned)),
        scope,
        action="",
        subject=F("ref"),
        title=F("title"),
        since=F("last"),
        due=_add(F("last"), F("interval")),
        number=Func(today, F("last"), function="date_mi", output_field=IntegerField()),
    )


def find_minutes_missing(scope: AlertScope) -> QuerySet[Any]:
    """Meetings that are over and whose minutes nobody approved, for who chaired them: within a week."""
    end_of_day = datetime.combine(scope.on, time.max, tzinfo=PARIS)
    rows = (
        Meeting.objects.filter(
            planned__session__action__in=scope.actions, approved_at=None, planned__ends__lte=min(present(), end_of_day)
        )
        .exclude(planned__state=SessionState.CANCELLED)
        .annotate(day=DAY)
    )
    return alert_rows(
        rows,
        scope,
        action="planned__session__action",
        user=F("planned__trainer"),
        subject=F("planned__session__ref"),
        title=F("planned__session__title"),
        since=F("day"),
        due=_add(F("day"), Value(DAYS_TO_WRITE)),
    )


def find_decision_due(scope: AlertScope) -> QuerySet[Any]:
    """Open decisions, for the one each was given to; for the whole team when she has no account."""
    rows = MeetingDecision.objects.filter(action__in=scope.actions, state=DecisionState.OPEN)
    rows = rows.annotate(day=TruncDate("meeting__planned__starts", tzinfo=PARIS)).filter(day__lte=scope.on)
    return alert_rows(
        rows,
        scope,
        user=F("owner"),
        subject=F("ref"),
        title=F("words"),
        since=F("day"),
        due=F("due_on"),
    )


def _by_action(values: Mapping[int, Any], field: Any) -> Case:
    given = (When(pk=key, then=Value(value)) for key, value in values.items() if value is not None)
    return Case(*given, default=None, output_field=field)


def _add(day: Any, days: Any) -> Func:
    return Func(day, days, function="date_pli", output_field=DateField())
