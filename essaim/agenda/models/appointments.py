from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.agenda.enums import AbsenceReason, AppointmentState, AppointmentType, GoalKind, GoalState, MeetingMode
from essaim.agenda.models.occupations import Room
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.journeys.models import Enrolment
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_appointment_ref() -> str:
    return new_code("T")


def new_goal_ref() -> str:
    return new_code("B")


class Appointment(models.Model):
    """A person and a counsellor at a time. Held in an action, ``fact`` (interview_held) says the same in the fil.

    ``action`` without ``enrolment``: before her entry (initial interview), or after. Without action: reception.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_appointment_ref, db_collation="C")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    action = models.ForeignKey(
        Action, verbose_name="action", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    # The step of the practice that it carries out, empty outside an action.
    step = models.CharField("étape", max_length=64, blank=True, db_collation="C")
    type = models.CharField("nature", max_length=10, choices=AppointmentType)
    user = models.ForeignKey(User, verbose_name="avec", on_delete=models.PROTECT, related_name="appointments")
    starts = models.DateTimeField("début")
    ends = models.DateTimeField("fin")
    mode = models.CharField("comment", max_length=10, choices=MeetingMode, default=MeetingMode.IN_PERSON)
    room = models.ForeignKey(
        Room, verbose_name="lieu", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField("autre lieu", max_length=120, blank=True)
    state = models.CharField("état", max_length=9, choices=AppointmentState, default=AppointmentState.PLANNED)
    absence_reason = models.CharField("motif de l’absence", max_length=12, choices=AbsenceReason, blank=True)
    # Left by a counsellor whose people were given to a colleague already taken then: to be moved.
    is_to_replace = models.BooleanField("à replacer", default=False)
    # What an initial interview validated, in the practice's own codes.
    validated = ArrayField(models.CharField(max_length=40), verbose_name="validé", default=list, blank=True)
    fact = models.OneToOneField(
        Fact, verbose_name="fait", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("pris le", default=timezone.now)
    created_by = models.ForeignKey(User, verbose_name="pris par", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "rendez-vous"
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="appointment_times_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["excused", "missed"]) | Q(absence_reason=""), name="appointment_absence_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "starts"], name="appointment_user"),
            models.Index(fields=["person", "starts"], name="appointment_person"),
            models.Index(fields=["action", "starts"], name="appointment_action"),
            models.Index(fields=["enrolment", "state", "starts"], name="appointment_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.starts:%d/%m/%Y %H:%M}"


class Goal(models.Model):
    """What a person undertakes at one interview, reviewed at the next. The fil only counts them."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_goal_ref, db_collation="C")
    enrolment = models.ForeignKey(Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="goals")
    kind = models.CharField("nature", max_length=14, choices=GoalKind)
    words = models.CharField("objectif", max_length=200)
    # How many, when it can be counted.
    target = models.PositiveSmallIntegerField("combien", null=True, blank=True)
    set_at = models.ForeignKey(Appointment, verbose_name="fixé à", on_delete=models.PROTECT, related_name="goals_set")
    due_on = models.DateField("pour le")
    state = models.CharField("état", max_length=8, choices=GoalState, default=GoalState.SET)
    reviewed_at = models.ForeignKey(
        Appointment,
        verbose_name="revu à",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals_reviewed",
    )

    class Meta:
        verbose_name = "objectif"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="set", reviewed_at__isnull=True) | ~Q(state="set") & Q(reviewed_at__isnull=False),
                name="goal_reviewed_with_state",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "state", "due_on"], name="goal_enrolment")]

    def __str__(self) -> str:
        return self.words
