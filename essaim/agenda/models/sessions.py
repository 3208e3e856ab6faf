from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.agenda.enums import AbsenceReason, AttendanceState, SessionState
from essaim.agenda.models.occupations import Room
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action, Fact, Session
from essaim.journeys.models import Enrolment, Group
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_series_ref() -> str:
    return new_code("W", length=8)


class SessionSeries(models.Model):
    """The same session each week in local time: 9:00 stays 9:00 when the clocks change."""

    ref = models.CharField("code", max_length=16, unique=True, default=new_series_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="series")
    group = models.ForeignKey(
        Group, verbose_name="groupe", on_delete=models.PROTECT, null=True, blank=True, related_name="series"
    )
    step = models.CharField("étape", max_length=64, blank=True, db_collation="C")
    kind = models.CharField("nature", max_length=16, choices=SessionKind)
    title = models.CharField("titre", max_length=120)
    # 1 = Monday … 7 = Sunday.
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="jours")
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    first_day = models.DateField("du")
    last_day = models.DateField("au")
    room = models.ForeignKey(
        Room, verbose_name="lieu", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    trainer = models.ForeignKey(
        User, verbose_name="animée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)

    class Meta:
        verbose_name = "série de séances"
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="series_days_in_order"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="series_times_in_order"),
        ]

    def __str__(self) -> str:
        return self.title


class PlannedSession(models.Model):
    """A session of an action on the calendar: when, where, by whom; ``fact`` (session_held) once it took place.

    ``session`` is what the journal knows of it (FACTS §1). ``contents`` are codes of the practice (CV, letter…).
    """

    session = models.OneToOneField(Session, verbose_name="séance", on_delete=models.PROTECT, related_name="planned")
    series = models.ForeignKey(
        SessionSeries, verbose_name="série", on_delete=models.PROTECT, null=True, blank=True, related_name="planned"
    )
    group = models.ForeignKey(
        Group, verbose_name="groupe", on_delete=models.PROTECT, null=True, blank=True, related_name="planned_sessions"
    )
    step = models.CharField("étape", max_length=64, blank=True, db_collation="C")
    starts = models.DateTimeField("début")
    ends = models.DateTimeField("fin")
    room = models.ForeignKey(
        Room, verbose_name="lieu", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField("autre lieu", max_length=120, blank=True)
    trainer = models.ForeignKey(
        User, verbose_name="animée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    trainer_name = models.CharField("animée par (sans compte)", max_length=120, blank=True)
    contents = ArrayField(models.CharField(max_length=40), verbose_name="contenu", default=list, blank=True)
    state = models.CharField("état", max_length=9, choices=SessionState, default=SessionState.PLANNED)
    fact = models.OneToOneField(
        Fact, verbose_name="fait", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "séance au calendrier"
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="plannedsession_times_in_order"),
        ]
        indexes = [
            models.Index(fields=["trainer", "starts"], name="plannedsession_trainer"),
            models.Index(fields=["starts"], name="plannedsession_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.starts:%d/%m/%Y %H:%M}"


class Registration(models.Model):
    """A person expected at a session. The capacity of the session is exact."""

    planned = models.ForeignKey(
        PlannedSession, verbose_name="séance", on_delete=models.PROTECT, related_name="registrations"
    )
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="registrations")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField("inscrite le", default=timezone.now)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "inscription à une séance"
        ordering = ["registered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["planned", "person"], condition=Q(cancelled_at__isnull=True), name="registration_once"
            )
        ]
        indexes = [models.Index(fields=["person"], name="registration_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.planned}"


class Attendance(models.Model):
    """Whether a person came, and if not why. ``fact`` (attendance_recorded) says the same without the reason."""

    planned = models.ForeignKey(
        PlannedSession, verbose_name="séance", on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField("présence", max_length=7, choices=AttendanceState)
    hours = models.DecimalField("heures", max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.CharField("motif de l’absence", max_length=12, choices=AbsenceReason, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("saisie le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "présence"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["planned", "person"], name="attendance_once"),
            models.CheckConstraint(condition=~Q(state="present") | Q(reason=""), name="attendance_reason_if_absent"),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__range=(0, 24)), name="attendance_hours"),
        ]
        indexes = [models.Index(fields=["person"], name="attendance_person")]

    def __str__(self) -> str:
        return f"{self.person} : {self.get_state_display()}"
