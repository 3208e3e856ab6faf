from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.journeys.enums import (
    DecisionOutcome,
    DecisionStep,
    LeavingReason,
    Motive,
    PrescriptionState,
    RefusalReason,
    WaitingState,
)
from essaim.journeys.models.actions import Group
from essaim.journeys.models.enrolments import Enrolment
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_prescription_ref() -> str:
    return new_code("O")


def new_decision_ref() -> str:
    return new_code("N")


class Prescription(models.Model):
    """A person oriented to an action by a prescriber (fiche de liaison). ``fact`` says the same in the fil.

    ``letter`` is free text for the team that receives it and the prescriber: never in the fil.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_prescription_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="prescriptions")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="prescriptions")
    prescriber = models.ForeignKey(
        Organisation, verbose_name="prescripteur", on_delete=models.PROTECT, related_name="+"
    )
    prescribed_by = models.ForeignKey(User, verbose_name="orientée par", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("orientée le")
    motive = models.CharField("motif", max_length=16, choices=Motive)
    letter = models.TextField("ce que le prescripteur en dit", max_length=2000, blank=True)
    track = models.CharField("volet", max_length=64, blank=True, db_collation="C")
    # The person agreed to be oriented and to have her file opened to the team that receives it.
    agreed_on = models.DateField("d’accord le")
    state = models.CharField("état", max_length=10, choices=PrescriptionState, default=PrescriptionState.SENT)
    received_at = models.DateTimeField("vue le", null=True, blank=True)
    answer_due = models.DateField("réponse attendue le", null=True, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("créée le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "prescription"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "person"], condition=Q(state__in=["sent", "waiting"]), name="prescription_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["action", "state", "answer_due"], name="prescription_todo"),
            models.Index(fields=["prescriber", "-made_on"], name="prescription_prescriber"),
            models.Index(fields=["person", "-made_on"], name="prescription_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.action}"


class Decision(models.Model):
    """What was decided about a person for an action: entry, renewal, referral. ``fact`` says the same in the fil.

    ``validated`` holds what the interview validated (codes of the practice); a refusal carries a coded reason.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_decision_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="decisions")
    prescription = models.ForeignKey(
        Prescription,
        verbose_name="prescription",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    step = models.CharField("étape", max_length=12, choices=DecisionStep)
    outcome = models.CharField("décision", max_length=16, choices=DecisionOutcome)
    reason = models.CharField("motif", max_length=20, choices=RefusalReason, blank=True)
    explanation = models.CharField("précision", max_length=500, blank=True)
    validated = ArrayField(
        models.CharField(max_length=40), verbose_name="validé en entretien", default=list, blank=True
    )
    reoriented_to = models.ForeignKey(
        Action, verbose_name="réorientée vers", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField("décidée le")
    decided_by = models.ForeignKey(User, verbose_name="décidée par", on_delete=models.PROTECT, related_name="+")
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)

    class Meta:
        verbose_name = "décision"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""), name="decision_refused_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["action", "person", "-decided_on"], name="decision_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} : {self.get_outcome_display()}"


class WaitingEntry(models.Model):
    """A person waiting for a place of an action or of one of its groups: one mechanism for all queues.

    Her rank is her place in the order of ``since`` among those still waiting.
    """

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="waiting")
    group = models.ForeignKey(
        Group, verbose_name="groupe", on_delete=models.PROTECT, null=True, blank=True, related_name="waiting"
    )
    # What is waited for: "entry", or the public reference of a session, a vehicle…
    queue = models.CharField("file d’attente", max_length=64, default="entry", db_collation="C")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="waiting")
    prescription = models.ForeignKey(
        Prescription, verbose_name="prescription", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField("depuis le", default=timezone.now)
    state = models.CharField("état", max_length=8, choices=WaitingState, default=WaitingState.WAITING)
    called_at = models.DateTimeField("place proposée le", null=True, blank=True)
    answer_by = models.DateField("réponse avant le", null=True, blank=True)
    left_at = models.DateTimeField("sortie de la file le", null=True, blank=True)
    reason = models.CharField("motif", max_length=20, choices=LeavingReason, blank=True)

    class Meta:
        verbose_name = "place dans une file d’attente"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "queue", "person"],
                condition=Q(state__in=["waiting", "called"]),
                name="waiting_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called"], left_at__isnull=True) | Q(left_at__gte=F("since")),
                name="waiting_left_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["action", "queue", "since"], condition=Q(state__in=["waiting", "called"]), name="waiting_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.action}"
