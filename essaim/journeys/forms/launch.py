"""The launch form: one field for each setting and each target of the practice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind
from essaim.directory.models import Commune, Organisation
from essaim.directory.queries import (
    CommuneNotFoundError,
    list_organisations_for,
    list_territories_for,
    read_commune,
)
from essaim.guide.engine import (
    PracticeFile,
    PracticeIndicator,
    figure_in_words,
    quantity_in_words,
    setting_in_words,
    sizing_settings,
    typographic,
    values_at_launch,
)
from essaim.guide.engine.differences import is_adapted
from essaim.guide.engine.setting_groups import group_settings
from essaim.journeys.enums import BudgetCategory, PartnerRole
from essaim.journeys.operations import BudgetPlan, LaunchRefused, NewTerritory, PartnerPlan
from essaim.kernel.contract import Setting
from essaim.kernel.forms import (
    CreateForm,
    DateField,
    DecimalField,
    IntegerField,
    MoneyField,
    NoteField,
    TextField,
)
from essaim.kernel.setting_fields import field_of, initial_of, value_of

ROWS = 3
PARTNER_KINDS = [kind for kind in OrganisationKind.values if kind != OrganisationKind.COMPANY]


class CommunesField(NoteField):
    """Communes, one a line or separated by commas."""

    def clean(self, value: Any) -> tuple[Commune, ...]:
        names = [name.strip() for name in super().clean(value).replace(",", "\n").split("\n") if name.strip()]
        try:
            found = [read_commune(name) for name in names]
        except CommuneNotFoundError as fault:
            raise forms.ValidationError(fault.message) from fault
        return tuple(commune for commune in found if commune)


@dataclass(frozen=True, slots=True)
class SettingField:
    """A setting of the form: its field, and whether what is written there is something else than the fiche's."""

    bound: forms.BoundField
    is_adapted: bool


@dataclass(frozen=True, slots=True)
class SettingFields:
    """The settings that serve one thing; ``is_open`` when something in them is adapted or wrong."""

    title: str
    fields: tuple[SettingField, ...]

    @property
    def adapted(self) -> int:
        return sum(field.is_adapted for field in self.fields)

    @property
    def is_open(self) -> bool:
        return any(field.is_adapted or field.bound.errors for field in self.fields)


