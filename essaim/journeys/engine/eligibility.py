"""May this person enter this action? The practice's own rules, evaluated; a refusal always says which and
why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from essaim.journeys.engine.pictures import Picture, unknown_fields, values_of
from essaim.kernel.engine.conditions import Condition, evaluate


class Rule(Protocol):
    """The shape of a practice's eligibility rule."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def where(self) -> Mapping[str, Any]: ...
    @property
    def condition(self) -> Condition: ...


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule: met or not; ``missing`` names the fields that nobody has written yet."""

    code: str
    label: str
    is_met: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every rule in the order of the practice."""

    rules: tuple[RuleResult, ...]

    @property
    def is_eligible(self) -> bool:
        """Whether every rule is met."""
        return all(rule.is_met for rule in self.rules)

    @property
    def unmet(self) -> tuple[RuleResult, ...]:
        """The rules that are not met."""
        return tuple(rule for rule in self.rules if not rule.is_met)


def judge(rules: Iterable[Rule], picture: Picture, day: date, settings: Mapping[str, Any]) -> Verdict:
    """Evaluate each rule on the picture as of ``day``; an unknown value meets no rule but an explicit null
    test.
    """
    read = values_of(picture, day)
    return Verdict(
        tuple(
            RuleResult(
                code=rule.code,
                label=rule.label,
                is_met=(is_met := evaluate(rule.condition, read, settings)),
                missing=() if is_met else unknown_fields(rule.where, read),
            )
            for rule in rules
        )
    )
