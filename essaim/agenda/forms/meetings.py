"""Forms of meetings: shapes only, the operations decide."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from essaim.accounts.models import Membership, User
from essaim.agenda.engine.series import local_moment
from essaim.agenda.enums import AttendanceState, DecisionState, MeetingKind
from essaim.agenda.forms.sessions import ClockField, RoomField, TrainerField
from essaim.agenda.models import AgendaItem, Attendee, Meeting, MeetingDecision
from essaim.agenda.operations import DecisionPlan, Guest, MeetingPlan, SessionPlan
from essaim.journal.enums import SessionKind
from essaim.kernel.days import PARIS
from essaim.kernel.forms import CreateForm, DateField, EditForm, Form, NoteField, TextField

RHYTHMS = [
    ("", "une seule fois"),
    ("1", "chaque semaine"),
    ("2", "toutes les deux semaines"),
    ("4", "toutes les quatre semaines"),
    ("8", "toutes les huit semaines"),
    ("13", "tous les trois mois"),
    ("26", "tous les six mois"),
]
GUESTS_HELP = "Une personne par ligne : nom, organisation, adresse électronique. Seul le nom est nécessaire."
PRESENCE, NOTES = "presence", "notes"
STATES = [("present", "présent·e"), ("excused", "excusé·e"), ("absent", "absent·e")]


class InvitedField(forms.ModelMultipleChoiceField):
    """Accounts of the team and of the partners, each with whom she represents."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user.full_name}, {obj.organisation.name}"


class GuestsField(NoteField):
    """People without account, one a line: name, organisation, address."""

    def clean(self, value: Any) -> tuple[Guest, ...]:
        lines = [line for line in str(super().clean(value)).splitlines() if line.strip()]
        return tuple(self._guest(line) for line in lines)

    def _guest(self, line: str) -> Guest:
        parts = [" ".join(part.split()) for part in line.split(",")]
        email = parts.pop().lower() if len(parts) > 1 and "@" in parts[-1] else ""
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise ValidationError(f"« {email} » n’est pas une adresse électronique.") from None
        name, organisation = parts[0], ", ".join(part for part in parts[1:] if part)
        if not name or "@" in name or len(name) > 120 or len(organisation) > 160:
            raise ValidationError(f"« {line[:60]} » : écrivez d’abord le nom, puis une virgule.")
        return Guest(name, organisation, email)

    @staticmethod
    def words(guests: Sequence[Attendee]) -> str:
        """Write known guests as they are typed."""
        lines = ([one.name, one.organisation_name, one.email] for one in guests)
        return "\n".join(", ".join(part for part in line if part) for line in lines)


