"""Actions as an organisation sees them: its own, those it takes part in, and imported ones for those who
steer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.guide.engine.schema import PracticeFile, Step
from essaim.guide.engine.settings import resolve
from essaim.guide.queries import practice_file
from essaim.journal.models import Action, Fact
from essaim.journal.permissions import reads_imported_actions
from essaim.journeys.enums import EnrolmentState, PartnerRole
from essaim.journeys.models import ActionPartner, BudgetLine, Enrolment, SettingChange
from essaim.journeys.permissions import may_accompany
from essaim.kernel.contract import Setting
from essaim.kernel.days import today
from essaim.kernel.french import keep_matching
from essaim.kernel.instruments import all_step_kinds


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What a list of actions can be narrowed by."""

    words: str = ""
    state: str = ""  # "running", "coming", "over"


@dataclass(frozen=True, slots=True)
class ActionSummary:
    """Places of an action: taken, and the capacity when there is one."""

    taken: int
    places: int | None

    @property
    def free(self) -> int | None:
        """Free places, None without capacity."""
        return None if self.places is None else max(0, self.places - self.taken)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people went how far, from the live facts of the action."""

    entered: int
    contracted: int
    left: int

    @property
    def contracted_share(self) -> float:
        """Share of those who entered that signed a contract, 0 when nobody entered."""
        return self.contracted / self.entered if self.entered else 0.0

    @property
    def left_share(self) -> float:
        """Share of those who entered that left, 0 when nobody entered."""
        return self.left / self.entered if self.entered else 0.0


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting of an action: what it is, its value, its default and its changes since the launch."""

    setting: Setting
    value: Any
    choice_label: str
    changes: tuple[SettingChange, ...]


def visible_actions(viewer: Membership | None) -> QuerySet[Action]:
    """The actions this viewer may open: carried by her organisation, or in which it is a partner now.

    Imported actions only for operators, managers and steering members. Empty without an open membership.
    """
    if viewer is None or viewer.until is not None:
        return Action.objects.none()
    partner = ActionPartner.objects.filter(
        action=OuterRef("pk"), organisation_id=viewer.organisation_id, until__isnull=True
    )
    allowed = Q(is_imported=False) & (Q(organisation_id=viewer.organisation_id) | Q(Exists(partner)))
    if reads_imported_actions(viewer):
        allowed |= Q(is_imported=True)
    return Action.objects.filter(allowed).defer("definition")


def get_action_for(viewer: Membership | None, ref: str) -> Action:
    """Return the action with this public code. Raises Action.DoesNotExist when the viewer may not open it."""
    actions = visible_actions(viewer).select_related("practice", "organisation", "territory")
    return actions.defer("definition", "practice__definition").get(ref=ref)


def list_actions_for(viewer: Membership | None, filters: ActionFilters | None = None) -> QuerySet[Action]:
    """Return the viewer's actions with ``taken`` (open parcours, None for who merely funds), narrowed by
    ``filters``, latest first.
    """
    open_ones = (
        Enrolment.objects.filter(action=OuterRef("pk"), state=EnrolmentState.OPEN)
        .order_by()
        .values("action")
        .annotate(number=Count("pk"))
        .values("number")
    )
    actions = (
        visible_actions(viewer)
        .select_related("practice", "organisation", "territory")
        .defer("definition", "practice__definition")
        .annotate(
            taken=Case(
                When(merely_funded(viewer), then=None),
                default=Coalesce(Subquery(open_ones), 0),
                output_field=IntegerField(),
            )
        )
    )
    filters = filters or ActionFilters()
    return keep_state(keep_titled(actions, filters.words), filters.state).order_by("-starts", "ref")


def merely_funded(viewer: Membership | None) -> Q:
    """The actions whose live figures this viewer is not told: all of them for a funder, else those that her
    organisation funds without another part in them. A live figure, read twice, could tell of one person.
    """
    if viewer is None or viewer.role == Role.FUNDER:
        return Q(pk__isnull=False)
    parts = ActionPartner.objects.filter(
        action=OuterRef("pk"), organisation_id=viewer.organisation_id, until__isnull=True
    )
    return Q(Exists(parts.filter(role=PartnerRole.FUNDER))) & ~Q(Exists(parts.exclude(role=PartnerRole.FUNDER)))


def is_told_live_figures(viewer: Membership | None, action: Action) -> bool:
    """Whether this viewer of the action may read how many people are in it now."""
    if viewer is not None and viewer.role != Role.FUNDER and action.organisation_id == viewer.organisation_id:
        return True
    return Action.objects.filter(pk=action.pk).exclude(merely_funded(viewer)).exists()


def keep_titled(actions: QuerySet[Action], words: str) -> QuerySet[Action]:
    """Keep the actions whose title, or whose practice's, holds each word, accents and case aside."""
    return keep_matching(actions, words, "title", "practice__title")


