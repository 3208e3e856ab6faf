"""The dates of a bilan, as its page asks for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.kernel.forms import CreateForm, DateField, NoteField


class BilanDatesForm(forms.Form):
    """Period and observation days, filled with the defaults: the action's dates, seen today or at its end."""

    du = DateField(label="Du")
    au = DateField(label="Au")
    vu = DateField(label="Vu à la date du")
    connu = DateField(label="Avec ce qu’on savait le", required=False)

    def __init__(self, asked: Mapping[str, str], *, action: Action, today: date) -> None:
        self.defaults = {
            "du": action.starts,
            "au": action.ends,
            "vu": min(action.ends, max(today, action.starts)),
        }
        given = {key: asked[key] for key in self.base_fields if asked.get(key)}
        super().__init__(self.defaults | given)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "du" in cleaned and "au" in cleaned and cleaned["du"] > cleaned["au"]:
            self.add_error("au", "La période finit avant de commencer.")
        return cleaned

    def dates(self) -> dict[str, date | None]:
        """Return the arguments of ``compute_bilan``. When one date is wrong, all are the defaults."""
        given = self.cleaned_data if self.is_valid() else self.defaults
        return {"since": given["du"], "until": given["au"], "on": given["vu"], "known_on": given.get("connu")}


class ClaimPeriodForm(forms.Form):
    """The period of a claim, ``usual`` unless the URL says otherwise."""

    since = DateField(label="Participants du")
    until = DateField(label="Au")

    def __init__(self, asked: Mapping[str, str], *, usual: tuple[date, date]) -> None:
        self.usual = dict(zip(("since", "until"), usual, strict=True))
        super().__init__(self.usual | {key: asked[key] for key in self.usual if asked.get(key)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "since" in cleaned and "until" in cleaned and cleaned["since"] > cleaned["until"]:
            self.add_error("until", "La période finit avant de commencer.")
        return cleaned

    def period(self) -> tuple[date, date]:
        """Return the period asked, the usual one when a date is wrong."""
        given = self.cleaned_data if self.is_valid() else self.usual
        return given["since"], given["until"]


class ClaimForm(CreateForm):
    """The period of the file to freeze, as the page showed it."""

    since = DateField(widget=forms.HiddenInput)
    until = DateField(widget=forms.HiddenInput)


class SendBilanForm(CreateForm):
    """To whom a bilan goes, and over which dates."""

    recipient: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Financeur", queryset=None, empty_label="À choisir"
    )
    since = DateField(label="Du")
    until = DateField(label="Au")
    observed_on = DateField(label="Vu à la date du")
    message = NoteField(label="Message au financeur", required=False, max_length=2000)
    fieldsets = [("", ["recipient", ("since", "until", "observed_on"), "message"])]

    def __init__(self, *args: Any, action: Action, funders: QuerySet[Organisation], today: date) -> None:
        seen = min(action.ends, max(today, action.starts))
        initial = {"since": action.starts, "until": action.ends, "observed_on": seen}
        super().__init__(*args, initial=initial)
        recipient: Any = self.fields["recipient"]
        recipient.queryset = funders
