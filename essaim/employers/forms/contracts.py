"""Forms of employers: shapes only, the operations decide."""

from datetime import datetime, time
from typing import Any

from django import forms

from essaim.directory.enums import OrganisationKind, Sector, ZoneKind
from essaim.directory.models import Organisation
from essaim.directory.queries import CommuneNotFoundError, read_commune
from essaim.employers.enums import ContractType, EndInitiator
from essaim.employers.forms.prospecting import TimeField
from essaim.employers.models import Application, WorkContract
from essaim.employers.operations import ContractTerms
from essaim.employers.queries import EMPLOYING_KINDS, list_employers
from essaim.journal.enums import Source
from essaim.journeys.models import Enrolment
from essaim.kernel.days import PARIS, today
from essaim.kernel.forms import (
    CreateForm,
    DateField,
    DecimalField,
    EditForm,
    EmailField,
    Form,
    IntegerField,
    PhoneField,
    SiretField,
    TextField,
)

COMPANY_KINDS = [choice for choice in OrganisationKind.choices if choice[0] in EMPLOYING_KINDS]
SHOWN_ZONES = [choice for choice in ZoneKind.choices if choice[0] != ZoneKind.ZUS]


class EmployerField(forms.ModelChoiceField):
    """An employer of the instance, chosen by name; its commune tells namesakes apart."""

    def label_from_instance(self, obj: Organisation) -> str:
        return f"{obj.name}, {obj.commune.name}" if obj.commune else obj.name


