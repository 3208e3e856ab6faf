"""Forms of people: shapes only, the operations decide."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from essaim.accounts.models import Membership
from essaim.directory.queries import CommuneNotFoundError, read_commune
from essaim.kernel.days import today
from essaim.kernel.forms import (
    CreateForm,
    DateField,
    EditForm,
    EmailField,
    Form,
    NoteField,
    PhoneField,
    TextField,
)
from essaim.people.engine.names import Identity
from essaim.people.enums import ContactPreference
from essaim.people.models import Person
from essaim.people.operations import PersonDetails
from essaim.people.queries import list_possible_referents

NOTE_LENGTH = 4000


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


class IdentityForm(Form):
    """Who it is: what the search before creation needs."""

    first_name = TextField(label="Prénom", max_length=80)
    last_name = TextField(label="Nom", max_length=80)
    birth_date = DateField(
        label="Date de naissance",
        required=False,
        help_text="Jour, mois, année : 28/02/2004. Laissez vide si elle est inconnue.",
    )

    fieldsets = [("Qui est-ce ?", [("first_name", "last_name"), "birth_date"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "birth_date" in self.fields:
            self.fields["birth_date"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def identity(self) -> Identity:
        """What the search compares."""
        data = self.cleaned_data
        return Identity(data["first_name"], data["last_name"], data["birth_date"])


class DetailsForm(IdentityForm):
    """Everything a file says of who someone is and how to reach her."""

    commune = CommuneField(label="Commune", required=False, help_text="Son nom, ou son code postal.")
    address = TextField(label="Adresse", max_length=250, required=False)
    postcode = TextField(label="Code postal", max_length=5, required=False)
    phone = PhoneField(label="Téléphone", required=False)
    email = EmailField(label="Adresse électronique", max_length=254, required=False)
    contact_preference = forms.ChoiceField(
        label="Préfère être jointe",
        choices=[("", "sans préférence"), *ContactPreference.choices],
        required=False,
    )
    referent: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Référent", queryset=None, required=False, empty_label="personne pour l’instant"
    )
    is_protected = forms.BooleanField(
        label="Personne protégée",
        required=False,
        help_text="Violences, menace : elle n’apparaît dans aucune recherche hors de l’équipe référente.",
    )
    is_informed = forms.BooleanField(label="Je l’ai informée de ce dossier et de ses droits", required=False)

    fieldsets = [
        *IdentityForm.fieldsets,
        (
            "Comment la joindre ?",
            ["commune", ("address", "postcode"), ("phone", "email"), "contact_preference"],
        ),
        ("Qui la suit ?", ["referent", "is_protected", "is_informed"]),
    ]

    def __init__(self, *args: Any, viewer: Membership, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.informed_on = person.informed_on if person else None
        self.fields["referent"].queryset = list_possible_referents(viewer, person)  # type: ignore[attr-defined]
        self.fields["referent"].label_from_instance = lambda user: user.full_name  # type: ignore[attr-defined]

    @property
    def details(self) -> PersonDetails:
        """The arguments of the operations."""
        data = {key: value for key, value in self.cleaned_data.items() if key in PersonDetails.__slots__}
        informed = (self.informed_on or today(timezone.now())) if self.cleaned_data["is_informed"] else None
        return PersonDetails(**data, informed_on=informed)


class NewPersonForm(DetailsForm, CreateForm):
    """The creation, after the search. ``is_distinct`` is asked only when an own file is the same."""

    is_distinct = forms.BooleanField(
        label="C’est quelqu’un d’autre : j’ai vérifié les dossiers ci-dessus", required=False
    )


class EditPersonForm(DetailsForm, EditForm):
    """Names and contacts. The birth date belongs to the profile, whose pictures the actions keep."""

    fieldsets = [("Qui est-ce ?", [("first_name", "last_name")]), *DetailsForm.fieldsets[1:]]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, initial=initial_of(person), **kwargs)
        self.born = person.birth_date
        del self.fields["birth_date"]

    @property
    def details(self) -> PersonDetails:
        return replace(super().details, birth_date=self.born)


def initial_of(person: Person) -> dict[str, Any]:
    """Return what the edit form shows first."""
    shown = {name: getattr(person, name) for name in PersonDetails.__slots__}
    commune = f"{person.commune.name} ({person.commune.code})" if person.commune else ""
    return shown | {
        "commune": commune,
        "is_informed": person.informed_on is not None,
        "version": person.version,
    }


class NoteForm(CreateForm):
    """A free note for the referent team."""

    text = NoteField(
        label="Note",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lue par l’équipe référente seulement, jamais dans le fil ni dans les exports.",
    )
