"""Forms of what an organisation knows of a company."""

from typing import Any

from django import forms

from essaim.employers.models import CompanyContact, CompanyProfile
from essaim.employers.operations import CompanyFacts, ContactDetails
from essaim.kernel.forms import CreateForm, EditForm, EmailField, Form, IntegerField, PhoneField, TextField


class CompanyProfileForm(EditForm):
    """How far a company is and how it recruits."""

    travel_minutes = IntegerField(
        label="Trajet depuis nos locaux",
        required=False,
        min_value=0,
        max_value=600,
        help_text="En minutes, par le moyen que prennent vos publics.",
    )
    recruits_often = forms.BooleanField(label="Recrute régulièrement", required=False)
    signed_diversity_charter = forms.BooleanField(label="A signé la charte de la diversité", required=False)
    is_key_account = forms.BooleanField(label="Grand compte", required=False)

    def __init__(self, *args: Any, profile: CompanyProfile | None, **kwargs: Any) -> None:
        names = (*CompanyFacts.__slots__, "version")
        shown = {name: getattr(profile, name) for name in names} if profile else {"version": 0}
        super().__init__(*args, initial=shown, **kwargs)

    @property
    def facts(self) -> CompanyFacts:
        """What is known, as the operation takes it."""
        return CompanyFacts(**{name: self.cleaned_data[name] for name in CompanyFacts.__slots__})


class ContactForm(Form):
    """Someone to call in a company."""

    name = TextField(label="Nom", max_length=120)
    role = TextField(label="Fonction", max_length=80, required=False)
    phone = PhoneField(label="Téléphone", required=False)
    email = EmailField(label="Adresse électronique", max_length=254, required=False)

    fieldsets = [("", ["name", "role", ("phone", "email")])]

    @property
    def details(self) -> ContactDetails:
        """The contact as the operations take it."""
        return ContactDetails(**{name: self.cleaned_data[name] for name in ContactDetails.__slots__})


class NewContactForm(ContactForm, CreateForm):
    """A contact nobody noted yet."""


class EditContactForm(ContactForm, EditForm):
    """A contact to bring up to date."""

    has_left = forms.BooleanField(label="N’est plus dans cette entreprise", required=False)

    fieldsets = [("", ["name", "role", ("phone", "email"), "has_left"])]

    def __init__(self, *args: Any, contact: CompanyContact, **kwargs: Any) -> None:
        shown = {name: getattr(contact, name) for name in (*ContactDetails.__slots__, "version")}
        super().__init__(*args, initial=shown | {"has_left": contact.left_on is not None}, **kwargs)
