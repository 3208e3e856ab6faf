"""Who someone is and how to reach her: shapes only, the operations decide."""

from dataclasses import replace
from typing import Any

from django import forms

from essaim.accounts.models import Membership
from essaim.directory.queries import CommuneNotFoundError, read_commune
from essaim.kernel.days import today
from essaim.kernel.forms import CreateForm, DateField, EditForm, EmailField, PhoneField, TextField
from essaim.people.engine.ages import is_minor
from essaim.people.enums import ContactPreference, Housing, InformedHow, Representative
from essaim.people.forms.identity import IdentityForm
from essaim.people.models import Person
from essaim.people.operations import PersonDetails
from essaim.people.queries import list_possible_referents

HOME, REPRESENTATIVE = "Adresse et logement", "Représentant légal, si elle a moins de 18 ans"
CONTACT_FIELDSETS: list[tuple[str, list[str | tuple[str, ...]]]] = [
    (
        "Comment la joindre ?",
        ["phone", "is_phone_shared", "email", "is_email_shared", ("contact_preference", "spoken_language")],
    ),
    ("Où habite-t-elle ?", ["commune"]),
    (HOME, ["address", "postcode", "housing", "domiciled_at"]),
    (REPRESENTATIVE, ["representative_name", ("representative_link", "representative_phone")]),
    ("Qui la suit ?", ["referent", "is_protected", ("informed_on", "informed_how")]),
]


class CommuneField(TextField):
    """A commune written as people write it: « Marseille », « Saint-Denis (974) », « 13055 »."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_commune(text)
        except CommuneNotFoundError as fault:
            raise forms.ValidationError(str(fault)) from fault


class DetailsForm(IdentityForm):
    """Everything a file says of who someone is and how to reach her. The rare parts are folded, not hidden."""

    phone = PhoneField(label="Téléphone", required=False)
    is_phone_shared = forms.BooleanField(
        label="Quelqu’un d’autre répond aussi à ce numéro",
        required=False,
        help_text="On n’y laisse pas de message qui parle d’elle.",
    )
    email = EmailField(label="Adresse électronique", max_length=254, required=False)
    is_email_shared = forms.BooleanField(label="Quelqu’un d’autre lit aussi cette adresse", required=False)
    contact_preference = forms.ChoiceField(
        label="Préfère être jointe",
        choices=[("", "sans préférence"), *ContactPreference.choices],
        required=False,
    )
    spoken_language = TextField(
        label="Langue à parler avec elle", max_length=40, required=False, help_text="Si le français ne suffit pas."
    )
    commune = CommuneField(label="Commune", required=False, help_text="Son nom, ou son code postal.")
    address = TextField(label="Adresse", max_length=250, required=False)
    postcode = TextField(label="Code postal", max_length=5, required=False)
    housing = forms.ChoiceField(label="Logement", choices=[("", "non renseigné"), *Housing.choices], required=False)
    domiciled_at = TextField(
        label="Domiciliée auprès de", max_length=120, required=False, help_text="L’organisme qui reçoit son courrier."
    )
    representative_name = TextField(label="Nom du représentant", max_length=120, required=False)
    representative_link = forms.ChoiceField(
        label="Qui est-ce pour elle", choices=[("", "non renseigné"), *Representative.choices], required=False
    )
    representative_phone = PhoneField(label="Téléphone du représentant", required=False)
    referent: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Référent", queryset=None, required=False, empty_label="personne pour l’instant"
    )
    is_protected = forms.BooleanField(
        label="Personne protégée",
        required=False,
        help_text="Violences, menace : elle n’apparaît dans aucune recherche hors de l’équipe référente.",
    )
    informed_on = DateField(
        label="Informée de ses droits le",
        required=False,
        help_text="Laissez vide si ce n’est pas encore fait.",
    )
    informed_how = forms.ChoiceField(label="Comment", choices=[("", "choisir"), *InformedHow.choices], required=False)

    fieldsets = [*IdentityForm.fieldsets, *CONTACT_FIELDSETS]
    folded = frozenset({HOME, REPRESENTATIVE})

    def __init__(self, *args: Any, viewer: Membership, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["referent"].queryset = list_possible_referents(viewer, person)  # type: ignore[attr-defined]
        self.fields["referent"].label_from_instance = lambda user: user.full_name  # type: ignore[attr-defined]
        self.fields["informed_on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def opened(self) -> frozenset[str]:
        """The folded parts shown open: under 18, someone else signs for her."""
        return frozenset({REPRESENTATIVE}) if self.is_minor else frozenset()

    @property
    def is_minor(self) -> bool:
        """Whether she is known to be under 18."""
        return is_minor(self._birth_date(), today())

    @property
    def details(self) -> PersonDetails:
        """The arguments of the operations. The point on the map goes with an address that has changed."""
        data = {key: value for key, value in self.cleaned_data.items() if key in PersonDetails.__slots__}
        if self.person is not None and not {"address", "postcode", "commune"} & set(self.changed_data):
            data |= {"latitude": self.person.latitude, "longitude": self.person.longitude}
        return PersonDetails(**data)

    def _birth_date(self) -> Any:
        typed = self.data.get("birth_date") if self.is_bound else self.initial.get("birth_date")
        if self.person is not None:
            return self.person.birth_date
        try:
            return self.fields["birth_date"].clean(typed)
        except forms.ValidationError:
            return None


class NewPersonForm(DetailsForm, CreateForm):
    """The creation, after the search. ``is_distinct`` is asked only when an own file is the same."""

    is_distinct = forms.BooleanField(
        label="C’est quelqu’un d’autre : j’ai vérifié les dossiers ci-dessus", required=False
    )


class EditPersonForm(DetailsForm, EditForm):
    """Names and contacts. The birth date belongs to the profile, whose pictures the actions keep."""

    fieldsets = [("Qui est-ce ?", [("first_name", "last_name")]), *CONTACT_FIELDSETS]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, initial=initial_of(person), **kwargs)
        del self.fields["birth_date"]

    @property
    def details(self) -> PersonDetails:
        """As the form says, born as the file says."""
        assert self.person is not None
        return replace(super().details, birth_date=self.person.birth_date)


def initial_of(person: Person) -> dict[str, Any]:
    """Return what the edit form shows first."""
    shown = {name: getattr(person, name) for name in PersonDetails.__slots__}
    commune = f"{person.commune.name} ({person.commune.code})" if person.commune else ""
    return shown | {"commune": commune, "version": person.version}
