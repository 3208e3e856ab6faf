"""A bilan as its page, its spreadsheet and its PDF show it: the same lines, in words."""

from __future__ import annotations

from dataclasses import dataclass

from essaim.guide.engine.figures import Figure, group_figures
from essaim.guide.engine.words import figure_in_words
from essaim.guide.queries import practice_file
from essaim.journal.models import Action
from essaim.steering.engine.bars import Bar, bar_of
from essaim.steering.engine.figures import rounded
from essaim.steering.queries.bilan import Bilan, IndicatorRow

REALISED = ".realised"


@dataclass(frozen=True, slots=True)
class BilanLine:
    """One indicator in words. ``guide`` is the published figure; ``why`` explains the check; ``bar`` may be missing."""

    row: IndicatorRow
    label: str
    definition: str
    value: str
    base: str
    target: str
    guide: str
    why: str
    bar: Bar | None

    @property
    def is_realised(self) -> bool:
        """Whether the line is what was reached of the target just above it."""
        return self.row.id.endswith(REALISED)


def list_lines(action: Action, bilan: Bilan) -> list[BilanLine]:
    """Return the lines of a bilan in words, in its order. Values are rounded here, for reading, and nowhere before."""
    practice = practice_file(action.practice)
    figures = {figure.id: figure for group in group_figures(practice) for figure in group.figures}
    return [_line(row, figures[row.id.removesuffix(REALISED)]) for row in bilan.rows]


def list_doubts(action: Action) -> list[str]:
    """Return what the guide's own figures do not settle, in words, for the practice of this action."""
    presentation = practice_file(action.practice).presentation
    return [doubt.text for doubt in presentation.inconsistencies] if presentation else []


def _line(row: IndicatorRow, figure: Figure) -> BilanLine:
    is_realised = row.id.endswith(REALISED)
    return BilanLine(
        row=row,
        label=f"{figure.label}, réalisé" if is_realised else figure.label,
        definition="" if is_realised else figure.definition,
        value="" if row.value is None else figure_in_words(rounded(row.value, row.unit), row.unit),
        base=_base(row),
        target="" if row.target is None else figure_in_words(rounded(row.target, row.unit), row.unit),
        guide="" if row.published is None else figure.value,
        why=figure.why,
        bar=bar_of(value=row.value, unit=row.unit, target=row.target, published=row.published),
    )


def _base(row: IndicatorRow) -> str:
    if row.numerator is None or row.denominator is None:
        return ""
    return f"{figure_in_words(rounded(row.numerator, ''))} sur {figure_in_words(rounded(row.denominator, ''))}"