class MeetingForm(Form):
    """What a meeting is."""

    title = TextField(label="Titre", max_length=120)
    kind = forms.ChoiceField(label="Nature", choices=MeetingKind.choices)
    day = DateField(label="Jour")
    starts_at = ClockField(label="De")
    ends_at = ClockField(label="À")
    room = RoomField(label="Lieu", queryset=None, required=False, to_field_name="ref", empty_label="aucun lieu choisi")
    place = TextField(
        label="Autre lieu", required=False, max_length=120, help_text="Mairie, visioconférence, téléphone…"
    )
    trainer = TrainerField(
        label="Tenue par", queryset=None, required=False, to_field_name="uuid", empty_label="personne pour l’instant"
    )
    items = NoteField(label="Ordre du jour", required=False, help_text="Un point par ligne.")
    members = InvitedField(label="Comptes invités", queryset=None, required=False)
    guests = GuestsField(label="Personnes sans compte", required=False, help_text=GUESTS_HELP)

    def __init__(self, *args: Any, rooms: Any, chairs: Any, invitable: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["trainer"].queryset = chairs  # type: ignore[attr-defined]
        self.fields["members"].queryset = invitable  # type: ignore[attr-defined]

    def meeting(self, *, step: str) -> MeetingPlan:
        """Return the meeting as the operations take it."""
        data = self.cleaned_data
        plan = SessionPlan(
            kind=SessionKind.COMMITTEE,
            title=data["title"],
            starts=local_moment(data["day"], data["starts_at"]),
            ends=local_moment(data["day"], data["ends_at"]),
            step=step,
            room=data["room"],
            place=data["place"],
            trainer=data["trainer"],
        )
        items = tuple(" ".join(line.split()) for line in data["items"].splitlines() if line.strip())
        return MeetingPlan(data["kind"], plan, items, tuple(data["members"]), data["guests"])


GROUPS: list[tuple[str, list[str | tuple[str, ...]]]] = [
    ("Quelle réunion ?", [("title", "kind")]),
    ("Quand et où ?", ["day", ("starts_at", "ends_at"), ("room", "place")]),
    ("De quoi parle-t-on ?", ["items"]),
    ("Avec qui ?", ["trainer", "members", "guests"]),
]


class NewMeetingForm(MeetingForm, CreateForm):
    """A meeting called, once or at a rhythm."""

    every_weeks = forms.ChoiceField(label="Elle revient", required=False, choices=RHYTHMS)
    last_day = DateField(label="Jusqu’au", required=False)
    fieldsets = [*GROUPS, ("Revient-elle ?", [("every_weeks", "last_day")])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("every_weeks") and not data.get("last_day"):
            self.add_error("last_day", "Dites jusqu’à quand la réunion revient.")
        return data

    @property
    def clocks(self) -> tuple[time, time]:
        """When it starts and ends, on the wall."""
        return self.cleaned_data["starts_at"], self.cleaned_data["ends_at"]


class EditMeetingForm(MeetingForm, EditForm):
    """A meeting changed or put off."""

    fieldsets = GROUPS

    def __init__(self, *args: Any, meeting: Meeting, attendees: Sequence[Attendee], invitable: Any, **kwargs: Any):
        planned = meeting.planned
        starts, ends = planned.starts.astimezone(PARIS), planned.ends.astimezone(PARIS)
        invited = {(one.user_id, one.represents_id) for one in attendees if one.user_id}
        shown = {
            "version": meeting.version,
            "title": planned.session.title,
            "kind": meeting.kind,
            "day": starts.date(),
            "starts_at": starts.time(),
            "ends_at": ends.time(),
            "room": planned.room and planned.room.ref,
            "place": planned.place,
            "trainer": planned.trainer and planned.trainer.uuid,
            "items": "\n".join(one.title for one in meeting.items.all()),
            "members": [one.pk for one in invitable if (one.user_id, one.organisation_id) in invited],
            "guests": GuestsField.words([one for one in attendees if not one.user_id]),
        }
        super().__init__(*args, initial=shown, invitable=invitable, **kwargs)


class MinutesForm(EditForm):
    """Who came, and what was said of each point."""

    def __init__(self, *args: Any, attendees: Sequence[Attendee], items: Sequence[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendees, self.items = attendees, items
        for one in attendees:
            self.fields[f"{PRESENCE}-{one.pk}"] = forms.ChoiceField(
                label=one.full_name,
                choices=STATES,
                required=False,
                initial=one.presence,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choisissez présent, excusé ou absent."},
            )
        for item in items:
            self.fields[f"{NOTES}-{item.pk}"] = NoteField(
                label=item.title, required=False, initial=item.notes, max_length=20_000
            )

    @property
    def people(self) -> list[tuple[Attendee, forms.BoundField]]:
        """One line a person invited."""
        return [(one, self[f"{PRESENCE}-{one.pk}"]) for one in self.attendees]

    @property
    def points(self) -> list[tuple[AgendaItem, forms.BoundField]]:
        """One text a point."""
        return [(one, self[f"{NOTES}-{one.pk}"]) for one in self.items]

    @property
    def presence(self) -> dict[int, str]:
        """The state chosen, by key of attendee."""
        return {one.pk: AttendanceState(value).value if value else "" for one, value in self._values(PRESENCE)}

    @property
    def notes(self) -> dict[int, str]:
        """What was written, by key of point."""
        return {one.pk: self.cleaned_data[f"{NOTES}-{one.pk}"] for one in self.items}

    def _values(self, what: str) -> list[tuple[Attendee, str]]:
        return [(one, self.cleaned_data[f"{what}-{one.pk}"]) for one in self.attendees]


class OwnerField(forms.ModelChoiceField):
    """Who carries a decision out, with whom she represents."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user.full_name}, {obj.organisation.name}"


class DecisionForm(Form):
    """What is decided, who does it, by when."""

    words = TextField(label="Ce qui est décidé", max_length=300)
    owner = OwnerField(label="Confié à", queryset=None, required=False, empty_label="quelqu’un sans compte")
    owner_name = TextField(
        label="Nom, organisation", required=False, max_length=160, help_text="Si cette personne n’a pas de compte."
    )
    due_on = DateField(label="Pour le")
    fieldsets = [("", ["words", ("owner", "owner_name"), "due_on"])]

    def __init__(self, *args: Any, invitable: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = invitable  # type: ignore[attr-defined]
        self.fields["due_on"].limit(earliest=earliest)  # type: ignore[attr-defined]

    @property
    def plan(self) -> DecisionPlan:
        """The decision as the operations take it."""
        data = self.cleaned_data
        owner: User | None = data["owner"].user if data["owner"] else None
        return DecisionPlan(data["words"], owner, data["owner_name"], data["due_on"])


class NewDecisionForm(DecisionForm, CreateForm):
    """A decision written down."""


class EditDecisionForm(DecisionForm, EditForm):
    """A decision put right before the minutes are approved."""

    def __init__(self, *args: Any, decision: MeetingDecision, invitable: Any, **kwargs: Any) -> None:
        owner = next((one.pk for one in invitable if one.user_id == decision.owner_id), None)
        shown = {
            "version": decision.version,
            "words": decision.words,
            "owner": owner,
            "owner_name": decision.owner_name,
            "due_on": decision.due_on,
        }
        super().__init__(*args, initial=shown, invitable=invitable, **kwargs)


class SettleForm(EditForm):
    """What came of a decision."""

    state = forms.ChoiceField(
        label="Qu’est-elle devenue ?",
        choices=[(DecisionState.DONE, "Faite"), (DecisionState.DROPPED, "Abandonnée")],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label="Ce qui s’est passé",
        required=False,
        max_length=300,
        help_text="Nécessaire si elle est abandonnée. N’y nommez aucune personne accompagnée.",
    )
    fieldsets = [("", ["state", "reason"])]


class ReopenForm(EditForm):
    """Only the version."""
