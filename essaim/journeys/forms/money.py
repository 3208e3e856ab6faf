"""Forms of the money of an action: budget lines, agreements, instalments, time of the team, targets."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind
from essaim.directory.models import Organisation
from essaim.directory.queries import list_organisations_for
from essaim.journeys.enums import BudgetCategory, BudgetNature, Evidence, InstalmentKind
from essaim.journeys.models import StaffMember, StaffTime
from essaim.journeys.operations.agreements import AgreementDetails
from essaim.journeys.operations.budget import BudgetDetails
from essaim.journeys.operations.instalments import InstalmentDetails
from essaim.kernel.days import today
from essaim.kernel.formats import MONTHS
from essaim.kernel.forms import CreateForm, DateField, DecimalField, EditForm, Form, IntegerField, MoneyField, TextField

FUNDER_KINDS = [kind for kind in OrganisationKind.values if kind != OrganisationKind.COMPANY]
MOST_MONTHS = 36


class BudgetFields(Form):
    """A line: planned or spent, for what, by whom, how much."""

    nature = forms.ChoiceField(label="Prévu ou réalisé", choices=BudgetNature.choices, widget=forms.RadioSelect)
    category = forms.ChoiceField(label="Poste", choices=[("", "choisir"), *BudgetCategory.choices])
    label = TextField(label="Intitulé", max_length=120, required=False, help_text="Par exemple : loyer de la salle.")
    funder: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Financeur",
        queryset=None,
        required=False,
        empty_label="fonds propres ou non affecté",
        to_field_name="ref",
        help_text="Les financeurs de l’action : ajoutez-les aux partenaires, ou par une convention.",
    )
    amount = MoneyField(label="Montant")
    year = IntegerField(label="Année", min_value=1990, max_value=2100)
    day = DateField(label="Dépensé le", required=False, help_text="Pour une dépense réalisée.")

    fieldsets = [("", ["nature", ("category", "label"), "funder", ("amount", "year"), "day"])]

    def fill(self, funders: QuerySet[Organisation]) -> None:
        """Offer those who fund the action."""
        self.fields["funder"].queryset = funders  # type: ignore[attr-defined]
        self.fields["day"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def details(self) -> BudgetDetails:
        """What the operation takes."""
        return BudgetDetails(**{name: self.cleaned_data[name] for name in BudgetDetails.__dataclass_fields__})


class BudgetLineForm(BudgetFields, CreateForm):
    """A new line."""


class BudgetLineEditForm(BudgetFields, EditForm):
    """A line that exists."""


class VersionForm(EditForm):
    """A confirmation that carries the version it was asked about."""


class AgreementFields(Form):
    """Who grants how much, over which period, and what it asks to see."""

    funder: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Financeur", queryset=None, empty_label="choisir", to_field_name="ref"
    )
    title = TextField(label="Intitulé", max_length=120, help_text="Par exemple : programmation 2026.")
    number = TextField(label="Numéro chez le financeur", max_length=60, required=False)
    amount = MoneyField(label="Montant accordé")
    starts = DateField(label="Début", earliest=date(1990, 1, 1))
    ends = DateField(label="Fin", earliest=date(1990, 1, 1))
    evidence = forms.MultipleChoiceField(
        label="Pièces demandées pour chaque personne",
        choices=Evidence.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le dossier de demande dira, personne par personne, ce qui manque.",
    )

    fieldsets = [
        ("La convention", ["funder", ("title", "number"), "amount", ("starts", "ends")]),
        ("Les justificatifs", ["evidence"]),
    ]

    def fill(self, viewer: Membership) -> None:
        """Offer the organisations that may fund, the carrier aside."""
        found = list_organisations_for(viewer).filter(kind__in=FUNDER_KINDS).exclude(pk=viewer.organisation_id)
        self.fields["funder"].queryset = found  # type: ignore[attr-defined]

    @property
    def details(self) -> AgreementDetails:
        """What the operation takes."""
        given = {name: self.cleaned_data[name] for name in AgreementDetails.__dataclass_fields__}
        return AgreementDetails(**given | {"evidence": tuple(given["evidence"])})


class AgreementForm(AgreementFields, CreateForm):
    """A new agreement."""


class AgreementEditForm(AgreementFields, EditForm):
    """An agreement that exists."""


class OnForm(EditForm):
    """The day on which something was done."""

    on = DateField(label="Le")

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]


class ReceiveForm(OnForm):
    """The day on which a payment arrived, and how much."""

    amount = MoneyField(label="Montant reçu")


class AgreementEndForm(EditForm):
    """How an agreement ends."""

    state = forms.ChoiceField(
        label="La convention est",
        choices=[("settled", "soldée : tout est demandé et reçu"), ("cancelled", "annulée : rien n’a été demandé")],
        widget=forms.RadioSelect,
    )


class InstalmentFields(Form):
    """How much, to claim before which day, expected when."""

    kind = forms.ChoiceField(label="Nature", choices=[("", "choisir"), *InstalmentKind.choices])
    amount = MoneyField(label="Montant")
    claim_by = DateField(label="À demander avant le", help_text="« À faire » le rappelle 30 jours avant.")
    expected_on = DateField(label="Attendu le")

    fieldsets = [("", [("kind", "amount"), ("claim_by", "expected_on")])]

    @property
    def details(self) -> InstalmentDetails:
        """What the operation takes."""
        return InstalmentDetails(**{name: self.cleaned_data[name] for name in InstalmentDetails.__dataclass_fields__})


class InstalmentForm(InstalmentFields, CreateForm):
    """A new instalment."""


class InstalmentEditForm(InstalmentFields, EditForm):
    """An instalment that exists."""


class TimeFields(Form):
    """Hours or a share of full time, and the cost for who may say it."""

    hours = DecimalField(label="Heures", unit="h", min_value=0, max_value=744, decimal_places=2, required=False)
    share = DecimalField(
        label="Ou part de temps plein", min_value=0, max_value=1, decimal_places=3, required=False,
        help_text="De 0 à 1 : 0,5 pour un mi-temps.",
    )  # fmt: skip
    cost = MoneyField(
        label="Coût", required=False, help_text="Salaire et charges de ce temps. Vu de la direction seule."
    )

    def fill(self, *, tells_cost: bool) -> None:
        """Ask for the cost only to who may write it."""
        if not tells_cost:
            del self.fields["cost"]
            self.fieldsets = [(title, [row for row in rows if row != "cost"]) for title, rows in self.fieldsets]

    @property
    def details(self) -> dict[str, Decimal | None]:
        """What the operation takes."""
        return {name: self.cleaned_data.get(name) for name in ("hours", "share", "cost")}


class StaffTimeForm(TimeFields, CreateForm):
    """The time of a month."""

    member: forms.ModelChoiceField = forms.ModelChoiceField(label="Qui", queryset=None, empty_label="choisir")
    month = forms.TypedChoiceField(label="Mois", coerce=date.fromisoformat)

    fieldsets = [("", [("member", "month"), ("hours", "share"), "cost"])]

    def __init__(self, *args: Any, staff: QuerySet[StaffMember], starts: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = staff  # type: ignore[attr-defined]
        self.fields["month"].choices = _months(starts)  # type: ignore[attr-defined]


class StaffTimeEditForm(TimeFields, EditForm):
    """The time of a month, set right."""

    fieldsets = [("", [("hours", "share"), "cost"])]


def initial_of_time(time: StaffTime, *, tells_cost: bool) -> dict[str, Any]:
    """What the form shows of a month already written."""
    shown = {"version": time.version, "hours": time.hours, "share": time.share}
    return shown | ({"cost": time.cost} if tells_cost else {})


class TargetForm(EditForm):
    """What an indicator should reach; empty, it has no target any more."""

    value = DecimalField(label="Cible", min_value=0, max_value=1_000_000_000, decimal_places=4, required=False)


def _months(starts: date) -> list[tuple[str, str]]:
    """The months from the start to this one, the latest first."""
    months: list[tuple[str, str]] = []
    day = today().replace(day=1)
    while day >= starts.replace(day=1) and len(months) < MOST_MONTHS:
        months.append((day.isoformat(), f"{MONTHS[day.month - 1]} {day.year}"))
        day = day.replace(year=day.year - 1, month=12) if day.month == 1 else day.replace(month=day.month - 1)
    return months
