"""What agenda watches for one person at a time: the next appointment, silence, goals left unreviewed, what to note."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from essaim.agenda.enums import AppointmentState, GoalState
from essaim.agenda.models import Absence, Appointment, Goal
from essaim.journal.queries import last_contact_expression
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.alerts import AlertScope, alert_rows
from essaim.kernel.days import PARIS, present

DAY = TruncDate("starts", tzinfo=PARIS)
DAYS_WITHOUT_RHYTHM = 30


def find_no_next_appointment(scope: AlertScope) -> QuerySet[Any]:
    """Open parcours with no appointment planned within the rhythm: every ``every_first`` days during ``first_period``
    since the entry, then every ``every_later``. Due one interval after the last interview, or after the entry.
    """
    every_first, first_period, every_later = (
        Cast(scope.setting(key), IntegerField()) for key in ("every_first", "first_period", "every_later")
    )
    last = _latest_day(Appointment.objects.filter(enrolment=OuterRef("pk"), state=AppointmentState.HELD))
    rows = (
        Enrolment.objects.filter(action__in=scope.actions, state=EnrolmentState.OPEN)
        .annotate(age=_days_from(F("opened_on"), scope), last=Coalesce(Subquery(last), F("opened_on")))
        .annotate(
            interval=Case(
                When(
                    age__lt=Coalesce(first_period, Value(0)),
                    then=Coalesce(every_first, every_later, Value(DAYS_WITHOUT_RHYTHM)),
                ),
                default=Coalesce(every_later, every_first, Value(DAYS_WITHOUT_RHYTHM)),
                output_field=IntegerField(),
            )
        )
        .annotate(
            due=_add_days(F("last"), F("interval")),
            horizon=_add_days(Value(scope.on, DateField()), F("interval")),
        )
    )
    planned = Appointment.objects.filter(
        person=OuterRef("person"),
        action=OuterRef("action"),
        state=AppointmentState.PLANNED,
        ends__gt=present(),
    )
    planned = planned.annotate(day=DAY).filter(day__lte=OuterRef("horizon"))
    return alert_rows(
        rows.exclude(Exists(planned)),
        scope,
        person="person",
        user=F("referent"),
        subject=F("ref"),
        since=F("last"),
        due=F("due"),
        number=_days_from(F("last"), scope),
    )


def find_silent(scope: AlertScope) -> QuerySet[Any]:
    """People of open parcours who have not been in touch themselves for ``days`` days, since the entry at least."""
    rows = (
        Enrolment.objects.filter(action__in=scope.actions, state=EnrolmentState.OPEN)
        .annotate(
            contact=Func(
                last_contact_expression("person"), F("opened_on"), function="GREATEST", output_field=DateField()
            )
        )
        .annotate(number=_days_from(F("contact"), scope), due=_add_days(F("contact"), scope.setting("days")))
        .filter(due__lte=scope.on)
    )
    return alert_rows(
        rows,
        scope,
        person="person",
        user=F("referent"),
        subject=F("ref"),
        since=F("due"),
        due=F("due"),
        number=F("number"),
    )


def find_goals_not_reviewed(scope: AlertScope) -> QuerySet[Any]:
    """Open parcours with goals past due that no interview reviewed; one line a parcours."""
    open_goals = Goal.objects.filter(enrolment=OuterRef("pk"), state=GoalState.SET, due_on__lt=scope.on)
    late = open_goals.order_by().values("enrolment")
    rows = (
        Enrolment.objects.filter(action__in=scope.actions, state=EnrolmentState.OPEN)
        .annotate(late_since=Subquery(late.annotate(day=Min("due_on")).values("day")))
        .filter(late_since__isnull=False)
        .annotate(late_goals=Subquery(late.annotate(goals=Count("pk")).values("goals")))
    )
    return alert_rows(
        rows,
        scope,
        person="person",
        user=F("referent"),
        subject=F("ref"),
        since=F("late_since"),
        due=F("late_since"),
        number=F("late_goals"),
    )


def find_interview_today(scope: AlertScope) -> QuerySet[Any]:
    """Planned appointments of the day that are not over, with their hour."""
    rows = Appointment.objects.filter(action__in=scope.actions, state=AppointmentState.PLANNED, ends__gt=present())
    return _appointment_rows(rows.annotate(day=DAY).filter(day=scope.on), scope)


def find_interview_to_record(scope: AlertScope) -> QuerySet[Any]:
    """Appointments over, of which nobody noted whether they took place."""
    rows = Appointment.objects.filter(action__in=scope.actions, state=AppointmentState.PLANNED, ends__lte=present())
    return _appointment_rows(rows.annotate(day=DAY).filter(day__lte=scope.on), scope)


def find_appointment_to_replace(scope: AlertScope) -> QuerySet[Any]:
    """Appointments to come that nobody can keep: left by a counsellor whose people were given to a colleague who is
    taken then, or fixed on a day when the counsellor is away. For the referent of the parcours.
    """
    away = Absence.objects.filter(user=OuterRef("user"), starts__lte=OuterRef("day"), ends__gte=OuterRef("day"))
    rows = (
        Appointment.objects.filter(action__in=scope.actions, state=AppointmentState.PLANNED, starts__gt=present())
        .annotate(day=DAY)
        .filter(Q(is_to_replace=True) | Q(Exists(away)))
    )
    replacement = Subquery(away.values("replaced_by")[:1])
    return _appointment_rows(rows, scope, user=Coalesce(replacement, F("enrolment__referent"), F("user")))


def _appointment_rows(rows: QuerySet[Appointment], scope: AlertScope, user: Any = None) -> QuerySet[Any]:
    hour = Func(
        F("starts"),
        template="to_char(%(expressions)s AT TIME ZONE 'Europe/Paris', 'FMHH24\u00a0\"h\"\u00a0MI')",
        output_field=TextField(),
    )
    return alert_rows(
        rows,
        scope,
        person="person",
        user=F("user") if user is None else user,
        subject=F("ref"),
        title=hour,
        since=F("day"),
        due=F("day"),
    )


def _latest_day(appointments: QuerySet[Appointment]) -> QuerySet[Any]:
    return appointments.order_by().values("enrolment").annotate(last=Max(DAY)).values("last")


def _days_from(day: F, scope: AlertScope) -> Func:
    return Func(Value(scope.on, DateField()), day, function="date_mi", output_field=IntegerField())


def _add_days(day: F | Value, days: Any) -> Func:
    return Func(day, days, function="date_pli", output_field=DateField())
