"""A bilan as its page, its spreadsheet and its PDF show it: the same lines, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from essaim.guide.engine.figures import Figure, group_figures
from essaim.guide.engine.words import figure_in_words
from essaim.guide.queries import practice_file
from essaim.journal.models import Action
from essaim.kernel.instruments import all_fact_kinds
from essaim.steering.engine.bars import Bar, bar_of
from essaim.steering.engine.figures import rounded
from essaim.steering.queries.behind import kinds_behind, may_name_a_person
from essaim.steering.queries.bilan import Bilan, IndicatorRow, JsonNumber, compute_bilan
from essaim.steering.queries.situations import Situations, count_situations

REALISED = ".realised"


@dataclass(frozen=True, slots=True)
class BilanLine:
    """One indicator in words. ``guide`` is the published figure; ``why`` explains the check; ``bar`` may be missing.

    ``counts_people``: it rests on facts of people. ``is_recorded``: some instrument of this instance records the facts
    it counts, or the journal was imported; without it a zero would say nothing.
    """

    row: IndicatorRow
    label: str
    definition: str
    value: str
    base: str
    target: str
    guide: str
    why: str
    bar: Bar | None
    counts_people: bool
    is_recorded: bool

    @property
    def target_words(self) -> str:
        """The target as the mark under the bar says it."""
        return f"Cible {self.target}" if self.target else ""

    @property
    def guide_words(self) -> str:
        """The published figure as the mark under the bar says it."""
        return f"Guide {self.guide}" if self.guide else ""

    @property
    def is_realised(self) -> bool:
        """Whether the line is what was reached of the target just above it."""
        return self.row.id.endswith(REALISED)


@dataclass(frozen=True, slots=True)
class BilanPage:
    """A bilan with its lines in words, and what the guide's own figures do not settle (``doubts``)."""

    action: Action
    bilan: Bilan
    lines: list[BilanLine]
    doubts: list[str]
    situations: Situations


def get_bilan_page(action: Action, *, dates: dict[str, date | None]) -> BilanPage:
    """Return the bilan of an action obtained through ``get_action_for``, with the dates of ``compute_bilan``.

    Two readings of the facts: the indicators, and the situations drawn above them. Values are rounded here, for
    reading, and nowhere before.
    """
    bilan = compute_bilan(action, **dates)
    practice = practice_file(action.practice)
    figures = {figure.id: figure for group in group_figures(practice) for figure in group.figures}
    presentation = practice.presentation
    return BilanPage(
        action=action,
        bilan=bilan,
        lines=[_line(action, row, figures[row.id.removesuffix(REALISED)]) for row in bilan.rows],
        doubts=[doubt.text for doubt in presentation.inconsistencies] if presentation else [],
        situations=count_situations(action, **dates),
    )


def _line(action: Action, row: IndicatorRow, figure: Figure) -> BilanLine:
    is_realised = row.id.endswith(REALISED)
    kinds = kinds_behind(action, row.id)
    return BilanLine(
        row=row,
        label=f"{figure.label}, réalisé" if is_realised else figure.label,
        definition="" if is_realised else figure.definition,
        value=_words(row.value, row.unit),
        base=_base(row.numerator, row.denominator, row.unit),
        target=_words(row.target, row.unit),
        guide=("environ " if row.approx else "") + _words(row.published, row.unit),
        why="" if is_realised else figure.why,
        bar=_bar(row),
        counts_people=any(map(may_name_a_person, kinds)),
        is_recorded=action.is_imported or not kinds or bool(kinds & all_fact_kinds().keys()),
    )


def figure_words(
    value: JsonNumber | None, numerator: JsonNumber | None, denominator: JsonNumber | None, unit: str
) -> tuple[str, str]:
    """Return a figure and what it is made of, rounded for reading: « 34,4 % » and « 22 sur 64 »."""
    return _words(value, unit), _base(numerator, denominator, unit)


def _words(value: int | float | str | None, unit: str) -> str:
    if value is None:
        return ""
    figure = value if isinstance(value, str) else rounded(value, unit)
    return figure_in_words(figure, "EUR" if unit.startswith("EUR") else unit)


def _bar(row: IndicatorRow) -> Bar | None:
    """Draw shares, averages and unit costs against the guide; a count only against its own target, since the guide's
    action had another size.
    """
    is_quotient = row.denominator is not None
    if row.target is None and not is_quotient:
        return None
    published = row.published if is_quotient else None
    return bar_of(value=row.value, unit=row.unit, target=row.target, published=published)


def _base(numerator: JsonNumber | None, denominator: JsonNumber | None, unit: str) -> str:
    if numerator is None or denominator is None:
        return ""
    above, between = (unit, "pour") if unit.startswith("EUR") else ("", "sur")
    return f"{_words(numerator, above)} {between} {_words(denominator, '')}"
