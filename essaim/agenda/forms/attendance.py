"""The sheet of a session as one form: three fields a person, named after her code."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from essaim.agenda.enums import AbsenceReason, AttendanceState
from essaim.agenda.operations import AttendanceRow
from essaim.agenda.queries import SheetRow
from essaim.kernel.forms import DecimalField, EditForm

STATE, HOURS, REASON, EXTRA = "etat", "heures", "motif", "ajout"
LETTERS = {AttendanceState.PRESENT: "P", AttendanceState.EXCUSED: "E", AttendanceState.ABSENT: "A"}


class AttendanceForm(EditForm):
    """Who came: a state, hours when present, a reason when not. Nothing chosen: not known yet."""

    def __init__(self, *args: Any, sheet: Sequence[SheetRow], fills: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for row in sheet:
            code, default = row.person.code, AttendanceState.PRESENT.value if fills else ""
            self.fields[f"{STATE}-{code}"] = forms.ChoiceField(
                choices=AttendanceState.choices,
                required=False,
                initial=row.state or default,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choisissez présente, excusée ou absente."},
            )
            self.fields[f"{HOURS}-{code}"] = DecimalField(
                required=False, min_value=0, max_value=Decimal(24), max_digits=5, decimal_places=2, initial=row.hours
            )
            self.fields[f"{HOURS}-{code}"].widget.attrs["class"] = "form-control num"
            self.fields[f"{REASON}-{code}"] = forms.ChoiceField(
                choices=[("", "motif"), *AbsenceReason.choices],
                required=False,
                initial=row.reason,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One line a person, as the page draws it."""
        return [
            {
                "row": row,
                "state": self[f"{STATE}-{row.person.code}"],
                "hours": self[f"{HOURS}-{row.person.code}"],
                "reason": self[f"{REASON}-{row.person.code}"],
            }
            for row in self.sheet
        ]

    @property
    def rows(self) -> list[AttendanceRow]:
        """The sheet as the operation takes it; people nothing was ever said of are left out."""
        found = []
        for row in self.sheet:
            data, code = self.cleaned_data, row.person.code
            state = data[f"{STATE}-{code}"]
            if state or row.attendance is not None:
                reason = data[f"{REASON}-{code}"] if state != AttendanceState.PRESENT else ""
                found.append(AttendanceRow(row.person, state, data[f"{HOURS}-{code}"], reason))
        return found


def with_someone(data: QueryDict, row: SheetRow) -> QueryDict:
    """Return what was typed, with someone more on the sheet, present."""
    code, changed = row.person.code, data.copy()
    changed.appendlist(EXTRA, code)
    changed[f"{STATE}-{code}"], changed[f"{HOURS}-{code}"] = AttendanceState.PRESENT.value, str(row.hours)
    return changed
