"""Small pieces shared by the compiler: bits that keep conditions, settings read, columns wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from essaim.kernel.engine.conditions import Condition, fields_of
from essaim.kernel.engine.definitions import Link, Period, When
from essaim.steering.engine.conditions import Held, all_of, any_of, compile_condition, loosen
from essaim.steering.engine.fields import PICTURE, PLAIN_COLUMNS, Value, Vocabulary, is_late, value_of
from essaim.steering.engine.sql import Sql

Mode = Literal["whole", "frame"]
_PERIODS: dict[Period, str] = {
    "during": "(x.day BETWEEN p.since AND p.until)",
    "before": "(x.day < p.since)",
    "after": "(x.day > p.until)",
}


@dataclass(frozen=True, slots=True)
class Member:
    """The facts a link may lead to, whatever fact it starts from."""

    kinds: tuple[str, ...]
    where: Condition
    period: Period

    @property
    def late(self) -> bool:
        """Tell whether it reads a profile or « in force »."""
        return any(is_late(name) for name in fields_of(self.where))


@dataclass(frozen=True, slots=True)
class Frame:
    """The days of the linked facts that count, around the day of the fact."""

    when: When
    within_days: int | None

    @property
    def has_own_day(self) -> bool:
        """Tell whether a fact of the same day counts."""
        return self.when not in ("earlier", "later")


class Settings:
    """The settings that conditions read, each one as a few typed columns beside the action."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def prefix(self, key: str) -> str:
        """Return the prefix of the columns of a setting."""
        if key not in self.keys:
            self.keys.append(key)
        return f"s{self.keys.index(key)}"


@dataclass
class Needs:
    """The columns that rows must carry, each with the kinds of fact it is wanted for."""

    kinds: dict[str, set[str]] = field(default_factory=dict)

    def add(self, names: Iterable[str], kind: str) -> None:
        """Ask for these columns on facts of this kind."""
        for name in names:
            self.kinds.setdefault(name, set()).add(kind)

    def of(self, name: str) -> set[str]:
        """Return the kinds of fact for which a column is wanted."""
        return self.kinds.get(name, set())


class Scope:
    """Compiles conditions for one flow of rows and remembers what they read."""

    def __init__(self, vocabulary: Vocabulary, settings: Settings) -> None:
        self.vocabulary = vocabulary
        self.settings = settings
        self.needs = Needs()
        self.kinds: set[str] = set()
        self.candidates: dict[str, list[Held]] = {}

    def value(self, name: str, kind: str) -> Value | None:
        """Return a field of a kind of fact and remember its columns."""
        found = value_of(name, kind, self.vocabulary)
        if found is not None:
            self.needs.add(found.needs, kind)
        return found

    def tests(self, condition: Condition, period: Period, kind: str) -> list[Held]:
        """Return the tests of a condition and of a period on facts of one kind."""
        tests: list[Held] = [] if period == "to_date" else [Sql(_PERIODS[period])]
        held = compile_condition(condition, lambda name: self.value(name, kind), self.settings.prefix)
        loose = loosen(condition, lambda name: self._is_plain(name, kind))
        hoped = compile_condition(loose, lambda name: self.value(name, kind), self.settings.prefix)
        self.candidates.setdefault(kind, []).append(all_of([*tests, hoped]))
        return [*tests, held]

    def read_all(self, kinds: Iterable[str]) -> None:
        """Read every fact of these kinds, whatever is asked of them."""
        for kind in kinds:
            self.kinds.add(kind)
            self.candidates.setdefault(kind, []).append(True)

    def candidate(self, kind: str) -> Held:
        """Return what a fact of this kind must satisfy to be of any use, from the columns of the index alone."""
        return any_of(self.candidates.get(kind, []))

    def _is_plain(self, name: str, kind: str) -> bool:
        value = value_of(name, kind, self.vocabulary)
        return value is None or PLAIN_COLUMNS.issuperset(value.needs)

    def kinds_read(self) -> list[str]:
        """Return the kinds of fact to read: those asked for, and those behind profiles and « in force »."""
        if self.needs.of("picture"):
            self.read_all([PICTURE])
        if "enrolment_opened" in self.needs.of("active"):
            self.read_all(["enrolment_closed"])
        return sorted(self.kinds)


def mode_of(link: Link, kind: str) -> Mode:
    """Tell how a link is answered for facts of a kind.

    ``whole``: the number, first and last day of the linked facts sharing the key are enough. ``frame``: they must
    be counted around each day, because of a distance, or because the fact may be its own first or last.
    """
    if link.within_days is not None or (kind in link.kinds and link.when in ("before", "after")):
        return "frame"
    return "whole"


def frame_sql(frame: Frame) -> str:
    """Return the window frame, in days, of the linked facts that count."""
    far = frame.within_days is None
    before = "UNBOUNDED PRECEDING" if far else f"'{frame.within_days} days' PRECEDING"
    after = "UNBOUNDED FOLLOWING" if far else f"'{frame.within_days} days' FOLLOWING"
    start, end = {
        "any": (before, after),
        "before": (before, "CURRENT ROW"),
        "earlier": (before, "'1 day' PRECEDING"),
        "after": ("CURRENT ROW", after),
        "later": ("'1 day' FOLLOWING", after),
    }[frame.when]
    return f"RANGE BETWEEN {start} AND {end}"
