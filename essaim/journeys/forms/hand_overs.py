"""Forms of relays, caseloads and their reviews."""

from typing import Any

from django import forms

from essaim.accounts.models import Membership, User
from essaim.directory.enums import OrganisationKind
from essaim.directory.queries import list_organisations_for
from essaim.journeys.enums import ReviewVerdict
from essaim.kernel.days import today
from essaim.kernel.forms import CreateForm, DateField, EditForm, NoteField, TextField
from essaim.people.queries import list_possible_referents

KINDS = [kind for kind in OrganisationKind.values if kind not in {OrganisationKind.COMPANY, OrganisationKind.FUNDER}]


class HandOverForm(CreateForm):
    """To whom, what, and what there is to know."""

    to_user: forms.ModelChoiceField = forms.ModelChoiceField(
        label="À un collègue", queryset=None, required=False, empty_label="choisir", to_field_name="uuid"
    )
    to_organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Ou à une autre structure",
        queryset=None,
        required=False,
        empty_label="choisir",
        to_field_name="ref",
        help_text="Elle pourra lire le dossier, sans sa partie sensible, pour décider.",
    )
    moves_file = forms.BooleanField(
        label="Le dossier entier change de référent, pas seulement ce parcours", required=False
    )
    words = NoteField(
        label="Ce qu’il faut savoir",
        max_length=2000,
        required=False,
        help_text="Lu seulement par qui propose et qui reçoit le relais.",
    )

    def __init__(self, *args: Any, viewer: Membership, may_move_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["to_user"].queryset = list_possible_referents(viewer).exclude(pk=viewer.user_id)  # type: ignore[attr-defined]
        others = list_organisations_for(viewer, kinds=KINDS).exclude(pk=viewer.organisation_id)
        self.fields["to_organisation"].queryset = others  # type: ignore[attr-defined]
        if not may_move_file:
            del self.fields["moves_file"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("to_user")) == bool(data.get("to_organisation")):
            self.add_error("to_user", "Choisissez un collègue, ou une autre structure.")
        return data

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the operation."""
        data = self.cleaned_data
        return {
            "to_organisation": data["to_organisation"] or self.viewer.organisation,
            "to_user": data["to_user"],
            "moves_file": data.get("moves_file", False),
            "words": data["words"],
        }


class RefuseForm(EditForm):
    """Why the relay is refused."""

    words = TextField(label="Pourquoi", max_length=250, help_text="Pour que l’on cherche ailleurs.")


class ReviewLineForm(forms.Form):
    """What is decided for one parcours."""

    verdict = forms.ChoiceField(label="Décision", choices=ReviewVerdict.choices)
    words = TextField(label="Précision", max_length=250, required=False)


class HoldReviewForm(CreateForm):
    """When and with whom a review was held."""

    held_on = DateField(label="Revue tenue le")
    held_with: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Avec", queryset=None, required=False, empty_label="choisir", to_field_name="uuid"
    )

    def __init__(self, *args: Any, viewer: Membership, counsellor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_with"].queryset = list_possible_referents(viewer).exclude(pk=counsellor.pk)  # type: ignore[attr-defined]
        self.fields["held_on"].limit(latest=today())  # type: ignore[attr-defined]
