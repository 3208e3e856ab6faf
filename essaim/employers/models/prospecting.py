from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.employers.enums import (
    ApplicationStage,
    ApproachAnswer,
    ApproachChannel,
    Feedback,
    InterviewState,
    NextStep,
)
from essaim.employers.models.companies import CompanyContact
from essaim.employers.models.contracts import WorkContract
from essaim.journal.models import Action, Fact
from essaim.journeys.models import Enrolment
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_approach_ref() -> str:
    return new_code("Q")


def new_application_ref() -> str:
    return new_code("U")


def new_interview_ref() -> str:
    return new_code("Z")


class Approach(models.Model):
    """An employer approached, by a person of an action or for her. ``fact`` (org_contacted) says the same.

    ``enrolment`` is empty when a counsellor prospects for the whole group.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_approach_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="approaches")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="approaches"
    )
    company = models.ForeignKey(
        Organisation, verbose_name="entreprise", on_delete=models.PROTECT, related_name="approaches"
    )
    contact = models.ForeignKey(
        CompanyContact, verbose_name="interlocuteur", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField("comment", max_length=10, choices=ApproachChannel)
    made_on = models.DateField("le")
    by_person = models.BooleanField("par la personne elle-même", default=False)
    # Beyond the travel time of the practice, which she said she accepts.
    accepts_distance = models.BooleanField("trajet plus long accepté par la personne", default=False)
    answer = models.CharField("réponse", max_length=12, choices=ApproachAnswer)
    next_step = models.CharField("suite", max_length=12, choices=NextStep, blank=True)
    next_on = models.DateField("à faire le", null=True, blank=True)
    next_done_at = models.DateTimeField("fait le", null=True, blank=True)
    user = models.ForeignKey(User, verbose_name="saisie par", on_delete=models.PROTECT, related_name="+")
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    created_at = models.DateTimeField("saisie le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "démarche auprès d’un employeur"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_step="", next_on__isnull=True) | ~Q(next_step="") & Q(next_on__isnull=False),
                name="approach_next_step_dated",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gte=F("made_on")), name="approach_next_later"
            ),
        ]
        indexes = [
            models.Index(fields=["action", "-made_on"], name="approach_action"),
            models.Index(fields=["enrolment", "-made_on"], name="approach_enrolment"),
            models.Index(fields=["company", "-made_on"], name="approach_company"),
            models.Index(fields=["next_on"], condition=Q(next_done_at__isnull=True), name="approach_next"),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.made_on:%d/%m/%Y}"


class Application(models.Model):
    """A person's application to an employer, by stages (one fact a stage: ``ApplicationMove``)."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_application_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="applications")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="applications"
    )
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="applications")
    company = models.ForeignKey(
        Organisation, verbose_name="entreprise", on_delete=models.PROTECT, related_name="applications"
    )
    job = models.CharField("poste", max_length=120)
    approach = models.ForeignKey(
        Approach, verbose_name="démarche", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    # The stage of the last live move: derived.
    stage = models.CharField("étape", max_length=10, choices=ApplicationStage)
    contract = models.ForeignKey(
        WorkContract,
        verbose_name="contrat",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
    )
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "candidature"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="application_person"),
            models.Index(fields=["action", "stage"], name="application_action"),
            models.Index(fields=["company", "-created_at"], name="application_company"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.company}"


class ApplicationMove(models.Model):
    """One stage of an application on a day. ``fact`` (application_moved) says the same."""

    application = models.ForeignKey(
        Application, verbose_name="candidature", on_delete=models.PROTECT, related_name="moves"
    )
    stage = models.CharField("étape", max_length=10, choices=ApplicationStage)
    moved_on = models.DateField("le")
    feedback = models.CharField("retour de l’employeur", max_length=14, choices=Feedback, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "étape d’une candidature"
        ordering = ["moved_on", "pk"]

    def __str__(self) -> str:
        return self.get_stage_display()


class JobInterview(models.Model):
    """A job interview fixed with an employer: it occupies the person; held, it moves the application."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_interview_ref, db_collation="C")
    application = models.ForeignKey(
        Application, verbose_name="candidature", on_delete=models.PROTECT, related_name="interviews"
    )
    starts = models.DateTimeField("début")
    ends = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=120, blank=True)
    # A call with the animateur before it, when the practice offers it.
    prepared_on = models.DateField("préparé le", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=InterviewState, default=InterviewState.PLANNED)
    move = models.OneToOneField(
        ApplicationMove, verbose_name="étape", on_delete=models.PROTECT, null=True, blank=True, related_name="interview"
    )
    created_at = models.DateTimeField("fixé le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "entretien d’embauche"
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="jobinterview_times_in_order"),
        ]
        indexes = [models.Index(fields=["starts"], name="jobinterview_starts")]

    def __str__(self) -> str:
        return f"{self.application} · {self.starts:%d/%m/%Y %H:%M}"
