"""The watches on sessions, as queries of the shape of ``kernel.alerts``."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from essaim.agenda.engine.weeks import half_days_by_week, monday_of
from essaim.agenda.enums import SessionState
from essaim.agenda.models import PlannedSession, Registration
from essaim.agenda.queries.training import session_steps
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS, present

WEEKLY = "weekly"
FRIDAY = 4


def find_attendance_missing(scope: AlertScope) -> QuerySet[Any]:
    """Sessions that are over and whose attendance nobody recorded: to do that day, by whoever animated them. Of
    meetings, those where people are expected: the others say who came in their minutes.
    """
    end_of_day = datetime.combine(scope.on, time.max, tzinfo=PARIS)
    missing = PlannedSession.objects.filter(
        session__action__in=scope.actions, state=SessionState.PLANNED, ends__lte=min(present(), end_of_day)
    )
    expected = Registration.objects.filter(planned=OuterRef("pk"), cancelled_at=None)
    missing = missing.filter(Q(meeting=None) | Q(Exists(expected)))
    day = TruncDate("starts", tzinfo=PARIS)
    return alert_rows(
        missing,
        scope,
        action="session__action",
        user=F("trainer"),
        subject=F("session__ref"),
        title=Case(
            When(group=None, then=F("session__title")),
            default=Concat("session__title", Value(", "), "group__name"),
            output_field=TextField(),
        ),
        since=day,
        due=day,
    )


def find_half_days_short(scope: AlertScope) -> QuerySet[Any]:
    """Groups with people in them whose next week has fewer half-days planned than the practice's least.

    One line a group, or an action whose people have none; ``number`` is how many are planned, to complete by Friday.
    Half-days are counted by ``engine.weeks``, over the sessions of the weekly steps.
    """
    monday = monday_of(scope.on)
    first = (
        Enrolment.objects.filter(action__in=scope.actions, state=EnrolmentState.OPEN)
        .order_by()
        .values("action", "group")
        .annotate(first=Min("pk"))
        .values("first")
    )
    known = _half_days_planned(scope, monday + timedelta(days=7))
    planned = Case(
        *(
            When(Q(action=action) & (Q(group=group) if group else Q(group__isnull=True)), then=Value(number))
            for (action, group), number in known.items()
        ),
        default=Value(0),
        output_field=IntegerField(),
    )
    rows = Enrolment.objects.filter(pk__in=first, action__ends__gte=monday + timedelta(days=7))
    rows = rows.annotate(planned=planned, least=scope.setting("min")).filter(planned__lt=F("least"))
    return alert_rows(
        rows,
        scope,
        user=F("group__facilitator"),
        subject=F("action__ref"),
        title=Coalesce(Cast(F("group__name"), TextField()), Cast(F("action__title"), TextField())),
        since=Value(monday, output_field=DateField()),
        due=Value(monday + timedelta(days=FRIDAY), output_field=DateField()),
        number=F("planned"),
    )


def _half_days_planned(scope: AlertScope, monday: date) -> dict[tuple[int, int | None], int]:
    steps = Q(pk__in=[])
    for action in Action.objects.filter(pk__in=scope.actions).select_related("practice"):
        steps |= Q(session__action=action, step__in=[step.key for step in session_steps(action, WEEKLY)])
    start = datetime.combine(monday, time.min, tzinfo=PARIS)
    week = PlannedSession.objects.filter(steps, starts__gte=start, starts__lt=start + timedelta(days=7))
    spans: dict[tuple[int, int | None], list[tuple[datetime, datetime]]] = {}
    for action_key, group, starts, ends in week.exclude(state=SessionState.CANCELLED).values_list(
        "session__action", "group", "starts", "ends"
    ):
        spans.setdefault((action_key, group), []).append((starts, ends))
    return {key: half_days_by_week(found)[monday] for key, found in spans.items()}
