"""The dates of a bilan, as its page asks for them."""

from datetime import date
from typing import Any

from django import forms

from essaim.journal.models import Action
from essaim.kernel.forms import DateField


class BilanDatesForm(forms.Form):
    """Period and observation days. Empty fields mean: the action's dates, seen and known today."""

    du = DateField(label="Du", required=False)
    au = DateField(label="Au", required=False)
    vu = DateField(label="Vu à la date du", required=False)
    connu = DateField(label="Avec ce qu’on savait le", required=False)

    def __init__(self, data: Any, *, action: Action) -> None:
        self.action = action
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("du") or self.action.starts, cleaned.get("au") or self.action.ends
        if since > until:
            self.add_error("au", "La période finit avant de commencer.")
        return cleaned

    def dates(self, *, today: date) -> dict[str, date | None]:
        """Return the arguments of ``compute_bilan``: by default the action's dates, seen today or at its end.

        A form with a wrong date counts for no date at all.
        """
        given = self.cleaned_data if self.is_valid() else {}
        until = given.get("au") or self.action.ends
        return {
            "since": given.get("du") or self.action.starts,
            "until": until,
            "on": given.get("vu") or min(until, max(today, self.action.starts)),
            "known_on": given.get("connu"),
        }
