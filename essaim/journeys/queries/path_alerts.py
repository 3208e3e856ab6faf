"""The watches of a parcours: a term that comes, a document not signed, a relay nobody has taken."""

from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from essaim.journeys.enums import CommitmentState, EnrolmentState, HandOverState
from essaim.journeys.models import Commitment, Enrolment, HandOver
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS

# A document handed over at the entry comes back within the week; a relay is answered within three days.
DAYS_TO_SIGN, DAYS_TO_ANSWER = 7, 3


def find_limit_near(scope: AlertScope) -> QuerySet[Any]:
    """Return the open parcours whose term is within ``days``, or has passed. ``number``: days left, negative after."""
    seen_from = _day(F("due_on") - scope.setting("days"))
    rows = Enrolment.objects.filter(action__in=scope.actions, state=EnrolmentState.OPEN, due_on__isnull=False)
    near = rows.alias(seen_from=seen_from).filter(seen_from__lte=scope.on)
    return alert_rows(
        near,
        scope,
        person="person",
        user=F("referent"),
        subject=F("ref"),
        since=seen_from,
        due=F("due_on"),
        number=Func(F("due_on"), Value(scope.on, DateField()), function="date_mi", output_field=IntegerField()),
    )


def find_commitment_unsigned(scope: AlertScope) -> QuerySet[Any]:
    """Return the documents prepared for open parcours that somebody has not signed. ``number``: signatures missing."""
    rows = Commitment.objects.filter(
        enrolment__action__in=scope.actions, enrolment__state=EnrolmentState.OPEN, state=CommitmentState.PREPARED
    )
    prepared = TruncDate("prepared_at", tzinfo=PARIS)
    return alert_rows(
        rows.annotate(prepared_on=prepared),
        scope,
        action="enrolment__action",
        person="enrolment__person",
        user=F("enrolment__referent"),
        subject=F("ref"),
        since=prepared,
        due=_day(prepared + Value(DAYS_TO_SIGN)),
    )


def find_hand_over_pending(scope: AlertScope) -> QuerySet[Any]:
    """Return the relays proposed for parcours of these actions and not answered yet."""
    rows = HandOver.objects.filter(enrolment__action__in=scope.actions, state=HandOverState.PROPOSED)
    proposed = TruncDate("proposed_at", tzinfo=PARIS)
    return alert_rows(
        rows,
        scope,
        action="enrolment__action",
        person="person",
        user=Coalesce("to_user", "from_user"),
        subject=F("ref"),
        title=F("to_organisation__name"),
        since=proposed,
        due=_day(proposed + Value(DAYS_TO_ANSWER)),
    )


def _day(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=DateField())
