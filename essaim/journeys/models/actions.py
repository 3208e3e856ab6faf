from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.journeys.enums import BudgetCategory, BudgetNature, PartnerRole, StaffRole
from essaim.kernel.codes import new_code


def new_group_ref() -> str:
    return new_code("G", length=6)


class ActionPartner(models.Model):
    """An organisation taking part in an action, in a role. ``committed_fact`` says the same in the fil."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField("rôle", max_length=16, choices=PartnerRole)
    sees_people = models.BooleanField("voit les personnes", default=False)
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    committed_fact = models.OneToOneField(
        Fact, verbose_name="fait d’engagement", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "partenaire"
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="partner_open_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="partner_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "action"], name="partner_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class Target(models.Model):
    """What an action wants to reach for one indicator of its practice."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField("indicateur", max_length=64, db_collation="C")
    value = models.DecimalField("cible", max_digits=16, decimal_places=4)

    class Meta:
        verbose_name = "cible"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "indicator"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.indicator} : {self.value}"


class BudgetLine(models.Model):
    """Money planned or spent for an action. ``fact`` says the same in the fil."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="budget_lines")
    nature = models.CharField("prévu ou réalisé", max_length=8, choices=BudgetNature)
    category = models.CharField("poste", max_length=16, choices=BudgetCategory)
    year = models.PositiveSmallIntegerField("année")
    # Who pays; empty for the carrier's own means, or when it is not decided.
    funder = models.ForeignKey(
        Organisation, verbose_name="financeur", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.CharField("intitulé", max_length=120, blank=True)
    amount = models.DecimalField("montant", max_digits=12, decimal_places=2)
    # Of a planned line, the day it was written; of an actual one, the day the money was spent.
    day = models.DateField("inscrite le")
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "ligne de budget"
        ordering = ["year", "nature", "category", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=1_000_000_000), name="budgetline_amount_range"
            ),
            models.CheckConstraint(condition=Q(year__range=(1990, 2100)), name="budgetline_year_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.year}"


class SettingChange(models.Model):
    """A setting of an action changed after its launch: dated and traced."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="setting_changes")
    key = models.CharField("réglage", max_length=64, db_collation="C")
    old_value = models.JSONField("ancienne valeur", null=True)
    new_value = models.JSONField("nouvelle valeur", null=True)
    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réglage modifié"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.key


class Group(models.Model):
    """A club, a promotion or a wave inside an action, with its own places, animateur and queue.

    Its ``ref`` is the ``cohort`` of the facts of its people. A group with ``starts`` and ``ends`` is a cohort that
    enters together; without, entries are continuous.
    """

    ref = models.CharField("code", max_length=16, unique=True, default=new_group_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="groups")
    name = models.CharField("nom", max_length=80)
    places = models.PositiveSmallIntegerField("places")
    facilitator = models.ForeignKey(
        User, verbose_name="animation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    venue = models.CharField("lieu", max_length=120, blank=True)
    starts = models.DateField("début", null=True, blank=True)
    ends = models.DateField("fin", null=True, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "groupe"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "name"], name="group_name_once"),
            models.CheckConstraint(condition=Q(places__range=(1, 1000)), name="group_places_range"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False, ends__gte=F("starts")),
                name="group_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffMember(models.Model):
    """A professional or volunteer who works for an action, in a role, for a part of her time. ``fact`` says so."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # For someone who has no account: a senior sponsor, a volunteer.
    name = models.CharField("nom", max_length=120, blank=True)
    role = models.CharField("rôle", max_length=12, choices=StaffRole)
    group = models.ForeignKey(
        Group, verbose_name="groupe", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    fte = models.DecimalField("part de temps plein", max_digits=4, decimal_places=3, null=True, blank=True)
    starts = models.DateField("depuis le")
    ends = models.DateField("jusqu’au", null=True, blank=True)
    fact = models.OneToOneField(Fact, verbose_name="fait", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "membre de l’équipe de l’action"
        ordering = ["ends", "role", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(name=""), name="staffmember_is_someone"),
            models.CheckConstraint(condition=Q(fte__isnull=True) | Q(fte__range=(0, 1)), name="staffmember_fte_range"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="staffmember_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.user)
