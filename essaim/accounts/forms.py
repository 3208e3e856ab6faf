"""Forms of sign-in, account and members. They check shapes; the operations check the rules."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from essaim.accounts.enums import Role
from essaim.kernel.forms import EmailField, Form, TextField

LONGEST_PASSWORD = 256


class PasswordField(forms.CharField):
    """A password as typed, spaces included. ``autocomplete`` tells the browser's keeper what it is for."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **kwargs)


class RoleField(forms.ChoiceField):
    """One of the roles, with what they open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Rôle",
            choices=Role.choices,
            help_text="Responsables et conseillers voient les personnes suivies ; les responsables gèrent aussi les "
            "membres. Les pilotes voient les bilans, sans les noms ; les financeurs, le guide pour l’instant.",
            **kwargs,
        )


class ChosenPasswordForm(Form):
    """A password being chosen, typed twice."""

    new_password = PasswordField(label="Nouveau mot de passe", autocomplete="new-password")
    repeated = PasswordField(label="Le même, encore une fois", autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "repeated" in cleaned and cleaned.get("new_password", cleaned["repeated"]) != cleaned["repeated"]:
            self.add_error("repeated", "Les deux saisies sont différentes.")
        return cleaned


class PasswordChangeForm(ChosenPasswordForm):
    current_password = PasswordField(label="Mot de passe actuel", autocomplete="current-password")
    field_order = ("current_password", "new_password", "repeated")


class RegistrationForm(ChosenPasswordForm):
    first_name = TextField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = TextField(label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    fieldsets = [("", [("first_name", "last_name"), "new_password", "repeated"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].label = "Mot de passe"


class SignInForm(Form):
    email = EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = PasswordField(label="Mot de passe", autocomplete="current-password")
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class ForgottenPasswordForm(Form):
    email = EmailField(
        label="Adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text="Celle de votre compte.",
    )


class NamesForm(Form):
    first_name = TextField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = TextField(label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    fieldsets = [("", [("first_name", "last_name")])]


class InvitationForm(Form):
    email = EmailField(label="Adresse électronique", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = RoleField(initial=Role.COUNSELLOR)


class RoleForm(Form):
    role = RoleField()
