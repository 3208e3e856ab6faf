"""Forms of the sheets of profiles."""

from datetime import timedelta
from typing import Any

from django import forms

from essaim.employers.engine.cards import LENGTHS
from essaim.employers.enums import CardField
from essaim.employers.models import ProfileSheet, SheetAgreement
from essaim.employers.queries import Recipient
from essaim.kernel.days import today
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, NoteField, TextField

USUAL_AGREEMENT = timedelta(days=183)


class AgreementForm(CreateForm):
    """What a person agrees to show, written with her: a field left empty is not shown."""

    shows_first_name = forms.BooleanField(
        label="Montrer son prénom (sinon, son initiale)", required=False, initial=True
    )
    trade = TextField(label="Métier recherché", max_length=LENGTHS["trade"])
    skills = TextField(label="Compétences", max_length=LENGTHS["skills"], required=False)
    licence = TextField(label="Permis, véhicule", max_length=LENGTHS["licence"], required=False)
    availability = TextField(label="Disponibilité", max_length=LENGTHS["availability"], required=False)
    words = NoteField(
        label="Quelques mots d’elle", max_length=LENGTHS["words"], required=False, help_text="À la première personne."
    )
    agreed_on = DateField(label="D’accord depuis le", initial=today)
    expires_on = DateField(label="Jusqu’au")
    was_shown = forms.BooleanField(label="La personne a lu cette présentation et elle est d’accord")

    fieldsets = [
        ("Ce que les employeurs liront", ["shows_first_name", "trade", "skills", ("licence", "availability"), "words"]),
        ("Son accord", [("agreed_on", "expires_on"), "was_shown"]),
    ]

    def __init__(self, *args: Any, agreement: SheetAgreement | None, proposed: dict[str, str], **kwargs: Any) -> None:
        initial: dict[str, Any] = {**proposed, "expires_on": today() + USUAL_AGREEMENT}
        if agreement is not None:
            initial |= agreement.card | {"shows_first_name": CardField.FIRST_NAME in agreement.fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["agreed_on"].limit(latest=today())  # type: ignore[attr-defined]

    @property
    def card(self) -> dict[str, str]:
        """The chosen fields with their text."""
        shown = {key: self.cleaned_data[key] for key in LENGTHS if self.cleaned_data[key]}
        return ({CardField.FIRST_NAME.value: ""} if self.cleaned_data["shows_first_name"] else {}) | shown


class SheetForm(Form):
    """An edition: its title, its day, who is on it."""

    title = TextField(label="Titre", max_length=120)
    edition_on = DateField(label="Édition du", initial=today)
    people = forms.MultipleChoiceField(label="Qui y figure ?", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agreements: list[SheetAgreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = {str(agreement.pk): agreement for agreement in agreements}
        names = [
            (key, f"{one.enrolment.person.full_name}, {one.card['trade']}") for key, one in self.agreements.items()
        ]
        self.fields["people"].choices = names  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[SheetAgreement]:
        """The agreements chosen, in the order of the list."""
        return [one for key, one in self.agreements.items() if key in self.cleaned_data["people"]]


class NewSheetForm(SheetForm, CreateForm):
    """A new edition: everyone who agreed is proposed."""


class EditSheetForm(SheetForm, EditForm):
    """An edition not sent yet."""

    def __init__(self, *args: Any, sheet: ProfileSheet, kept: list[int], **kwargs: Any) -> None:
        shown = {name: getattr(sheet, name) for name in ("title", "edition_on", "version")}
        shown["people"] = [str(key) for key in kept]
        super().__init__(*args, initial=shown, **kwargs)


class SendSheetForm(CreateForm):
    """The employers an edition is sent to."""

    companies = forms.MultipleChoiceField(label="À quels employeurs ?", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, recipients: list[Recipient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = {one.company.ref: one for one in recipients if one.email}
        names = [(ref, f"{one.company.name} : {one.email}") for ref, one in self.recipients.items()]
        self.fields["companies"].choices = names  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Any]:
        """The companies chosen."""
        return [one.company for ref, one in self.recipients.items() if ref in self.cleaned_data["companies"]]


class ConfirmSheetForm(CreateForm):
    """A confirmation without anything to fill."""
