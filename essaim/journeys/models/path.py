from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journal.models import Fact
from essaim.journeys.enums import (
    CommitmentState,
    ContactMode,
    HandOverState,
    MeasureType,
    Signatory,
    SignatureMeans,
)
from essaim.journeys.models.actions import StaffMember
from essaim.journeys.models.enrolments import Enrolment
from essaim.kernel.codes import new_code
from essaim.people.models import Document, Person


def new_commitment_ref() -> str:
    return new_code("C")


def new_handover_ref() -> str:
    return new_code("H")


def new_measure_ref() -> str:
    return new_code("M")


def new_mentoring_ref() -> str:
    return new_code("N")


class Commitment(models.Model):
    """A document that a person signs (contrat de club, charte…): its words frozen the day it was prepared.

    ``tool`` is the key of the practice's tool. Signed once every signatory of ``expected`` has signed; then ``fact``.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_commitment_ref, db_collation="C")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="commitments"
    )
    tool = models.CharField("outil", max_length=64, db_collation="C")
    document = models.CharField("nature du document", max_length=20, db_collation="C")
    content = models.JSONField("contenu figé")
    expected = ArrayField(models.CharField(max_length=14, choices=Signatory), verbose_name="signataires attendus")
    state = models.CharField("état", max_length=9, choices=CommitmentState, default=CommitmentState.PREPARED)
    prepared_at = models.DateTimeField("préparé le", default=timezone.now)
    prepared_by = models.ForeignKey(User, verbose_name="préparé par", on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField("signé le", null=True, blank=True)
    fact = models.OneToOneField(
        Fact, verbose_name="fait", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "engagement"
        ordering = ["-prepared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "tool"], condition=~Q(state="cancelled"), name="commitment_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_on__isnull=False, fact__isnull=False),
                name="commitment_signed_with_fact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool} · {self.enrolment}"


class CommitmentSignature(models.Model):
    """One signature of a commitment: on paper (scanned), on screen, or confirmed by link."""

    commitment = models.ForeignKey(
        Commitment, verbose_name="engagement", on_delete=models.CASCADE, related_name="signatures"
    )
    signatory = models.CharField("signataire", max_length=14, choices=Signatory)
    means = models.CharField("moyen", max_length=6, choices=SignatureMeans)
    signed_on = models.DateField("signé le")
    scan = models.ForeignKey(
        Document, verbose_name="papier numérisé", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("enregistrée le", default=timezone.now)

    class Meta:
        verbose_name = "signature"
        ordering = ["signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "signatory"], name="signature_once"),
        ]

    def __str__(self) -> str:
        return self.get_signatory_display()


class HandOver(models.Model):
    """A person passed from one referent to another: done only once the new one accepted and fixed an appointment."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_handover_ref, db_collation="C")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="hand_overs")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="hand_overs"
    )
    from_user = models.ForeignKey(User, verbose_name="proposé par", on_delete=models.PROTECT, related_name="+")
    from_organisation = models.ForeignKey(
        Organisation, verbose_name="structure qui passe le relais", on_delete=models.PROTECT, related_name="+"
    )
    to_organisation = models.ForeignKey(
        Organisation, verbose_name="structure qui prend le relais", on_delete=models.PROTECT, related_name="+"
    )
    # Empty: anyone of the organisation may accept.
    to_user = models.ForeignKey(
        User, verbose_name="proposé à", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The whole file follows (referent organisation), or the parcours of this action only.
    moves_file = models.BooleanField("le dossier change de structure", default=False)
    words = models.TextField("ce qu’il faut savoir", max_length=2000, blank=True)
    proposed_at = models.DateTimeField("proposé le", default=timezone.now)
    state = models.CharField("état", max_length=9, choices=HandOverState, default=HandOverState.PROPOSED)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name="répondu par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField("motif du refus", max_length=250, blank=True)
    first_appointment_at = models.DateTimeField("premier rendez-vous", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "passage de relais"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "enrolment"],
                condition=Q(state="proposed"),
                nulls_distinct=False,
                name="handover_proposed_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(answered_by__isnull=False, answered_at__isnull=False, first_appointment_at__isnull=False),
                name="handover_accepted_with_appointment",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="handover_refused_with_words"),
        ]
        indexes = [models.Index(fields=["to_organisation", "state"], name="handover_inbox")]

    def __str__(self) -> str:
        return f"{self.person} → {self.to_organisation}"


class Measure(models.Model):
    """A service, a brick or an aid used by a person during her parcours. ``fact`` says the same in the fil."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_measure_ref, db_collation="C")
    enrolment = models.ForeignKey(Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="measures")
    type = models.CharField("nature", max_length=20, choices=MeasureType)
    label = models.CharField("intitulé", max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    used_on = models.DateField("utilisée le")
    starts = models.DateField("début", null=True, blank=True)
    ends = models.DateField("fin", null=True, blank=True)
    cost = models.DecimalField("coût", max_digits=12, decimal_places=2, null=True, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "mesure utilisée"
        ordering = ["-used_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False, ends__gte=F("starts")),
                name="measure_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__range=(0, 1_000_000_000)), name="measure_cost_range"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class TrainingEntry(models.Model):
    """A training course joined by a person during or after her parcours. ``fact`` says the same in the fil."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_measure_ref, db_collation="C")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="trainings"
    )
    title = models.CharField("formation", max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisme", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_qualifying = models.BooleanField("qualifiante")
    joined_on = models.DateField("entrée le")
    starts = models.DateField("début")
    ends = models.DateField("fin", null=True, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "entrée en formation"
        ordering = ["-joined_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="training_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Mentoring(models.Model):
    """Someone who helps a newcomer: an alumnus of the same action, or a member of its team. Neither sees any file.

    ``fact`` says it in the fil of the newcomer.
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_mentoring_ref, db_collation="C")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="mentorings"
    )
    alumnus = models.ForeignKey(
        Enrolment,
        verbose_name="parcours terminé de qui épaule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mentees",
    )
    staff = models.ForeignKey(
        StaffMember,
        verbose_name="membre de l’équipe",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mentees",
    )
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "parrainage"
        ordering = ["until", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(alumnus__isnull=False, staff__isnull=True) | Q(alumnus__isnull=True, staff__isnull=False),
                name="mentoring_by_one",
            ),
            models.CheckConstraint(
                condition=Q(alumnus__isnull=True) | ~Q(alumnus=F("enrolment")), name="mentoring_never_herself"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="mentoring_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "alumnus", "staff"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="mentoring_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff or (self.alumnus and self.alumnus.person)} → {self.enrolment.person}"


class Contact(models.Model):
    """Someone reached, or tried, outside an appointment: what makes « sans nouvelle depuis » true or false.

    ``reached`` and made by her or answered by her: it counts as the person's own contact. ``fact`` may be of a local
    kind when there is no open action, or when nobody answered.
    """

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="contacts")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    at = models.DateTimeField("le")
    mode = models.CharField("comment", max_length=10, choices=ContactMode)
    reached = models.BooleanField("jointe")
    by_person = models.BooleanField("à l’initiative de la personne", default=False)
    user = models.ForeignKey(User, verbose_name="avec", on_delete=models.PROTECT, related_name="+")
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "contact"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="contact_person")]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} · {self.at:%d/%m/%Y}"
