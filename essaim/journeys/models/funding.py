"""Money of an action: agreements with funders and their instalments, targets changed, time of the team."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.journeys.enums import AgreementState, Evidence, InstalmentKind
from essaim.journeys.models.actions import StaffMember
from essaim.kernel.codes import new_code

LARGEST_AMOUNT = 1_000_000_000


def new_agreement_ref() -> str:
    return new_code("N")


def new_instalment_ref() -> str:
    return new_code("U")


class FundingAgreement(models.Model):
    """What a funder grants to an action: an amount over a period, the evidence it asks for each person.

    ``signed_fact`` says in the fil that it is signed. The instalments never add up to more than ``amount``: a trigger
    of the database says so (migration ``0005``).
    """

    ref = models.CharField("référence", max_length=16, unique=True, default=new_agreement_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="agreements")
    funder = models.ForeignKey(Organisation, verbose_name="financeur", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("intitulé", max_length=120)
    number = models.CharField("numéro chez le financeur", max_length=60, blank=True)
    amount = models.DecimalField("montant", max_digits=12, decimal_places=2)
    starts = models.DateField("début")
    ends = models.DateField("fin")
    signed_on = models.DateField("signée le", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=AgreementState, default=AgreementState.PREPARED)
    evidence = ArrayField(
        models.CharField(max_length=16, choices=Evidence), verbose_name="pièces demandées", default=list, blank=True
    )
    signed_fact = models.OneToOneField(
        Fact, verbose_name="fait de signature", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    created_by = models.ForeignKey(User, verbose_name="créée par", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "convention de financement"
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "funder", "title"], condition=~Q(state="cancelled"), name="agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=LARGEST_AMOUNT), name="agreement_amount_range"
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="agreement_dates_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "cancelled"]) | Q(signed_on__isnull=False),
                name="agreement_signed_with_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "settled"]) | Q(signed_fact__isnull=False),
                name="agreement_signed_with_fact",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Instalment(models.Model):
    """One payment of an agreement: claimed before a day, expected on another, received or not; each leaves a fact."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_instalment_ref, db_collation="C")
    agreement = models.ForeignKey(
        FundingAgreement, verbose_name="convention", on_delete=models.PROTECT, related_name="instalments"
    )
    kind = models.CharField("nature", max_length=8, choices=InstalmentKind)
    amount = models.DecimalField("montant", max_digits=12, decimal_places=2)
    claim_by = models.DateField("à demander avant le")
    expected_on = models.DateField("attendu le")
    claimed_on = models.DateField("demandé le", null=True, blank=True)
    received_on = models.DateField("reçu le", null=True, blank=True)
    received_amount = models.DecimalField("montant reçu", max_digits=12, decimal_places=2, null=True, blank=True)
    claimed_fact = models.OneToOneField(
        Fact, verbose_name="fait de demande", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_fact = models.OneToOneField(
        Fact, verbose_name="fait de réception", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "versement"
        ordering = ["expected_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=LARGEST_AMOUNT), name="instalment_amount_range"
            ),
            models.CheckConstraint(condition=Q(expected_on__gte=F("claim_by")), name="instalment_dates_in_order"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_amount__isnull=True)
                | Q(received_on__isnull=False, received_amount__gt=0, received_amount__lte=F("amount")),
                name="instalment_received_whole",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(claimed_on__isnull=False, received_on__gte=F("claimed_on")),
                name="instalment_claimed_before_received",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(claimed_on__isnull=True),
                name="instalment_cancelled_unclaimed",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(kind="balance", cancelled_at__isnull=True),
                name="instalment_one_balance",
            ),
        ]
        indexes = [
            models.Index(
                fields=["claim_by"],
                condition=Q(claimed_on__isnull=True, cancelled_at__isnull=True),
                name="instalment_to_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.agreement}"


class TargetChange(models.Model):
    """A target set, changed or withdrawn after the launch: dated and traced."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="target_changes")
    indicator = models.CharField("indicateur", max_length=64, db_collation="C")
    old_value = models.DecimalField("ancienne cible", max_digits=16, decimal_places=4, null=True)
    new_value = models.DecimalField("nouvelle cible", max_digits=16, decimal_places=4, null=True)
    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "cible modifiée"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.indicator


class StaffTime(models.Model):
    """What a member of the team gave to an action in a month: hours or a share of full time; its cost, if known."""

    member = models.ForeignKey(
        StaffMember, verbose_name="membre de l’équipe", on_delete=models.PROTECT, related_name="time"
    )
    month = models.DateField("mois", help_text="le premier jour du mois")
    hours = models.DecimalField("heures", max_digits=5, decimal_places=2, null=True, blank=True)
    share = models.DecimalField("part de temps plein", max_digits=4, decimal_places=3, null=True, blank=True)
    cost = models.DecimalField("coût", max_digits=12, decimal_places=2, null=True, blank=True)
    recorded_at = models.DateTimeField("saisi le", default=timezone.now)
    recorded_by = models.ForeignKey(User, verbose_name="saisi par", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "temps passé"
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "month"], name="stafftime_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="stafftime_month_first_day"),
            models.CheckConstraint(
                condition=Q(hours__isnull=False, share__isnull=True) | Q(hours__isnull=True, share__isnull=False),
                name="stafftime_hours_or_share",
            ),
            models.CheckConstraint(condition=Q(hours__isnull=True) | Q(hours__range=(0, 744)), name="stafftime_hours"),
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__range=(0, 1)), name="stafftime_share"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__range=(0, LARGEST_AMOUNT)), name="stafftime_cost_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.month:%m/%Y}"