class LaunchForm(CreateForm):
    """Where, when, with whom, how much; every setting of the practice keeps its default unless changed.

    ``initial`` holds ``starts``. A setting that follows the year of the start follows it as long as it is left as
    proposed, or emptied.
    """

    title = TextField(label="Titre de l’action", max_length=200)
    starts = DateField(label="Début", earliest=date(1990, 1, 1))
    ends = DateField(label="Fin", earliest=date(1990, 1, 1))
    places = IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=100_000,
    )
    territory: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Territoire", queryset=None, required=False, empty_label="aucun, ou un nouveau ci-dessous"
    )
    # Partners and budget lines that can be written at once: more when an edition brings more.
    rows = ROWS
    new_territory = TextField(label="Nouveau territoire", max_length=120, required=False, help_text="Son nom.")
    new_communes = CommunesField(
        label="Ses communes", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Une par ligne."
    )

    def __init__(self, *args: Any, practice: PracticeFile, viewer: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.fields["territory"].queryset = list_territories_for(viewer)  # type: ignore[attr-defined]
        self.proposed = values_at_launch(practice.settings, self.initial["starts"])
        for key, setting in practice.settings.items():
            field = self.fields[f"settings.{key}"] = field_of(setting, practice.choice_labels.get(key, {}))
            field.help_text = self._source_of(setting)
            self.initial.setdefault(f"settings.{key}", initial_of(setting, self.proposed[key]))
        self._propose_places()
        for indicator in self.indicators:
            self.fields[f"targets.{indicator.id}"] = _target_field(indicator)
        partners = list_organisations_for(viewer, kinds=PARTNER_KINDS).exclude(pk=viewer.organisation_id)
        for row in range(self.rows):
            self._add_partner_row(row, partners)
            self._add_budget_row(row)

    @property
    def indicators(self) -> list[PracticeIndicator]:
        """The indicators that an action can set a target for."""
        return [indicator for indicator in self.practice.indicators if indicator.formula is not None]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("territory") and data.get("new_territory"):
            self.add_error("new_territory", "Choisissez un territoire existant ou nommez-en un nouveau, pas les deux.")
        if data.get("new_communes") and not data.get("new_territory"):
            self.add_error("new_territory", "Donnez un nom à ce nouveau territoire.")
        return data

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of ``launch_action``."""
        data = self.cleaned_data
        territory = data["territory"]
        if data["new_territory"]:
            territory = NewTerritory(data["new_territory"], data["new_communes"])
        return {
            "title": data["title"],
            "starts": data["starts"],
            "ends": data["ends"],
            "places": data["places"],
            "territory": territory,
            "settings": dict(self._settings()),
            "targets": dict(self._targets()),
            "partners": list(self._partners()),
            "budget": list(self._budget()),
        }

    def show_refusal(self, error: LaunchRefused) -> None:
        """Put each message beside its field; a message about a row goes beside its first field."""
        for name, message in error.errors.items():
            first = f"{name}.amount" if name.startswith("budget.") else f"{name}.organisation"
            place = next((each for each in (name, first) if each in self.fields), None)
            self.add_error(place, message)
        if not error.errors:
            self.add_error(error.field if error.field in self.fields else None, error.message)

    # What the template draws ------------------------------------------------------------------------------------

    @property
    def setting_groups(self) -> list[SettingFields]:
        groups = group_settings(self.practice)
        return [SettingFields(group.title, tuple(map(self._setting_field, group.settings))) for group in groups]

    @property
    def target_fields(self) -> list[forms.BoundField]:
        return [self[f"targets.{indicator.id}"] for indicator in self.indicators]

    @property
    def partner_rows(self) -> list[list[forms.BoundField]]:
        names = ("organisation", "role", "sees_people")
        return [[self[f"partners.{row}.{name}"] for name in names] for row in range(self.rows)]

    @property
    def budget_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"budget.{row}.{name}"] for name in ("category", "year", "amount")] for row in range(self.rows)]

    @property
    def has_setting_errors(self) -> bool:
        return any(name.startswith("settings.") for name in self.errors)

    @property
    def has_target_errors(self) -> bool:
        return any(name.startswith("targets.") for name in self.errors)

    def _source_of(self, setting: Setting) -> str:
        """What the fiche says of a setting: its value, where it comes from."""
        words = setting_in_words(setting, setting.default, self.practice.choice_labels.get(setting.key))
        if setting.at_launch == "start_year":
            words += " ; ici, l’année où l’action commence, sauf si vous en écrivez une autre"
        return typographic(f"Fiche : {words}. {setting.source}")

    def _setting_field(self, setting: Setting) -> SettingField:
        name = f"settings.{setting.key}"
        proposed = self.proposed[setting.key]
        if not self.is_bound:
            return SettingField(self[name], is_adapted(self.initial[name], initial_of(setting, proposed)))
        is_wrong = name in self.errors
        return SettingField(self[name], is_wrong or is_adapted(value_of(setting, self.cleaned_data[name]), proposed))

    # Rows -------------------------------------------------------------------------------------------------------

    def _add_partner_row(self, row: int, partners: Any) -> None:
        self.fields[f"partners.{row}.organisation"] = forms.ModelChoiceField(
            label="Organisation", queryset=partners, required=False, empty_label="choisir", to_field_name="ref"
        )
        self.fields[f"partners.{row}.role"] = forms.ChoiceField(
            label="Rôle", choices=[("", "choisir"), *PartnerRole.choices], required=False
        )
        self.fields[f"partners.{row}.sees_people"] = forms.BooleanField(
            label="Elle suit les personnes : leurs dossiers lui seront ouverts", required=False
        )

    def _add_budget_row(self, row: int) -> None:
        self.fields[f"budget.{row}.category"] = forms.ChoiceField(
            label="Poste", choices=[("", "choisir"), *BudgetCategory.choices], required=False
        )
        self.fields[f"budget.{row}.year"] = IntegerField(label="Année", required=False, min_value=1990, max_value=2100)
        self.fields[f"budget.{row}.amount"] = MoneyField(label="Montant (€)", required=False)

    def _propose_places(self) -> None:
        sizes = sizing_settings(self.practice.settings)
        words = [f"{setting.label.lower()}, {quantity_in_words(setting.default, '')}" for setting in sizes]
        source = f" La fiche propose : {' ; '.join(words)}." if words else ""
        text = f"Le total pour toute l’action.{source} Laissez vide s’il n’y a pas de limite."
        self.fields["places"].help_text = typographic(text)
        if sizes:
            self.initial.setdefault("places", sum(setting.default for setting in sizes))

    def _settings(self) -> Iterator[tuple[str, Any]]:
        for key, setting in self.practice.settings.items():
            value = value_of(setting, self.cleaned_data[f"settings.{key}"])
            if setting.at_launch != "start_year" or value not in (None, self.proposed[key]):
                yield key, value

    def _targets(self) -> Iterator[tuple[str, Decimal]]:
        for indicator in self.indicators:
            value = self.cleaned_data[f"targets.{indicator.id}"]
            if value is not None:
                yield indicator.id, value

    def _partners(self) -> Iterator[PartnerPlan]:
        for row in range(self.rows):
            organisation: Organisation | None = self.cleaned_data[f"partners.{row}.organisation"]
            if organisation is not None:
                yield PartnerPlan(
                    organisation=organisation,
                    role=self.cleaned_data[f"partners.{row}.role"],
                    sees_people=self.cleaned_data[f"partners.{row}.sees_people"],
                )

    def _budget(self) -> Iterator[BudgetPlan]:
        for row in range(self.rows):
            amount = self.cleaned_data[f"budget.{row}.amount"]
            if amount is not None:
                yield BudgetPlan(
                    category=self.cleaned_data[f"budget.{row}.category"],
                    year=self.cleaned_data[f"budget.{row}.year"] or self.cleaned_data["starts"].year,
                    amount=amount,
                )


def _target_field(indicator: PracticeIndicator) -> DecimalField:
    published = figure_in_words(indicator.published, indicator.unit)
    unit = "" if indicator.unit == "%" or indicator.unit.startswith("EUR") else f" {indicator.unit}"
    return DecimalField(
        label=indicator.label,
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=4,
        help_text=f"Chiffre publié dans le guide : {published}{unit}.",
    )
