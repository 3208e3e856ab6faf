"""Forms of parcours, profiles and partners."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind, Sector
from essaim.directory.models import Zone
from essaim.directory.queries import list_organisations_for
from essaim.journal.models import Action
from essaim.journeys.enums import CloseReason, PartnerRole
from essaim.journeys.forms.intake import offer_groups, offer_validations
from essaim.journeys.models import Group
from essaim.journeys.queries import EntryRules
from essaim.kernel.days import today
from essaim.kernel.forms import (
    CreateForm,
    DateField,
    EditForm,
    IntegerField,
    TextField,
)
from essaim.people.enums import (
    Household,
    Level,
    Mobility,
    ProfileZone,
    Resources,
    Sex,
    Status,
    ZoneProof,
    ZoneSource,
)
from essaim.people.models import Person, Profile
from essaim.people.operations import ProfileDetails

SHOWN_ZONES = [choice for choice in ProfileZone.choices if choice[0] != ProfileZone.ACTION_AREA]
PARTNER_KINDS = [kind for kind in OrganisationKind.values if kind != OrganisationKind.COMPANY]


class EnrolForm(CreateForm):
    """The day of entry, the group and the track when there are several, what the interview validated, and the reason,
    asked when the rules are not met today, or once the form is sent for another day.
    """

    on = DateField(label="Entrée le")
    group: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Groupe", queryset=None, empty_label="choisir", to_field_name="ref"
    )
    track = forms.ChoiceField(label="Volet", required=False)
    validated = forms.MultipleChoiceField(
        label="Validé en entretien", required=False, widget=forms.CheckboxSelectMultiple
    )
    override_reason = TextField(
        label="Pourquoi l’inscrire quand même",
        max_length=500,
        required=False,
        help_text="Toutes les conditions ne sont pas remplies. Gardé avec le parcours.",
    )

    def __init__(
        self,
        *args: Any,
        action: Action,
        tracks: list[str],
        groups: QuerySet[Group],
        rules: EntryRules,
        is_eligible: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["override_reason"].says_optional = is_eligible  # type: ignore[attr-defined]
        if is_eligible and not self.is_bound:
            del self.fields["override_reason"]
        self.fields["on"].limit(earliest=action.starts, latest=min(action.ends, today()))  # type: ignore[attr-defined]
        _offer_tracks(self, tracks)
        offer_groups(self, groups, rules)
        offer_validations(self, rules)


class CloseForm(EditForm):
    """Why and when someone leaves."""

    reason = forms.ChoiceField(label="Motif", choices=[("", "choisir"), *CloseReason.choices])
    on = DateField(label="Sortie le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]


class CorrectForm(EditForm):
    """The day of entry and the track, set right."""

    on = DateField(label="Entrée le")
    track = forms.ChoiceField(label="Volet", required=False)

    def __init__(self, *args: Any, tracks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].limit(latest=today())  # type: ignore[attr-defined]
        _offer_tracks(self, tracks)


class ConfirmForm(EditForm):
    """A confirmation that carries the version it was asked about."""


class ProfileForm(EditForm):
    """A complete picture of someone's situation: what is left empty is unknown from that day on.

    ``proposed`` are the zones that hold the point of her address that day: the form says so, the reader decides.
    """

    day = DateField(label="Situation au")
    birth_date = DateField(label="Date de naissance", required=False)
    sex = forms.ChoiceField(label="Sexe", choices=[("", "non renseigné"), *Sex.choices], required=False)
    level = forms.TypedChoiceField(
        label="Niveau de formation",
        choices=[("", "non renseigné"), *Level.choices],
        required=False,
        coerce=int,
        empty_value=None,
    )
    zones = forms.MultipleChoiceField(
        label="Habite", choices=SHOWN_ZONES, required=False, widget=forms.CheckboxSelectMultiple
    )
    statuses = forms.MultipleChoiceField(
        label="Situation",
        choices=Status.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La reconnaissance de handicap se note avec son accord ; l’équipe référente seule la voit.",
    )
    zone_source = forms.ChoiceField(
        label="Établi par", choices=[("", "choisir si un quartier est coché"), *ZoneSource.choices], required=False
    )
    zone_proof = forms.ChoiceField(label="Justificatif vu", choices=[("", "aucun"), *ZoneProof.choices], required=False)
    resources = forms.ChoiceField(
        label="Ressources", choices=[("", "non renseigné"), *Resources.choices], required=False
    )
    licence_since = DateField(label="Permis B depuis le", required=False)
    household = forms.ChoiceField(label="Foyer", choices=[("", "non renseigné"), *Household.choices], required=False)
    children = IntegerField(label="Enfants à charge", min_value=0, max_value=20, required=False)
    mobility = forms.MultipleChoiceField(
        label="Se déplace", choices=Mobility.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    travel_minutes = IntegerField(
        label="Trajet accepté, en minutes", min_value=5, max_value=240, required=False, help_text="Aller seulement."
    )
    sought_trade = TextField(label="Métier visé", max_length=80, required=False)
    sought_sector = forms.ChoiceField(
        label="Secteur visé", choices=[("", "non renseigné"), *Sector.choices], required=False
    )

    fieldsets = [
        ("Quand ?", ["day"]),
        ("Qui est-ce ?", [("birth_date", "sex"), "level"]),
        ("Où en est-elle ?", ["statuses", "resources"]),
        ("Où habite-t-elle ?", ["zones", "zone_source", "zone_proof"]),
        ("Foyer et déplacements", [("household", "children"), "mobility", ("travel_minutes", "licence_since")]),
        ("Ce qu’elle cherche", [("sought_trade", "sought_sector")]),
    ]
    folded = frozenset({"Foyer et déplacements", "Ce qu’elle cherche"})

    def __init__(
        self, *args: Any, person: Person, profile: Profile | None, proposed: Iterable[Zone] = (), **kwargs: Any
    ) -> None:
        shown = {name: getattr(profile, name) for name in ProfileDetails.__slots__} if profile else {}
        initial = shown | {"day": today(), "birth_date": person.birth_date, "version": person.version}
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("day", "birth_date", "licence_since"):
            self.fields[name].limit(latest=today())  # type: ignore[attr-defined]
        found = [f"{zone.kind.upper()} {zone.name}" for zone in proposed]
        if found:
            self.fields["zones"].help_text = f"D’après son adresse : {', '.join(found)}."
        if person.latitude is None:
            by_hand = [choice for choice in ZoneSource.choices if choice[0] != ZoneSource.ADDRESS]
            self.fields["zone_source"].choices = [("", "choisir si un quartier est coché"), *by_hand]  # type: ignore[attr-defined]

    @property
    def details(self) -> ProfileDetails:
        """The profile as the operation takes it."""
        data = {key: value for key, value in self.cleaned_data.items() if key in ProfileDetails.__slots__}
        lists = {name: tuple(data[name]) for name in ("zones", "statuses", "mobility")}
        return ProfileDetails(**data | lists)


class PartnerForm(CreateForm):
    """A structure that joins a running action."""

    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Organisation", queryset=None, empty_label="choisir", to_field_name="ref"
    )
    role = forms.ChoiceField(label="Rôle", choices=[("", "choisir"), *PartnerRole.choices])
    sees_people = forms.BooleanField(
        label="Elle suit les personnes : leurs dossiers lui seront ouverts", required=False
    )

    def __init__(self, *args: Any, viewer: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = list_organisations_for(viewer, kinds=PARTNER_KINDS).exclude(pk=viewer.organisation_id)
        self.fields["organisation"].queryset = partners  # type: ignore[attr-defined]


class PartnerEndForm(CreateForm):
    """The last day of a partnership."""

    until = DateField(label="Jusqu’au")


def _offer_tracks(form: forms.Form, tracks: list[str]) -> None:
    if tracks:
        form.fields["track"].choices = [("", "choisir"), *((track, track) for track in tracks)]  # type: ignore[attr-defined]
    else:
        del form.fields["track"]
