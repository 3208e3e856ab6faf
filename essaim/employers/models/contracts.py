from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.directory.enums import Sector
from essaim.directory.models import Organisation
from essaim.employers.enums import ContractType, EndInitiator
from essaim.journal.enums import Source
from essaim.journal.models import Action, Fact
from essaim.journeys.models import Enrolment
from essaim.kernel.codes import new_code
from essaim.people.models import Person


def new_contract_ref() -> str:
    return new_code("K")


class WorkContract(models.Model):
    """The work contract between a person and an employer: one table for every action and every type.

    ``signed_fact`` and ``ended_fact`` are the live facts that say the same thing in the fil.
    """

    ref = models.CharField("référence", max_length=64, unique=True, default=new_contract_ref, db_collation="C")
    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.PROTECT, related_name="contracts")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="contracts")
    enrolment = models.ForeignKey(
        Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="contracts"
    )
    # Empty only for someone who works for herself.
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="employeur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    type = models.CharField("type de contrat", max_length=20, choices=ContractType)
    signed_on = models.DateField("signé le")
    starts = models.DateField("début")
    ends = models.DateField("fin prévue", null=True, blank=True)
    term_months = models.PositiveSmallIntegerField("durée en mois", null=True, blank=True)
    total_hours = models.DecimalField("heures au total", max_digits=8, decimal_places=2, null=True, blank=True)
    sector = models.CharField("secteur", max_length=20, choices=Sector, blank=True)
    source = models.CharField("source", max_length=8, choices=Source, default=Source.DECLARED)
    ended_on = models.DateField("dernier jour travaillé", null=True, blank=True)
    ended_early = models.BooleanField("rupture avant le terme", null=True, blank=True)
    end_initiator = models.CharField("à l’initiative de", max_length=8, choices=EndInitiator, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    signed_fact = models.OneToOneField(
        Fact, verbose_name="fait de signature", on_delete=models.PROTECT, related_name="+"
    )
    ended_fact = models.OneToOneField(
        Fact, verbose_name="fait de fin", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "contrat de travail"
        ordering = ["-signed_on", "-pk"]
        indexes = [
            models.Index(fields=["person", "-signed_on"], name="contract_person"),
            models.Index(fields=["action", "-signed_on"], name="contract_action"),
            models.Index(fields=["organisation", "-signed_on"], name="contract_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(type__in=["cdd", "apprenticeship", "professionalisation", "assisted"])
                | Q(term_months__isnull=False),
                name="contract_term_given",
            ),
            models.CheckConstraint(
                condition=Q(term_months__isnull=True) | Q(term_months__lte=120), name="contract_term_range"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="contract_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(type="self_employment") | Q(organisation__isnull=False),
                name="contract_has_employer",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_early__isnull=True, end_initiator="")
                | Q(ended_on__gte=F("starts"), ended_early__isnull=False),
                name="contract_end_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} · {self.organisation or self.ref}"
