"""Published cohorts put together: sums of what is shown, so that nothing more is told than each of them tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from essaim.steering.engine.questions import QUESTIONS, SEX

Figures = Mapping[str, Any]

NOT_YET = "pas encore publié"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A count over several cohorts. ``value`` is None when all hide it or there is none; ``hidden`` is how many do.

    ``base`` is the number of entries of the cohorts that show it.
    """

    value: int | None
    hidden: int
    base: int

    @property
    def words(self) -> str:
        """The count as it may be told."""
        return pooled_words(self.value, self.hidden)

    @property
    def share(self) -> float | None:
        """The share of the base, from 0 to 1, None without any."""
        return None if self.value is None or not self.base else self.value / self.base


@dataclass(frozen=True, slots=True)
class PooledAnswer:
    """One line of a table: an answer, by sex and for everyone."""

    key: str
    label: str
    by_sex: tuple[Pooled, ...]
    everyone: Pooled


@dataclass(frozen=True, slots=True)
class PooledTable:
    """One question put to the cohorts."""

    key: str
    label: str
    answers: tuple[PooledAnswer, ...]

    def answer(self, key: str) -> PooledAnswer:
        """Return the line of this answer."""
        return next(answer for answer in self.answers if answer.key == key)


@dataclass(frozen=True, slots=True)
class PooledFigures:
    """The fixed tables over several cohorts; ``total`` entries in all."""

    total: int
    by_sex: tuple[Pooled, ...]
    tables: tuple[PooledTable, ...]

    def table(self, key: str) -> PooledTable:
        """Return the table of this question."""
        return next(table for table in self.tables if table.key == key)


def pooled_words(value: int | None, hidden: int) -> str:
    """Return a count in words: hidden everywhere, not published yet when there is no cohort to hide it, or at least
    what is shown when some cohorts hide theirs.
    """
    if value is None:
        return "masqué" if hidden else NOT_YET
    return f"au moins {value}" if hidden else str(value)


def pool_figures(cohorts: Sequence[Figures]) -> PooledFigures:
    """Return the sums of the shown counts of some cohorts, as ``questions.protected_figures`` gives each of them."""
    return PooledFigures(
        total=sum(figures["total"] or 0 for figures in cohorts),
        by_sex=tuple(_pool(cohorts, lambda figures, i=i: figures["sex"][i]) for i, _ in enumerate(SEX.answers)),
        tables=tuple(
            PooledTable(
                question.key,
                question.label,
                tuple(
                    PooledAnswer(
                        answer.key,
                        answer.label,
                        tuple(
                            _pool(cohorts, lambda figures, q=question.key, i=i, j=j: _cell(figures, q, i, j))
                            for i, _ in enumerate(SEX.answers)
                        ),
                        _pool(cohorts, lambda figures, q=question.key, j=j: figures["tables"][q]["all"][j]),
                    )
                    for j, answer in enumerate(question.answers)
                ),
            )
            for question in QUESTIONS
        ),
    )


def _cell(figures: Figures, question: str, sex: int, answer: int) -> int | None:
    rows = figures["tables"][question]["by_sex"]
    return rows[sex][answer] if rows else None


def _pool(cohorts: Iterable[Figures], read: Any) -> Pooled:
    found = [(read(figures), figures["total"] or 0) for figures in cohorts]
    shown = [(value, total) for value, total in found if value is not None]
    return Pooled(
        value=sum(value for value, _ in shown) if shown else None,
        hidden=len(found) - len(shown),
        base=sum(total for _, total in shown),
    )
