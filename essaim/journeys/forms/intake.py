"""Forms of orientations, decisions, queues, groups and teams."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import DecisionOutcome, LeavingReason, Motive, RefusalReason, StaffRole
from essaim.journeys.models import Group, Prescription
from essaim.journeys.queries import EntryRules
from essaim.kernel.days import today
from essaim.kernel.forms import CreateForm, DateField, DecimalField, EditForm, Form, IntegerField, NoteField, TextField
from essaim.people.queries import list_possible_referents

OUTCOMES = [(value, capfirst(label)) for value, label in DecisionOutcome.choices]


class GroupChoice(forms.ModelChoiceField):
    """A group with the places it has left."""

    def label_from_instance(self, group: Any) -> str:
        free = max(0, group.places - group.taken)
        words = "complet" if not free else f"{free} place{'s' if free > 1 else ''} libre{'s' if free > 1 else ''}"
        return f"{group.name} ({words})"


def offer_groups(form: forms.Form, groups: QuerySet[Group], rules: EntryRules, *, is_required: bool = True) -> None:
    """Let the form choose among the open groups of the action, named as the practice does; nothing without groups."""
    if not groups:
        del form.fields["group"]
        return
    form.fields["group"] = GroupChoice(
        label=capfirst(rules.group_word),
        queryset=groups,
        to_field_name="ref",
        empty_label="choisir" if is_required else "n’importe lequel",
        required=is_required,
    )


def offer_validations(form: forms.Form, rules: EntryRules) -> None:
    """Let the form tick what the interview validated, in the practice's words; nothing when it asks for nothing."""
    if rules.validates:
        form.fields["validated"].choices = [(code, capfirst(words)) for code, words in rules.validates]  # type: ignore[attr-defined]
    else:
        del form.fields["validated"]


class PrescriptionForm(CreateForm):
    """An orientation, in under a minute: why, what the prescriber has to say, and the day she agreed."""

    motive = forms.ChoiceField(label="Pourquoi", choices=[("", "choisir"), *Motive.choices])
    letter = NoteField(
        label="Ce que l’équipe doit savoir",
        max_length=2000,
        required=False,
        help_text="Lu par l’équipe qui reçoit et par vous ; jamais écrit dans le fil.",
    )
    track = forms.ChoiceField(label="Volet", required=False)
    agreed_on = DateField(
        label="Elle est d’accord depuis le",
        help_text="D’accord pour être orientée et pour que son dossier soit ouvert à cette équipe.",
    )

    def __init__(self, *args: Any, tracks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].limit(latest=today())  # type: ignore[attr-defined]
        if tracks:
            self.fields["track"].choices = [("", "choisir"), *((track, track) for track in tracks)]  # type: ignore[attr-defined]
        else:
            del self.fields["track"]


