"""What journeys watches before an entry: orientations nobody has answered, places free while people wait."""

from typing import Any

from django.db.models import Count, DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, TruncDate

from essaim.journeys.enums import EnrolmentState, PrescriptionState, WaitingState
from essaim.journeys.models import Enrolment, Prescription, WaitingEntry
from essaim.journeys.queries.waiting import ENTRY_QUEUE
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS


def find_prescription_unanswered(scope: AlertScope) -> QuerySet[Any]:
    """Orientations that await an answer, due ``days`` after they were made (that very day when nothing is promised)."""
    days = Coalesce(Cast(scope.setting("days"), IntegerField()), Value(0))
    rows = Prescription.objects.filter(action__in=scope.actions, state=PrescriptionState.SENT).annotate(
        due=Func(F("made_on"), days, function="date_pli", output_field=DateField()),
        days=Func(Value(scope.on, DateField()), F("made_on"), function="date_mi", output_field=IntegerField()),
    )
    return alert_rows(
        rows, scope, person="person", subject=F("ref"), since=F("made_on"), due=F("due"), number=F("days")
    )


def find_place_free(scope: AlertScope) -> QuerySet[Any]:
    """The first of each queue (of the action, of each of its groups) when a place is free and offered to nobody."""
    waiting = WaitingEntry.objects.filter(queue=ENTRY_QUEUE, state=WaitingState.WAITING)
    earlier = waiting.filter(action=OuterRef("action")).filter(
        Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk")),
        Q(group=OuterRef("group")) | Q(group__isnull=True),
    )
    rows = (
        waiting.filter(action__in=scope.actions, action__places__isnull=False)
        .annotate(
            free=F("action__places") - _taken("action"),
            group_free=F("group__places") - _taken("group"),
        )
        .filter(Q(group__isnull=True) | Q(group_free__gt=0), ~Exists(earlier), free__gt=0)
    )
    today = Value(scope.on, DateField())
    since = TruncDate("since", tzinfo=PARIS)
    subject = F("action__ref")
    return alert_rows(rows, scope, person="person", subject=subject, since=since, due=today, number=F("free"))


def _taken(path: str) -> Any:
    """Places of the action or of the group that are taken, or offered to someone."""
    inside = Enrolment.objects.filter(**{path: OuterRef(path), "state": EnrolmentState.OPEN})
    offered = WaitingEntry.objects.filter(**{path: OuterRef(path), "state": WaitingState.CALLED})
    return _number(inside, path) + _number(offered, path)


def _number(rows: QuerySet[Any], path: str) -> Coalesce:
    number = rows.order_by().values(path).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
