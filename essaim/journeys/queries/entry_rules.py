"""What the practice asks of an entry: what the interview validates, how groups are sized and when they are entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from essaim.guide.engine.schema import Step
from essaim.journal.models import Action
from essaim.journeys.enums import DecisionOutcome, DecisionStep
from essaim.journeys.models import Decision
from essaim.journeys.queries.actions import practice_of, settings_of, steps_of_kind
from essaim.people.models import Person

ENTRY = "journeys.enrolment"
SMALL_GROUPS = "small_groups"


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The settings of the entry step. Sizes are people; None when the practice does not say.

    ``validates`` are (code, words). ``groups`` is how many groups the practice starts with, ``group_places`` the places
    it proposes for each.
    """

    validates: tuple[tuple[str, str], ...] = ()
    enters_together: bool = False
    group_min: int | None = None
    group_max: int | None = None
    groups: int | None = None
    group_places: int | None = None
    groups_word: str = "groupes"

    @property
    def group_word(self) -> str:
        """The practice's own word for one of its groups: « club »."""
        return self.groups_word.removesuffix("s")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what must be validated."""
        return tuple(code for code, _ in self.validates)

    @property
    def proposed_places(self) -> int | None:
        """The places proposed for a new group, within the size of the practice."""
        return self.group_places or self.group_max or self.group_min


def entry_rules_of(action: Action) -> EntryRules:
    """Return what the entry step of the action's practice asks, with the values of this action."""
    step = next(iter(steps_of_kind(action, ENTRY)), None)
    if step is None:
        return EntryRules()
    settings = settings_of(action, step.key)
    return EntryRules(
        validates=words_of(action, step, "validates", settings),
        enters_together=settings.get("mode") == SMALL_GROUPS and settings.get("on_free_place") is False,
        group_min=settings.get("group_min"),
        group_max=settings.get("group_max"),
        groups=settings.get("groups"),
        group_places=settings.get("group_places"),
        groups_word=_unit_of(action, step, "groups") or "groupes",
    )


def words_of(action: Action, step: Step, key: str, settings: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the codes of a list of a step with the practice's own words for each."""
    labels = practice_of(action).choice_labels.get(_source_of(step, key), {})
    return tuple((str(code), labels.get(str(code), str(code))) for code in settings.get(key) or ())


def latest_acceptance(action: Action, person: Person) -> Decision | None:
    """Return the last decision on the entry of this person, when it accepts her. For operations: nothing is hidden."""
    decisions = Decision.objects.filter(
        action=action, person=person, step=DecisionStep.OPPORTUNITY, cancelled_at__isnull=True
    )
    last = decisions.order_by("-decided_on", "-pk").first()
    return last if last is not None and last.outcome == DecisionOutcome.ACCEPTED else None


def _source_of(step: Step, key: str) -> str:
    reference = step.settings.get(key)
    return str(reference.get("setting", "")) if isinstance(reference, Mapping) else ""


def _unit_of(action: Action, step: Step, key: str) -> str:
    setting = practice_of(action).settings.get(_source_of(step, key))
    return setting.unit if setting else ""
