from django.db import models
from django.db.models import Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.kernel.codes import new_code


def new_contact_ref() -> str:
    return new_code("Y")


class CompanyProfile(models.Model):
    """What one organisation knows of a company it works with: how far, how it recruits."""

    company = models.ForeignKey(
        Organisation, verbose_name="entreprise", on_delete=models.PROTECT, related_name="known_profiles"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    travel_minutes = models.PositiveSmallIntegerField("trajet depuis nos locaux, en minutes", null=True, blank=True)
    recruits_often = models.BooleanField("recrute régulièrement", default=False)
    signed_diversity_charter = models.BooleanField("signataire de la charte de la diversité", default=False)
    is_key_account = models.BooleanField("grand compte", default=False)
    updated_at = models.DateTimeField("à jour le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "ce que nous savons d’une entreprise"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "organisation"], name="companyprofile_once"),
            models.CheckConstraint(
                condition=Q(travel_minutes__isnull=True) | Q(travel_minutes__lte=600),
                name="companyprofile_travel_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}"


class CompanyContact(models.Model):
    """Someone to call in a company, known by one organisation. ``left_on``: no longer there."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_contact_ref, db_collation="C")
    company = models.ForeignKey(
        Organisation, verbose_name="entreprise", on_delete=models.PROTECT, related_name="contacts"
    )
    organisation = models.ForeignKey(Organisation, verbose_name="connu par", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=120)
    role = models.CharField("fonction", max_length=80, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("courriel", blank=True)
    left_on = models.DateField("partie le", null=True, blank=True)
    created_by = models.ForeignKey(User, verbose_name="noté par", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "interlocuteur"
        ordering = ["left_on", "name", "pk"]
        indexes = [models.Index(fields=["company", "organisation"], name="companycontact_company")]

    def __str__(self) -> str:
        return self.name
