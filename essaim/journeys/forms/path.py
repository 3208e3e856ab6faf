"""Forms of what happens along a parcours: renewal, documents to sign, measures, trainings, help, contacts."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from essaim.accounts.models import Membership
from essaim.directory.queries import list_organisations_for
from essaim.journeys.enums import ContactMode, MeasureType, RefusalReason, Signatory, SignatureMeans
from essaim.journeys.models import Commitment, Enrolment, Measure, StaffMember, TrainingEntry
from essaim.journeys.operations import MeasureDetails, TrainingDetails
from essaim.journeys.queries.commitments import missing_signatories, signatory_name
from essaim.kernel.days import PARIS, today
from essaim.kernel.forms import CreateForm, DateField, EditForm, MoneyField, TextField

NO_ONE = [("", "choisir")]
NOON = time(12)


class RenewForm(EditForm):
    """A decision on a renewal."""

    accept = forms.TypedChoiceField(
        label="Décision",
        choices=[("oui", "Renouveler"), ("non", "Ne pas renouveler")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
        initial="oui",
    )
    on = DateField(label="Décidé le")
    reason = forms.ChoiceField(
        label="Motif, si vous ne renouvelez pas",
        choices=[("", "choisir"), *RefusalReason.choices],
        required=False,
    )
    explanation = TextField(
        label="Pourquoi", max_length=500, required=False, help_text="Nécessaire si vous ne renouvelez pas."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or RefusalReason.OTHER.value


class SignForm(CreateForm):
    """One signature, here and now."""

    signatory = forms.ChoiceField(label="Qui signe", widget=forms.RadioSelect)
    signed_on = DateField(label="Signé le")
    means = SignatureMeans.SCREEN

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].limit(earliest=commitment.enrolment.opened_on, latest=today())  # type: ignore[attr-defined]
        # Sent twice, the same form still names someone who has signed meanwhile.
        shown = [Signatory(one) for one in commitment.expected] if self.is_bound else missing_signatories(commitment)
        self.fields["signatory"].choices = [(one.value, _who(commitment, one)) for one in shown]  # type: ignore[attr-defined]


class PaperForm(CreateForm):
    """A sheet that everybody signed, scanned or not."""

    signed_on = DateField(label="Signé le")
    upload = forms.FileField(
        label="Le papier numérisé",
        required=False,
        help_text="PDF ou photo. Vous pouvez aussi le garder dans votre armoire.",
    )

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].limit(earliest=commitment.enrolment.opened_on, latest=today())  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        return {name: self.cleaned_data[name] for name in ("signed_on", "upload")}


class MeasureForm(CreateForm):
    """A service, a brick or an aid."""

    type = forms.ChoiceField(label="Nature", choices=[*NO_ONE, *MeasureType.choices])
    label = TextField(label="Intitulé", max_length=120, help_text="Le nom du service, pas celui d’une personne.")
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Structure", queryset=None, required=False, empty_label="aucune", to_field_name="ref"
    )
    used_on = DateField(label="Utilisée le")
    starts = DateField(label="Du", required=False)
    ends = DateField(label="Au", required=False)
    cost = MoneyField(label="Coût (€)", required=False)

    fieldsets = [("", ["type", "label", "organisation", "used_on", ("starts", "ends"), "cost"])]

    def __init__(self, *args: Any, viewer: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = list_organisations_for(viewer)  # type: ignore[attr-defined]
        self.fields["used_on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def details(self) -> MeasureDetails:
        """What the operation takes."""
        return MeasureDetails(**{name: self.cleaned_data[name] for name in MeasureDetails.__slots__})


class TrainingForm(CreateForm):
    """A training course joined."""

    title = TextField(label="Formation", max_length=120)
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Organisme", queryset=None, required=False, empty_label="à préciser", to_field_name="ref"
    )
    is_qualifying = forms.BooleanField(
        label="Qualifiante : elle mène à un diplôme, un titre ou un certificat", required=False
    )
    joined_on = DateField(label="Entrée en formation le")
    starts = DateField(label="Début")
    ends = DateField(label="Fin", required=False)

    fieldsets = [("", ["title", "organisation", "is_qualifying", "joined_on", ("starts", "ends")])]

    def __init__(self, *args: Any, viewer: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = list_organisations_for(viewer)  # type: ignore[attr-defined]
        self.fields["joined_on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def details(self) -> TrainingDetails:
        """What the operation takes."""
        return TrainingDetails(**{name: self.cleaned_data[name] for name in TrainingDetails.__slots__})


class MeasureEditForm(MeasureForm, EditForm):
    """A measure set right."""


class TrainingEditForm(TrainingForm, EditForm):
    """A training course set right."""


class MentoringForm(CreateForm):
    """Who helps a newcomer."""

    mentor = forms.ChoiceField(label="Qui l’épaule")
    since = DateField(label="Depuis le")

    def __init__(
        self, *args: Any, alumni: list[Enrolment], staff: list[StaffMember], enrolment: Enrolment, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.alumni = {f"a{one.pk}": one for one in alumni}
        self.staff = {f"s{one.pk}": one for one in staff}
        groups = [
            ("Anciens de l’action", [(key, one.person.full_name) for key, one in self.alumni.items()]),
            ("Équipe", [(key, f"{one} ({one.get_role_display()})") for key, one in self.staff.items()]),
        ]
        self.fields["mentor"].choices = [*NO_ONE, *(group for group in groups if group[1])]  # type: ignore[attr-defined]
        self.fields["since"].limit(earliest=enrolment.opened_on, latest=today())  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        key = self.cleaned_data["mentor"]
        return {"alumnus": self.alumni.get(key), "staff": self.staff.get(key), "since": self.cleaned_data["since"]}


class MentoringEndForm(EditForm):
    """The last day of a help."""

    until = DateField(label="Jusqu’au")


class ContactForm(CreateForm):
    """A contact noted in one line: how, whether she answered, when."""

    mode = forms.ChoiceField(label="Comment", choices=ContactMode.choices, initial=ContactMode.PHONE)
    answer = forms.ChoiceField(
        label="Résultat",
        choices=[("reached", "jointe"), ("tried", "pas de réponse"), ("wrote", "c’est elle qui a appelé ou écrit")],
    )
    day = DateField(label="Le")
    hour = forms.TimeField(
        label="À", required=False, widget=forms.TimeInput(attrs={"type": "time", "class": "w-number num"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation; without hour: now for today, noon otherwise."""
        data = self.cleaned_data
        now = timezone.now().astimezone(PARIS)
        hour = data["hour"] or (now.time() if data["day"] == now.date() else NOON)
        return {
            "at": datetime.combine(data["day"], hour, PARIS),
            "mode": data["mode"],
            "reached": data["answer"] != "tried",
            "by_person": data["answer"] == "wrote",
        }


def measure_initial(measure: Measure) -> dict[str, Any]:
    """What the form of a measure shows."""
    shown = {name: getattr(measure, name) for name in MeasureDetails.__slots__}
    return shown | {"organisation": measure.organisation and measure.organisation.ref, "version": measure.version}


def training_initial(training: TrainingEntry) -> dict[str, Any]:
    """What the form of a training shows."""
    shown = {name: getattr(training, name) for name in TrainingDetails.__slots__}
    return shown | {"organisation": training.organisation and training.organisation.ref, "version": training.version}


def _who(commitment: Commitment, signatory: Signatory) -> str:
    name = signatory_name(commitment, signatory)
    words = str(signatory.label)
    return f"{name} ({words})" if name else words[:1].upper() + words[1:]
