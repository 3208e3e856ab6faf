"""What employers watches: next steps due, job interviews to come, the sheet of profiles to bring up to date."""

from datetime import timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from essaim.employers.enums import InterviewState, SheetState
from essaim.employers.models import Approach, JobInterview, ProfileSheet
from essaim.journal.enums import ActionState
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS

DAYS_AHEAD = 7


def find_next_step_due(scope: AlertScope) -> QuerySet[Any]:
    """Approaches of which what was to follow is late or due within a week, and not done: of the people still in the
    action, and of the whole group.
    """
    due = Approach.objects.filter(
        action__in=scope.actions,
        cancelled_at__isnull=True,
        next_done_at__isnull=True,
        next_on__lte=scope.on + timedelta(days=DAYS_AHEAD),
    )
    due = due.filter(Q(enrolment__isnull=True) | Q(enrolment__state=EnrolmentState.OPEN))
    return alert_rows(
        due,
        scope,
        person="enrolment__person",
        user=Coalesce(F("enrolment__referent"), F("user")),
        subject=F("ref"),
        title=F("company__name"),
        since=F("next_on"),
        due=F("next_on"),
    )


def find_job_interview_coming(scope: AlertScope) -> QuerySet[Any]:
    """Job interviews of the next seven days, and those past of which nobody wrote what came."""
    coming = JobInterview.objects.filter(
        application__action__in=scope.actions,
        application__cancelled_at__isnull=True,
        state=InterviewState.PLANNED,
    ).annotate(day=TruncDate("starts", tzinfo=PARIS))
    coming = coming.filter(day__lte=scope.on + timedelta(days=DAYS_AHEAD))
    return alert_rows(
        coming,
        scope,
        action="application__action",
        person="application__person",
        user=F("application__enrolment__referent"),
        subject=F("ref"),
        title=F("application__company__name"),
        since=F("day"),
        due=F("day"),
    )


def find_profiles_sheet_due(scope: AlertScope) -> QuerySet[Any]:
    """Running actions with people in, whose last sheet of profiles was sent ``days`` ago or more, or that began so
    long ago and sent none.
    """
    latest = (
        ProfileSheet.objects.filter(action=OuterRef("pk"), state=SheetState.SENT)
        .order_by()
        .values("action")
        .annotate(day=Max("edition_on"))
        .values("day")
    )
    entered = Enrolment.objects.filter(action=OuterRef("pk"), state=EnrolmentState.OPEN)
    running = (
        Action.objects.filter(pk__in=scope.actions, state=ActionState.OPEN, starts__lte=scope.on, ends__gte=scope.on)
        .annotate(last=Coalesce(Subquery(latest), F("starts")))
        .annotate(
            renew_on=Func(F("last"), scope.setting_of("days", "pk"), function="date_pli", output_field=DateField())
        )
        .filter(Exists(entered), renew_on__lte=scope.on)
    )
    return alert_rows(
        running,
        scope,
        action="",
        subject=F("ref"),
        since=F("renew_on"),
        due=F("renew_on"),
        number=Func(Value(scope.on, DateField()), F("last"), function="date_mi", output_field=IntegerField()),
    )
