"""Forms of sessions: shapes only, the operations decide."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from essaim.accounts.models import User
from essaim.agenda.engine.series import local_moment
from essaim.agenda.models import PlannedSession, Room
from essaim.agenda.operations import SessionPlan
from essaim.journal.enums import SessionKind
from essaim.journeys.models import Group
from essaim.kernel.days import PARIS
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, IntegerField, TextField

TYPED_TIME = re.compile(r"^(\d{1,2})\s*(?:h|:|\.)?\s*(\d{2})?$", re.IGNORECASE)
WEEKDAYS = [
    ("1", "lundi"),
    ("2", "mardi"),
    ("3", "mercredi"),
    ("4", "jeudi"),
    ("5", "vendredi"),
    ("6", "samedi"),
    ("7", "dimanche"),
]


class ClockField(forms.TimeField):
    """A time of day: from the browser's clock, or typed as 9h30."""

    widget = forms.TimeInput(attrs={"type": "time", "class": "w-date num"}, format="%H:%M")
    default_error_messages = {"invalid": "Écrivez une heure, par exemple 9 h 30."}

    def to_python(self, value: Any) -> time | None:
        typed = TYPED_TIME.match(value.strip()) if isinstance(value, str) else None
        if not typed:
            return super().to_python(value)
        try:
            return time(int(typed[1]), int(typed[2] or 0))
        except ValueError:
            raise ValidationError("Cette heure n’existe pas.") from None


class TrainerField(forms.ModelChoiceField):
    """A colleague by her full name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class RoomField(forms.ModelChoiceField):
    """A room, with how many it holds."""

    def label_from_instance(self, obj: Room) -> str:
        return f"{obj.name} ({obj.capacity} places)" if obj.capacity else obj.name


class PlaceForm(Form):
    """Where a session takes place and who animates it."""

    room = RoomField(label="Lieu", queryset=None, required=False, to_field_name="ref", empty_label="aucun lieu choisi")
    trainer = TrainerField(
        label="Animée par", queryset=None, required=False, to_field_name="uuid", empty_label="personne pour l’instant"
    )

    def __init__(self, *args: Any, rooms: Any, trainers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["trainer"].queryset = trainers  # type: ignore[attr-defined]


class SessionForm(PlaceForm):
    """What a session is."""

    kind = forms.ChoiceField(label="Nature", choices=SessionKind.choices)
    title = TextField(label="Titre", max_length=120)
    day = DateField(label="Jour")
    starts_at = ClockField(label="De")
    ends_at = ClockField(label="À")
    place = TextField(label="Autre lieu", required=False, max_length=120, help_text="S’il n’est pas dans la liste.")
    trainer_name = TextField(
        label="Intervenant extérieur", required=False, max_length=120, help_text="S’il n’a pas de compte."
    )
    contents = forms.MultipleChoiceField(
        label="Ce qu’on y travaille", required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = IntegerField(label="Places", required=False, min_value=1, max_value=32_000)

    def __init__(self, *args: Any, contents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contents:
            self.fields["contents"].choices = contents  # type: ignore[attr-defined]
        else:
            del self.fields["contents"]

    def plan(self, *, group: Group | None, step: str) -> SessionPlan:
        """Return the session as the operations take it."""
        data = self.cleaned_data
        return SessionPlan(
            kind=data["kind"],
            title=data["title"],
            starts=local_moment(data["day"], data["starts_at"]),
            ends=local_moment(data["day"], data["ends_at"]),
            group=group,
            step=step,
            room=data["room"],
            place=data["place"],
            trainer=data["trainer"],
            trainer_name=data["trainer_name"],
            contents=tuple(data.get("contents", ())),
            capacity=data["capacity"],
        )


class GroupField(forms.ModelChoiceField):
    """A group of the action, or all of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, required=False, to_field_name="ref", empty_label="toute l’action", **kwargs)


class NewSessionForm(SessionForm, CreateForm):
    """A session added, once or each week."""

    group = GroupField(label="Pour qui ?")
    registers = forms.BooleanField(label="Inscrire tout de suite ces personnes", required=False, initial=True)
    weekdays = forms.MultipleChoiceField(
        label="Chaque", required=False, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    last_day = DateField(label="Jusqu’au", required=False)
    keeps_holidays = forms.BooleanField(label="Garder les jours fériés", required=False)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        what: list[str | tuple[str, ...]] = [("title", "kind"), *(["contents"] if "contents" in self.fields else [])]
        self.fieldsets = [
            ("Quelle séance ?", what),
            ("Quand ?", ["day", ("starts_at", "ends_at")]),
            ("Où et avec qui ?", [("room", "place"), ("trainer", "trainer_name")]),
            ("Pour qui ?", [("group", "capacity"), "registers"]),
            ("Se répète-t-elle chaque semaine ?", ["weekdays", "last_day", "keeps_holidays"]),
        ]
        self.fields["group"].label = "Groupe"
        self.fields["last_day"].help_text = "Vide : une seule séance, le jour indiqué plus haut."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("weekdays") and not data.get("last_day"):
            self.add_error("last_day", "Dites jusqu’à quand la séance se répète.")
        return data

    @property
    def is_series(self) -> bool:
        """Whether it repeats; without days chosen, on the weekday of its first day."""
        return bool(self.cleaned_data["last_day"])

    @property
    def chosen_weekdays(self) -> list[int]:
        """The days of the week on which it repeats."""
        day: date = self.cleaned_data["day"]
        return [int(value) for value in self.cleaned_data["weekdays"]] or [day.isoweekday()]


class EditSessionForm(SessionForm, EditForm):
    """A session changed or moved."""

    def __init__(self, *args: Any, planned: PlannedSession, **kwargs: Any) -> None:
        starts, ends = planned.starts.astimezone(PARIS), planned.ends.astimezone(PARIS)
        shown = {
            "version": planned.version,
            "kind": planned.session.kind,
            "title": planned.session.title,
            "day": starts.date(),
            "starts_at": starts.time(),
            "ends_at": ends.time(),
            "room": planned.room and planned.room.ref,
            "place": planned.place,
            "trainer": planned.trainer and planned.trainer.uuid,
            "trainer_name": planned.trainer_name,
            "contents": planned.contents,
            "capacity": planned.session.capacity,
        }
        super().__init__(*args, initial=shown, **kwargs)
        what: list[str | tuple[str, ...]] = [("title", "kind"), *(["contents"] if "contents" in self.fields else [])]
        self.fieldsets = [
            ("Quelle séance ?", [*what, "capacity"]),
            ("Quand ?", ["day", ("starts_at", "ends_at")]),
            ("Où et avec qui ?", [("room", "place"), ("trainer", "trainer_name")]),
        ]


class TrainingForm(PlaceForm, CreateForm):
    """The training of a group of newcomers, planned in one go."""

    first_day = DateField(label="Premier jour")
    starts_at = ClockField(label="De", initial=time(9))
    ends_at = ClockField(label="À", initial=time(12))
    group = GroupField(label="Groupe")
    registers = forms.BooleanField(label="Inscrire les nouveaux à chaque séance", required=False, initial=True)

    fieldsets = [("", [("first_day", "group"), ("starts_at", "ends_at"), ("room", "trainer"), "registers"])]

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class ConfirmForm(EditForm):
    """Only the version."""
