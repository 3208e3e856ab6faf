"""Forms of appointments: when, with whom, where. Times are those of the clock on the wall."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from essaim.accounts.models import User
from essaim.agenda.engine.moments import NoSuchTimeError, paris_moment
from essaim.agenda.enums import AbsenceReason, AppointmentState, AppointmentType, MeetingMode
from essaim.agenda.forms.sessions import ClockField, RoomField
from essaim.agenda.operations import Where
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, TextField

LENGTHS = [15, 30, 45, 60, 90, 120, 180, 240]
LENGTH_WORDS = {60: "1 h", 90: "1 h 30", 120: "2 h", 180: "3 h", 240: "4 h"}
STATES = [
    (AppointmentState.MISSED.value, "absence sans prévenir"),
    (AppointmentState.EXCUSED.value, "absence excusée : la personne a prévenu"),
]


class CounsellorField(forms.ModelChoiceField):
    """A colleague by her full name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class MeetingForm(Form):
    """When, with whom and where two people meet; ``times`` and ``where`` are the arguments of the operations."""

    day = DateField(label="Jour")
    at = ClockField(label="Heure")
    minutes = forms.TypedChoiceField(
        label="Durée",
        coerce=int,
        choices=[(length, LENGTH_WORDS.get(length, f"{length} min")) for length in LENGTHS],
    )
    user = CounsellorField(label="Avec", queryset=None, to_field_name="uuid", empty_label=None)
    mode = forms.ChoiceField(label="Comment", choices=MeetingMode.choices)
    room = RoomField(label="Lieu", queryset=None, required=False, to_field_name="ref", empty_label="sans lieu réservé")
    place = TextField(label="Autre lieu", max_length=120, required=False)

    times: tuple[datetime, datetime]

    def __init__(self, *args: Any, users: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        if not rooms.exists():
            del self.fields["room"]

    def clean(self) -> dict[str, Any]:
        """Make two moments of the day, the hour and the length; an hour that the clocks skip is refused."""
        cleaned: dict[str, Any] = super().clean() or {}
        day, at, minutes = cleaned.get("day"), cleaned.get("at"), cleaned.get("minutes")
        if isinstance(day, date) and isinstance(at, time) and minutes:
            try:
                starts = paris_moment(day, at)
            except NoSuchTimeError:
                raise ValidationError({"at": "Cette heure n’existe pas ce jour-là : les horloges avancent."}) from None
            self.times = starts, starts + timedelta(minutes=minutes)
        return cleaned

    @property
    def where(self) -> Where:
        """How and where, as the operations take it."""
        given = self.cleaned_data
        return Where(mode=given["mode"], room=given.get("room"), place=given["place"])


class AppointmentForm(MeetingForm, CreateForm):
    """A new appointment."""

    type = forms.ChoiceField(label="Pour quoi")

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = types  # type: ignore[attr-defined]
        self.fieldsets = _with_room(self, [("Quand ?", ["type", ("day", "at", "minutes"), "user"])])


class MoveForm(MeetingForm, EditForm):
    """Another time, another counsellor, another place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fieldsets = _with_room(self, [("Quand ?", [("day", "at", "minutes"), "user"])])


class MissForm(EditForm):
    """Why someone did not come."""

    state = forms.ChoiceField(label="Ce qui s’est passé", choices=STATES, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="Motif", choices=[("", "choisir"), *AbsenceReason.choices], required=False)


class ConfirmForm(EditForm):
    """A confirmation that carries the version it was asked about."""


class AbsenceForm(CreateForm):
    """Days away, and who replaces."""

    user = CounsellorField(label="Qui est absent", queryset=None, to_field_name="uuid", empty_label=None)
    starts = DateField(label="Du")
    ends = DateField(label="Au")
    replaced_by = CounsellorField(
        label="Remplacement", queryset=None, to_field_name="uuid", required=False, empty_label="personne"
    )

    fieldsets = [("", ["user", ("starts", "ends"), "replaced_by"])]

    def __init__(self, *args: Any, users: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]
        self.fields["replaced_by"].queryset = colleagues  # type: ignore[attr-defined]


def list_types(is_in_action: bool) -> list[tuple[str, str]]:
    """Return the kinds of appointment to choose from, in words: outside an action, the follow-up alone."""
    if is_in_action:
        return [(str(value), str(label)) for value, label in AppointmentType.choices]
    return [(AppointmentType.FOLLOWUP.value, "point de suivi, accueil")]


def _with_room(form: Form, groups: list[Any]) -> list[Any]:
    where = [("room", "place")] if "room" in form.fields else ["place"]
    return [*groups, ("Où ?", ["mode", *where])]