class DecisionForm(EditForm):
    """What the team decides of an orientation: only what the decision needs is read."""

    outcome = forms.ChoiceField(
        label="Décision",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
    )
    on = DateField(label="Décidée le")
    validated = forms.MultipleChoiceField(
        label="Validé en entretien", required=False, widget=forms.CheckboxSelectMultiple
    )
    group: forms.ModelChoiceField = forms.ModelChoiceField(label="Groupe", queryset=None, required=False)
    reason = forms.ChoiceField(
        label="Motif du refus",
        choices=[("", "choisir"), *RefusalReason.choices],
        required=False,
        help_text="Pour un refus seulement ; le prescripteur le lit.",
    )
    reoriented_to = forms.ChoiceField(label="Réorientée vers", required=False)
    explanation = TextField(
        label="Précision pour le prescripteur",
        max_length=500,
        required=False,
        help_text="Lue par le prescripteur, jamais écrite dans le fil.",
    )

    def __init__(
        self,
        *args: Any,
        prescription: Prescription,
        groups: QuerySet[Group],
        rules: EntryRules,
        destinations: list[Action],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(earliest=prescription.made_on, latest=today())  # type: ignore[attr-defined]
        offer_groups(self, groups, rules, is_required=False)
        offer_validations(self, rules)
        self.destinations = {action.ref: action for action in destinations}
        if destinations:
            choices = [("", "choisir"), *((action.ref, action.title) for action in destinations)]
            self.fields["reoriented_to"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["reoriented_to"]
        offered = [choice for choice in OUTCOMES if destinations or choice[0] != DecisionOutcome.REORIENTED]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]
        if "group" in self.fields:
            self.fields["group"].help_text = "Pour une entrée ou une mise en attente."

    @property
    def arguments(self) -> dict[str, Any]:
        """The decision as the operation takes it."""
        data = dict(self.cleaned_data)
        return data | {"reoriented_to": self.destinations.get(data.get("reoriented_to", ""))}


class ConfirmVersionForm(EditForm):
    """A confirmation that carries the version it was asked about."""


class ConfirmOnceForm(CreateForm):
    """A button pressed once, however many times it is sent."""


class JoinQueueForm(CreateForm):
    """The group waited for, when there are several."""

    group: forms.ModelChoiceField = forms.ModelChoiceField(label="Groupe", queryset=None, required=False)

    def __init__(self, *args: Any, groups: QuerySet[Group], rules: EntryRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_groups(self, groups, rules, is_required=False)


class CallForm(CreateForm):
    """The place offered, and the day by which she answers."""

    group: forms.ModelChoiceField = forms.ModelChoiceField(label="Groupe", queryset=None, required=False)
    answer_by = DateField(label="Réponse attendue le")

    def __init__(self, *args: Any, groups: QuerySet[Group], rules: EntryRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].limit(earliest=today())  # type: ignore[attr-defined]
        offer_groups(self, groups, rules, is_required=False)


class LeaveForm(CreateForm):
    """Why someone leaves the queue."""

    reason = forms.ChoiceField(label="Motif", choices=[("", "choisir"), *LeavingReason.choices[:-1]])


class GroupFields(Form):
    """What a group is."""

    name = TextField(label="Nom", max_length=80)
    places = IntegerField(label="Places", min_value=1, max_value=1000)
    facilitator: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Animation", queryset=None, required=False, empty_label="personne pour l’instant", to_field_name="uuid"
    )
    venue = TextField(label="Lieu", max_length=120, required=False)
    starts = DateField(
        label="Début", required=False, help_text="Si tout le groupe entre ensemble. Vide : entrées au fil de l’eau."
    )
    ends = DateField(label="Fin", required=False)
    adds_places = forms.BooleanField(
        label="Donner à l’action au moins les places de tous ses groupes", required=False, initial=True
    )

    fieldsets = [("", ["name", ("places", "facilitator"), "venue", ("starts", "ends"), "adds_places"])]

    def fill(self, viewer: Membership, rules: EntryRules) -> None:
        """Offer the colleagues, and say what the practice allows."""
        self.fields["facilitator"].queryset = list_possible_referents(viewer)  # type: ignore[attr-defined]
        if rules.group_min and rules.group_max:
            self.fields["places"].help_text = f"De {rules.group_min} à {rules.group_max} selon la fiche."


class GroupForm(GroupFields, CreateForm):
    """A new group."""


class GroupEditForm(GroupFields, EditForm):
    """A group that exists."""


class GroupCloseForm(EditForm):
    """The day from which nobody enters a group."""

    on = DateField(label="Fermé le")


class MoveForm(EditForm):
    """The group someone moves to."""

    group: forms.ModelChoiceField = forms.ModelChoiceField(label="Groupe", queryset=None)

    def __init__(self, *args: Any, groups: QuerySet[Group], rules: EntryRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_groups(self, groups, rules)


class StaffForm(CreateForm):
    """Who joins the team of an action: a colleague, or a name."""

    user: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Collègue", queryset=None, required=False, empty_label="quelqu’un d’autre", to_field_name="uuid"
    )
    name = TextField(label="Nom", max_length=120, required=False, help_text="Si la personne n’a pas de compte.")
    role = forms.ChoiceField(label="Rôle", choices=[("", "choisir"), *StaffRole.choices])
    group: forms.ModelChoiceField = forms.ModelChoiceField(label="Groupe", queryset=None, required=False)
    fte = DecimalField(label="Part de temps plein", min_value=0, max_value=1, required=False, help_text="De 0 à 1.")
    starts = DateField(label="Depuis le")

    def __init__(
        self, *args: Any, viewer: Membership, groups: QuerySet[Group], rules: EntryRules, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = list_possible_referents(viewer)  # type: ignore[attr-defined]
        offer_groups(self, groups, rules, is_required=False)
        if "group" in self.fields:
            self.fields["group"].empty_label = "toute l’action"  # type: ignore[attr-defined]
        role = ("role", "group") if "group" in self.fields else "role"
        self.fieldsets = [("", [("user", "name"), role, ("fte", "starts")])]


class StaffEndForm(CreateForm):
    """The last day of a role."""

    on = DateField(label="Jusqu’au")
