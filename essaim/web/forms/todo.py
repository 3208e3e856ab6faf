"""Putting off a line of « À faire »."""

from datetime import date, timedelta

from django import forms

from essaim.kernel.forms import CreateForm, DateField
from essaim.web.enums import SnoozeReason
from essaim.web.operations.snoozes import LONGEST_DAYS


class SnoozeForm(CreateForm):
    until = DateField(label="Me le rappeler le")
    reason = forms.ChoiceField(label="Motif", choices=SnoozeReason, widget=forms.RadioSelect)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["until"].limit(  # type: ignore[attr-defined]
            earliest=today + timedelta(days=1), latest=today + timedelta(days=LONGEST_DAYS)
        )