class ContractForm(Form):
    """What a work contract says."""

    organisation = EmployerField(
        label="Employeur",
        queryset=None,
        required=False,
        to_field_name="ref",
        empty_label="choisir",
        help_text="Vide seulement pour une création d’activité.",
    )
    type = forms.ChoiceField(label="Type de contrat", choices=[("", "choisir"), *ContractType.choices])
    signed_on = DateField(label="Signé le")
    starts = DateField(label="Début")
    ends = DateField(label="Fin prévue", required=False)
    term_months = IntegerField(
        label="Durée en mois",
        required=False,
        min_value=0,
        max_value=120,
        help_text="Nécessaire pour un CDD, une alternance ou un contrat aidé.",
    )
    total_hours = DecimalField(
        label="Heures au total", required=False, min_value=0, max_value=100_000, max_digits=8, decimal_places=2
    )
    sector = forms.ChoiceField(label="Secteur", choices=[("", "non renseigné"), *Sector.choices], required=False)
    source = forms.ChoiceField(
        label="D’où vient l’information ?",
        choices=[
            (Source.DECLARED.value, "Déclarée par la personne ou l’employeur"),
            (Source.VERIFIED.value, "Vérifiée : contrat ou attestation vus"),
        ],
        initial=Source.DECLARED.value,
    )

    fieldsets = [
        ("Chez qui ?", ["organisation", "sector"]),
        ("Quel contrat ?", [("type", "term_months"), "signed_on", ("starts", "ends"), "total_hours"]),
        ("Preuve", ["source"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = list_employers()  # type: ignore[attr-defined]
        self.fields["signed_on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def terms(self) -> ContractTerms:
        """The terms as the operations take them."""
        return ContractTerms(**{name: self.cleaned_data[name] for name in ContractTerms.__slots__})


class SignForm(ContractForm, CreateForm):
    """A new contract of one of the participants."""

    participant = forms.ChoiceField(label="Personne")
    application = forms.ChoiceField(label="Suite à la candidature", required=False)
    check_in_on = DateField(
        label="Point après l’embauche, le", required=False, help_text="Un appel d’une demi-heure, avec vous."
    )
    check_in_at = TimeField(label="à", required=False)

    def __init__(
        self,
        *args: Any,
        enrolments: list[Enrolment],
        applications: list[Application],
        offers_check_in: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.applications = {one.ref: one for one in applications}
        choices = [(one.ref, f"{one.person.full_name} · {one.job}, {one.company.name}") for one in applications]
        self.fields["application"].choices = [("", "aucune"), *choices]  # type: ignore[attr-defined]
        for_whom: list[str | tuple[str, ...]] = ["participant"]
        if applications:
            for_whom.append("application")
        else:
            del self.fields["application"]
        self.fieldsets = [("Pour qui ?", for_whom), *ContractForm.fieldsets]
        if offers_check_in:
            self.fieldsets.append(("Rester en contact", [("check_in_on", "check_in_at")]))
        else:
            del self.fields["check_in_on"], self.fields["check_in_at"]
        self.enrolments = {enrolment.ref: enrolment for enrolment in enrolments}
        names = [(ref, enrolment.person.full_name) for ref, enrolment in self.enrolments.items()]
        self.fields["participant"].choices = [("", "choisir"), *names]  # type: ignore[attr-defined]

    @property
    def enrolment(self) -> Enrolment:
        """The parcours chosen."""
        return self.enrolments[self.cleaned_data["participant"]]

    @property
    def job_application(self) -> Application | None:
        """The application that the contract follows."""
        return self.applications.get(self.cleaned_data.get("application", ""))

    @property
    def check_in(self) -> datetime | None:
        """The moment of the call after hiring, at nine when the hour is not said."""
        day = self.cleaned_data.get("check_in_on")
        return datetime.combine(day, self.cleaned_data.get("check_in_at") or time(9), PARIS) if day else None


class CorrectContractForm(ContractForm, EditForm):
    """A contract set right."""

    def __init__(self, *args: Any, contract: WorkContract, **kwargs: Any) -> None:
        shown = {name: getattr(contract, name) for name in (*ContractTerms.__slots__, "version")}
        shown["organisation"] = contract.organisation.ref if contract.organisation else ""
        super().__init__(*args, initial=shown, **kwargs)


class EndForm(EditForm):
    """The last day worked."""

    on = DateField(label="Dernier jour travaillé")
    early = forms.TypedChoiceField(
        label="Ce contrat",
        choices=[("non", "est allé à son terme"), ("oui", "s’est arrêté avant son terme")],
        coerce=lambda answer: answer == "oui",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    initiator = forms.ChoiceField(
        label="À l’initiative de", choices=[("", "non renseigné"), *EndInitiator.choices], required=False
    )

    def __init__(self, *args: Any, contract: WorkContract, **kwargs: Any) -> None:
        is_known = contract.ended_early is not None
        initial = {
            "version": contract.version,
            "on": contract.ended_on or today(),
            "early": ("oui" if contract.ended_early else "non") if is_known else None,
            "initiator": contract.end_initiator,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["on"].limit(earliest=contract.starts, latest=max(contract.starts, today()))  # type: ignore[attr-defined]


class ConfirmForm(EditForm):
    """A confirmation that carries the version it was asked about."""


class CompanyForm(Form):
    """What is known of a company."""

    name = TextField(label="Nom", max_length=200)
    kind = forms.ChoiceField(label="Type", choices=COMPANY_KINDS, initial=OrganisationKind.COMPANY.value)
    siret = SiretField(label="SIRET", required=False)
    sector = forms.ChoiceField(label="Secteur", choices=[("", "non renseigné"), *Sector.choices], required=False)
    zones = forms.MultipleChoiceField(
        label="Située en", choices=SHOWN_ZONES, required=False, widget=forms.CheckboxSelectMultiple
    )
    commune = TextField(label="Commune", max_length=120, required=False, help_text="Son nom, ou son code postal.")
    address = TextField(label="Adresse", max_length=250, required=False)
    phone = PhoneField(label="Téléphone", required=False)
    email = EmailField(label="Adresse électronique", max_length=254, required=False)

    fieldsets = [
        ("Qui est-ce ?", ["name", ("kind", "siret"), ("sector", "zones")]),
        ("Où et comment la joindre ?", ["commune", "address", ("phone", "email")]),
    ]

    def clean_commune(self) -> Any:
        try:
            return read_commune(self.cleaned_data["commune"])
        except CommuneNotFoundError as fault:
            raise forms.ValidationError(fault.message) from fault

    @property
    def company(self) -> dict[str, Any]:
        """The arguments of the directory's operations."""
        return {name: self.cleaned_data[name] for name in CompanyForm.base_fields}


class NewCompanyForm(CompanyForm, CreateForm):
    """A company nobody wrote yet; of the same name as another and without SIRET, it is said to be another."""

    is_another = forms.BooleanField(label="C’est une autre entreprise", required=False)
    asks_whether_another = False

    @property
    def fieldsets(self) -> list[Any]:  # type: ignore[override]
        """The groups of the form, the confirmation among them once it is asked."""
        asked = self.asks_whether_another or "is_another" in self.data
        return [*([("", ["is_another"])] if asked else []), *CompanyForm.fieldsets]


class EditCompanyForm(CompanyForm, EditForm):
    """A company to bring up to date."""

    def __init__(self, *args: Any, company: Organisation, **kwargs: Any) -> None:
        shown = {name: getattr(company, name) for name in CompanyForm.base_fields}
        shown["commune"] = f"{company.commune.name} ({company.commune.code})" if company.commune else ""
        super().__init__(*args, initial=shown | {"version": company.version}, **kwargs)
