"""Small forms of the situation: one thing added at a time."""

from typing import Any

from django import forms

from essaim.accounts.models import Membership
from essaim.kernel.days import today
from essaim.kernel.forms import CreateForm, DateField, Form, TextField
from essaim.people.enums import BarrierKind, IdentifierSystem, SkillEvidence, SkillKind
from essaim.people.models import Person
from essaim.people.queries import list_possible_referents

LEVELS = [
    ("", "non renseigné"),
    (1, "1 · apprend"),
    (2, "2 · avec de l’aide"),
    (3, "3 · seule"),
    (4, "4 · peut l’apprendre à d’autres"),
]


class BarrierForm(CreateForm):
    """A barrier and since when."""

    kind = forms.ChoiceField(label="Frein", choices=[("", "choisir"), *BarrierKind.choices])
    since = DateField(label="Depuis le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since": today()})
        super().__init__(*args, **kwargs)
        self.fields["since"].limit(latest=today())  # type: ignore[attr-defined]


class LiftForm(Form):
    """The day a barrier was behind her."""

    on = DateField(label="Levé le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today()})
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]


class SkillForm(CreateForm):
    """Something she can do, how well, and who says so."""

    label = TextField(label="Compétence", max_length=80, help_text="Par exemple : caisse, anglais, Excel.")
    kind = forms.ChoiceField(label="Nature", choices=[("", "choisir"), *SkillKind.choices])
    level = forms.TypedChoiceField(label="Niveau", choices=LEVELS, required=False, coerce=int, empty_value=None)
    evidence = forms.ChoiceField(label="Qui le dit", choices=SkillEvidence.choices)
    since = DateField(label="Depuis le", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].limit(latest=today())  # type: ignore[attr-defined]


class IdentifierForm(CreateForm):
    """What another system calls her."""

    system = forms.ChoiceField(label="Système", choices=[("", "choisir"), *IdentifierSystem.choices])
    value = TextField(label="Identifiant", max_length=64, help_text="Jamais le numéro de sécurité sociale.")


class TeamForm(CreateForm):
    """A colleague who follows her too."""

    user: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Collègue", queryset=None, empty_label="choisir", to_field_name="uuid"
    )
    since = DateField(label="Depuis le")

    def __init__(self, *args: Any, viewer: Membership, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since": today()})
        super().__init__(*args, **kwargs)
        colleagues = list_possible_referents(viewer).exclude(pk=person.referent_id or 0)
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.full_name  # type: ignore[attr-defined]
        self.fields["since"].limit(latest=today())  # type: ignore[attr-defined]
