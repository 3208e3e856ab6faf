from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.employers.enums import CardField, SheetState
from essaim.journal.models import Action, Fact
from essaim.journeys.models import Enrolment
from essaim.kernel.codes import new_code


def new_sheet_ref() -> str:
    return new_code("X")


class SheetAgreement(models.Model):
    """A person agrees, on a day and until another, that chosen fields be shown to employers on a sheet of profiles.

    ``card`` holds the words she agreed to, field by field; withdrawn, she is on no later sheet.
    """

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="sheet_agreements"
    )
    fields = ArrayField(models.CharField(max_length=14, choices=CardField), verbose_name="ce qui est montré")
    card = models.JSONField("sa présentation")
    agreed_on = models.DateField("d’accord le")
    expires_on = models.DateField("jusqu’au")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    recorded_by = models.ForeignKey(User, verbose_name="recueilli par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "accord de présentation"
        ordering = ["-agreed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(withdrawn_at__isnull=True), name="sheetagreement_open_once"
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("agreed_on")), name="sheetagreement_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}"


class ProfileSheet(models.Model):
    """An edition of the profiles shown to employers (« 4 pages »): its cards frozen when it is sent."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_sheet_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="profile_sheets")
    title = models.CharField("titre", max_length=120)
    edition_on = models.DateField("édition du")
    state = models.CharField("état", max_length=6, choices=SheetState, default=SheetState.DRAFT)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    created_by = models.ForeignKey(User, verbose_name="créée par", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "plaquette de profils"
        ordering = ["-edition_on", "-pk"]
        indexes = [models.Index(fields=["action", "-edition_on"], name="profilesheet_action")]

    def __str__(self) -> str:
        return self.title


class ProfileCard(models.Model):
    """One person on one edition, with the agreement that allows it."""

    sheet = models.ForeignKey(ProfileSheet, verbose_name="plaquette", on_delete=models.CASCADE, related_name="cards")
    agreement = models.ForeignKey(SheetAgreement, verbose_name="accord", on_delete=models.PROTECT, related_name="cards")
    rank = models.PositiveSmallIntegerField("rang")
    # Frozen at sending: what employers received.
    content = models.JSONField("contenu envoyé", default=dict, blank=True)

    class Meta:
        verbose_name = "profil présenté"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "agreement"], name="profilecard_once")]

    def __str__(self) -> str:
        return f"profil {self.rank}"


class SheetSending(models.Model):
    """An edition sent to one chosen employer. ``fact`` (org_contacted) says the same."""

    sheet = models.ForeignKey(ProfileSheet, verbose_name="plaquette", on_delete=models.PROTECT, related_name="sendings")
    company = models.ForeignKey(Organisation, verbose_name="employeur", on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField("destinataire", max_length=250)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.ForeignKey(User, verbose_name="envoyée par", on_delete=models.PROTECT, related_name="+")
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "envoi d’une plaquette"
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "company"], name="sheetsending_once")]

    def __str__(self) -> str:
        return f"{self.company}"
