"""Conditions kept as bits of bigint columns: a person's flags are then the OR of her facts' bits."""

from __future__ import annotations

from dataclasses import dataclass

from essaim.steering.engine.conditions import Held
from essaim.steering.engine.sql import Sql, join, named, sql

WORD = 60
"""How many conditions a column keeps."""


@dataclass(frozen=True, slots=True)
class Bit:
    """Where a condition is kept: column ``word`` of the row, bit ``rank`` of it."""

    word: str
    rank: int

    @property
    def mask(self) -> int:
        """The value of the bit."""
        return 1 << self.rank

    def test(self) -> Sql:
        """Return the SQL that tells whether the bit is set."""
        return Sql(f"((x.{self.word} & {self.mask}) <> 0)")

    def number(self) -> Sql:
        """Return the SQL of the bit as 0 or 1."""
        return Sql(f"((x.{self.word} >> {self.rank}) & 1)")


class Bits:
    """Conditions kept as bits of a few columns, by kind of fact."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.tests: list[dict[str, Held]] = []

    def add(self, tests: dict[str, Held]) -> Bit:
        """Keep one condition, given by kind of fact, and return its place."""
        self.tests.append(tests)
        rank = len(self.tests) - 1
        return Bit(f"{self.prefix}{rank // WORD}", rank % WORD)

    def words(self) -> list[str]:
        """Return the names of the columns."""
        return [f"{self.prefix}{word}" for word in range((len(self.tests) + WORD - 1) // WORD)]

    def columns(self, codes: dict[str, int]) -> list[Sql]:
        """Return the columns, computed from the code of the kind and the row."""
        return [
            named(by_kind({kind: self._sum(word, kind) for kind in codes}, codes, "0", "bigint"), name)
            for word, name in enumerate(self.words())
        ]

    def _sum(self, word: int, kind: str) -> Sql | None:
        terms = []
        for rank, tests in enumerate(self.tests[word * WORD : (word + 1) * WORD]):
            held = tests.get(kind, False)
            if held is True:
                terms.append(Sql(str(1 << rank)))
            elif held is not False:
                terms.append(sql("CASE WHEN {} THEN {} ELSE 0 END", held, 1 << rank))
        return join(" + ", terms) if terms else None


def by_kind(values: dict[str, Sql | None], codes: dict[str, int], default: str, cast: str = "") -> Sql:
    """Return the value that the kind of the row chooses."""
    branches = [sql("WHEN {} THEN {}", codes[kind], value) for kind, value in values.items() if value is not None]
    if not branches:
        return Sql(f"{default}::{cast}" if cast else default)
    chosen = sql("(CASE x.k {} ELSE " + default + " END)", join(" ", branches))
    return sql("{}::" + cast, chosen) if cast else chosen
