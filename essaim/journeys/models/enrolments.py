from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.journal.models import Action, Fact
from essaim.journeys.enums import CloseReason, EnrolmentState, StepStatus
from essaim.journeys.models.actions import Group
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_enrolment_ref() -> str:
    return new_code("E")


class Enrolment(models.Model):
    """A person's parcours in an action, from entry to exit.

    ``opened_fact`` and ``closed_fact`` are the live facts that say the same thing in the fil. Entered
    against the practice's rules, it keeps which rules (``override_codes``) and the written reason.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_enrolment_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField("état", max_length=10, choices=EnrolmentState, default=EnrolmentState.OPEN)
    opened_on = models.DateField("entrée le")
    closed_on = models.DateField("sortie le", null=True, blank=True)
    close_reason = models.CharField("motif de sortie", max_length=16, choices=CloseReason, blank=True)
    track = models.CharField("volet", max_length=64, blank=True, db_collation="C")
    group = models.ForeignKey(
        Group, verbose_name="groupe", on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    # What the initial interview validated, in the practice's own codes.
    validated = ArrayField(
        models.CharField(max_length=40), verbose_name="validé en entretien", default=list, blank=True
    )
    # The last day allowed by the practice, renewals included; null when it sets no limit. Derived: see engine.limits.
    due_on = models.DateField("terme", null=True, blank=True)
    renewals = models.PositiveSmallIntegerField("renouvellements", default=0)
    referent = models.ForeignKey(
        User,
        verbose_name="référent dans l’action",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_fact = models.OneToOneField(Fact, verbose_name="fait d’entrée", on_delete=models.PROTECT, related_name="+")
    closed_fact = models.OneToOneField(
        Fact, verbose_name="fait de sortie", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_codes = ArrayField(
        models.CharField(max_length=64), verbose_name="conditions non remplies", default=list, blank=True
    )
    override_reason = models.CharField("motif de la dérogation", max_length=500, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "parcours"
        ordering = ["-opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "person"], condition=Q(state="open"), name="enrolment_open_once"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="enrolment_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True, close_reason="")
                | (Q(state="closed", closed_on__isnull=False) & ~Q(close_reason=""))
                | Q(state="cancelled", cancelled_at__isnull=False),
                name="enrolment_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(override_codes=[]) | ~Q(override_reason=""), name="enrolment_override_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-opened_on"], name="enrolment_person"),
            models.Index(fields=["referent"], condition=Q(state="open"), name="enrolment_caseload"),
            models.Index(fields=["group"], condition=Q(state="open"), name="enrolment_group"),
            models.Index(fields=["action", "due_on"], condition=Q(state="open"), name="enrolment_due"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.action}"


class StepState(models.Model):
    """Where an enrolment stands on one step of its practice. Written only by ``complete_step`` and
    enrolment.
    """

    enrolment = models.ForeignKey(Enrolment, verbose_name="parcours", on_delete=models.CASCADE, related_name="steps")
    step = models.CharField("étape", max_length=64, db_collation="C")
    status = models.CharField("état", max_length=8, choices=StepStatus)
    outcome = models.CharField("issue", max_length=40, blank=True)
    since = models.DateField("depuis le")

    class Meta:
        verbose_name = "étape du parcours"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="step_once_per_enrolment")]

    def __str__(self) -> str:
        return f"{self.step} : {self.status}"
