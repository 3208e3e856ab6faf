"""Forms of the directory: they read what is typed, the operations decide."""

from typing import Any

from django import forms

from essaim.directory.enums import OrganisationKind, Sector
from essaim.directory.models import Commune, Organisation
from essaim.directory.queries import CommuneNotFoundError, read_commune
from essaim.kernel.forms import CreateForm, EditForm, EmailField, PhoneField, SiretField, TextField


class OrganisationForm(EditForm):
    """The fiche of an organisation."""

    name = TextField(label="Nom", max_length=200)
    kind = forms.ChoiceField(label="Type d’organisation", choices=OrganisationKind)
    siret = SiretField(label="SIRET", required=False, help_text="14 chiffres, avec ou sans espaces.")
    sector = forms.ChoiceField(label="Secteur", choices=[("", "Non précisé"), *Sector.choices], required=False)
    address = TextField(label="Adresse", max_length=250, required=False)
    commune = TextField(
        label="Commune", max_length=150, required=False, help_text="Son nom, ou son nom et son code postal."
    )
    phone = PhoneField(label="Téléphone", required=False)
    email = EmailField(label="Adresse électronique", required=False)

    fieldsets = [
        ("Qui êtes-vous ?", ["name", ("kind", "sector"), "siret"]),
        ("Où et comment vous joindre ?", ["address", "commune", ("phone", "email")]),
    ]

    def clean_commune(self) -> Commune | None:
        try:
            return read_commune(self.cleaned_data["commune"])
        except CommuneNotFoundError as error:
            raise forms.ValidationError(error.message) from error


class TerritoryForm(CreateForm):
    """A new territory: its name first, its communes and zones on its page."""

    name = TextField(label="Nom du territoire", max_length=120, help_text="Par exemple : quartiers nord.")


class TerritoryNameForm(EditForm):
    """The name of a territory."""

    name = TextField(label="Nom du territoire", max_length=120)


def initial_of(organisation: Organisation) -> dict[str, Any]:
    """Return what the form of this organisation shows first."""
    names = ("version", "name", "kind", "siret", "sector", "address", "phone", "email")
    commune = organisation.commune
    return {name: getattr(organisation, name) for name in names} | {
        "commune": f"{commune.name} ({commune.code})" if commune else ""
    }
