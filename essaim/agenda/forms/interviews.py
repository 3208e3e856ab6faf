"""The form of an interview: what became of the goals, what it validates, the goals set for the next time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from essaim.agenda.enums import GoalKind, GoalState
from essaim.agenda.models import Goal
from essaim.agenda.operations import GoalPlan
from essaim.kernel.forms import DateField, EditForm, IntegerField, TextField

ROWS, ROWS_SHOWN = 6, 2
REVIEWS = [
    (GoalState.REACHED.value, "atteint"),
    (GoalState.PARTLY.value, "en partie"),
    (GoalState.MISSED.value, "pas atteint"),
    (GoalState.DROPPED.value, "abandonné"),
]
WAITING = (GoalState.SET.value, "pas encore l’heure")


@dataclass(frozen=True, slots=True)
class GoalRow:
    """The fields of one goal to set."""

    kind: BoundField
    words: BoundField
    target: BoundField
    due: BoundField

    @property
    def is_used(self) -> bool:
        """Whether something was written in it."""
        return bool(self.words.value() or self.words.errors)


class InterviewForm(EditForm):
    """Reviews, then goals. ``review``, ``plans`` and ``validated`` are the arguments of ``hold_appointment``."""

    validated = forms.MultipleChoiceField(
        label="L’entretien valide", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        goals: Sequence[Goal],
        validates: Sequence[tuple[str, str]],
        must_review: bool,
        may_set: bool,
        on: date,
        due_on: date,
        known: Sequence[Goal] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        if validates:
            self.fields["validated"].choices = list(validates)  # type: ignore[attr-defined]
        else:
            del self.fields["validated"]
        for goal in self.goals:
            choices = REVIEWS if goal.due_on <= on else [*REVIEWS, WAITING]
            self.fields[f"goal_{goal.ref}"] = forms.ChoiceField(
                label=goal.words, choices=choices, widget=forms.RadioSelect, required=must_review,
                error_messages={"required": "Dites où il en est."},
            )  # fmt: skip
        self.rows = range(ROWS if may_set else 0)
        for number in self.rows:
            self._add_row(number, known[number] if number < len(known) else None, due_on)

    def _add_row(self, number: int, known: Goal | None, due_on: date) -> None:
        words = {"class": "form-control", "placeholder": "Écrivez l’objectif avec la personne" if number == 0 else ""}
        self.fields |= {
            f"kind_{number}": forms.ChoiceField(
                label="Nature", choices=GoalKind.choices, required=False,
                initial=known.kind if known else GoalKind.APPLICATIONS,
            ),
            f"words_{number}": TextField(
                label="Objectif", max_length=200, required=False, initial=known.words if known else "",
                widget=forms.TextInput(attrs=words),
            ),
            f"target_{number}": IntegerField(
                label="Combien", min_value=1, max_value=1000, required=False, initial=known.target if known else None
            ),
            f"due_{number}": DateField(label="Pour le", required=False, initial=known.due_on if known else due_on),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A goal with words has a day; one without words is not there."""
        cleaned: dict[str, Any] = super().clean() or {}
        for number in self.rows:
            if (
                cleaned.get(f"words_{number}")
                and not cleaned.get(f"due_{number}")
                and f"due_{number}" not in self.errors
            ):
                raise ValidationError({f"due_{number}": "À remplir."})
            if cleaned.get(f"target_{number}") and not cleaned.get(f"words_{number}"):
                raise ValidationError({f"words_{number}": "Écrivez l’objectif, ou effacez le nombre."})
        return cleaned

    @property
    def review(self) -> list[tuple[Goal, str]]:
        """What became of each goal that was told."""
        told = ((goal, self.cleaned_data.get(f"goal_{goal.ref}", "")) for goal in self.goals)
        return [(goal, state) for goal, state in told if state]

    @property
    def plans(self) -> list[GoalPlan]:
        """The goals set."""
        given = self.cleaned_data
        return [
            GoalPlan(given[f"kind_{n}"], given[f"words_{n}"], given[f"due_{n}"], given.get(f"target_{n}"))
            for n in self.rows
            if given.get(f"words_{n}")
        ]

    @property
    def reviews(self) -> list[tuple[Goal, BoundField]]:
        """Each goal of the last time, with its field."""
        return [(goal, self[f"goal_{goal.ref}"]) for goal in self.goals]

    @property
    def goal_rows(self) -> list[GoalRow]:
        """The rows of goals to set."""
        return [
            GoalRow(self[f"kind_{n}"], self[f"words_{n}"], self[f"target_{n}"], self[f"due_{n}"]) for n in self.rows
        ]

    @property
    def first_rows(self) -> list[GoalRow]:
        """The rows drawn at once: two, and those already written in."""
        return [row for number, row in enumerate(self.goal_rows) if number < ROWS_SHOWN or row.is_used]

    @property
    def other_rows(self) -> list[GoalRow]:
        """The rows one click away."""
        return [row for number, row in enumerate(self.goal_rows) if number >= ROWS_SHOWN and not row.is_used]