def keep_state(actions: QuerySet[Action], state: str) -> QuerySet[Action]:
    """Keep the actions ``running``, ``coming`` or ``over`` today; anything else keeps them all."""
    day = today()
    states = {
        "running": Q(starts__lte=day, ends__gte=day),
        "coming": Q(starts__gt=day),
        "over": Q(ends__lt=day),
    }
    return actions.filter(states.get(state, Q()))


def practice_of(action: Action) -> PracticeFile:
    """Return the practice as it was when the action was launched."""
    return practice_file(action.practice)


def steps_of_kind(action: Action, kind: str) -> list[Step]:
    """Return the steps of the action's practice that are of this kind, in order."""
    return [step for step in practice_of(action).steps if step.kind == kind]


def settings_of(action: Action, step: str | None = None) -> dict[str, Any]:
    """Return the settings of an action, or of one of its steps.

    A step's settings are the defaults of its kind, then what the practice writes, references replaced by the
    action's own values. Raises KeyError when the practice has no such step.
    """
    if step is None:
        return dict(action.settings)
    found = next((one for one in practice_of(action).steps if one.key == step), None)
    if found is None:
        raise KeyError(step)
    kind = all_step_kinds().get(found.kind)
    defaults = {setting.key: setting.default for setting in kind.settings} if kind else {}
    return defaults | dict(resolve(found.settings, action.settings))


def is_partner_seeing_people(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer's organisation takes part in the action now, in a role that sees people."""
    if viewer is None:
        return False
    return partners_seeing_people(action).filter(organisation_id=viewer.organisation_id).exists()


def partners_seeing_people(action: Action) -> QuerySet[ActionPartner]:
    """The partnerships that give access to the people of the action now: an ended one gives none, even today."""
    open_ones = ActionPartner.objects.filter(action=action, sees_people=True, until__isnull=True)
    return open_ones.select_related("organisation")


def list_partners_of(action: Action) -> QuerySet[ActionPartner]:
    """Return the partners of an action the viewer obtained through ``get_action_for``: in force first, by
    name.
    """
    return action.partners.select_related("organisation").order_by("until", "organisation__name", "role", "pk")


def list_budget_lines_of(action: Action) -> QuerySet[BudgetLine]:
    """Return the budget lines in force of an action the viewer obtained through ``get_action_for``, by year."""
    return action.budget_lines.filter(cancelled_at__isnull=True).order_by("year", "nature", "category", "pk")


def list_tracks(action: Action) -> list[str]:
    """Return the tracks between which an entry chooses, empty when the practice has none."""
    return [
        str(name)
        for step in steps_of_kind(action, "journeys.enrolment")
        for name in settings_of(action, step.key).get("tracks") or ()
    ]


def list_followed_actions(viewer: Membership | None, actions: Iterable[Action]) -> set[int]:
    """Return the keys of those of these actions in which the viewer follows people."""
    found = {action.pk: action for action in actions}
    partner = set(
        ActionPartner.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today()),
            action__in=found,
            organisation_id=viewer.organisation_id if viewer else 0,
            sees_people=True,
        ).values_list("action", flat=True)
    )
    return {
        key for key, action in found.items() if may_accompany(viewer, action, is_partner_seeing_people=key in partner)
    }


def count_launching_organisations(slug: str) -> int:
    """Return how many organisations of this instance launched the practice, any version of it. A figure only:
    whoever is signed in may read it. Imported actions do not count.
    """
    launched = Action.objects.filter(practice__slug=slug, is_imported=False)
    return launched.values("organisation").distinct().count()


def count_places(action: Action) -> ActionSummary:
    """Return how many places of the action are taken now."""
    taken = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN).count()
    return ActionSummary(taken=taken, places=action.places)


def get_funnel_for(viewer: Membership | None, action: Action) -> Funnel | None:
    """Return how many people entered, signed a contract and left, None for who is told no live figure."""
    if not is_told_live_figures(viewer, action):
        return None
    people = "subject"
    found = Fact.objects.filter(
        action=action, live=True, kind__in=["enrolment_opened", "contract_signed", "enrolment_closed"]
    ).aggregate(
        entered=Count(people, distinct=True, filter=Q(kind="enrolment_opened")),
        contracted=Count(people, distinct=True, filter=Q(kind="contract_signed")),
        left=Count(people, distinct=True, filter=Q(kind="enrolment_closed")),
    )
    return Funnel(**found)


def list_setting_rows(action: Action) -> list[SettingRow]:
    """Return the settings of an action with their history, in the order of the practice."""
    practice = practice_of(action)
    changes: dict[str, list[SettingChange]] = {}
    for change in action.setting_changes.select_related("by").order_by("-at", "-pk"):
        changes.setdefault(change.key, []).append(change)
    return [
        SettingRow(
            setting=setting,
            value=action.settings.get(key),
            choice_label=_choice_label(practice.choice_labels, key, action.settings.get(key)),
            changes=tuple(changes.get(key, ())),
        )
        for key, setting in practice.settings.items()
    ]


def _choice_label(labels: Mapping[str, Mapping[str, str]], key: str, value: Any) -> str:
    return labels.get(key, {}).get(str(value), "") if isinstance(value, str) else ""
