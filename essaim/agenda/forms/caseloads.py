"""Forms of caseloads and relays."""

from typing import Any

from django import forms

from essaim.agenda.forms.appointments import CounsellorField, MeetingForm
from essaim.journeys.enums import MoveReason
from essaim.journeys.models import Enrolment
from essaim.kernel.forms import CreateForm, EditForm


class ParcoursField(forms.ModelMultipleChoiceField):
    """Parcours by the name of the person and the action."""

    def label_from_instance(self, obj: Enrolment) -> str:
        return f"{obj.person.full_name}, {obj.action.title}"


class GiveForm(CreateForm):
    """To whom, why, and which parcours: none ticked gives everything."""

    to_user = CounsellorField(label="Confier à", queryset=None, to_field_name="uuid", empty_label="choisir")
    reason = forms.ChoiceField(label="Motif", choices=[("", "choisir"), *MoveReason.choices])
    enrolments = ParcoursField(
        label="Seulement ces parcours",
        queryset=None,
        to_field_name="ref",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien pour tout confier, dossiers hors action compris.",
    )

    fieldsets = [("", [("to_user", "reason"), "enrolments"])]

    def __init__(self, *args: Any, colleagues: Any, parcours: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["enrolments"].queryset = parcours  # type: ignore[attr-defined]


class AcceptForm(MeetingForm, EditForm):
    """The first meeting of someone whose relay is taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = [("room", "place")] if "room" in self.fields else ["place"]
        self.fieldsets = [("Premier rendez-vous", [("day", "at", "minutes"), "user"]), ("Où ?", ["mode", *where])]
