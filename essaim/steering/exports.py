"""A bilan as a spreadsheet: unrounded figures, one indicator a row."""

from collections.abc import Iterator
from typing import Any

from essaim.kernel.templatetags.charts import CHECKS
from essaim.steering.queries import BilanPage

COLUMNS = [
    ("id", "Code"),
    ("label", "Indicateur"),
    ("unit", "Unité"),
    ("value", "Résultat"),
    ("numerator", "Numérateur"),
    ("denominator", "Dénominateur"),
    ("target", "Cible"),
    ("published", "Publié dans le guide"),
    ("approx", "Publié comme approximatif"),
    ("check", "Vérification"),
    ("note", "Note"),
    ("from", "Du"),
    ("to", "Au"),
    ("on", "Vu le"),
]


def rows_of(page: BilanPage) -> Iterator[list[Any]]:
    """Yield one row an indicator, in the order of COLUMNS; the dates are repeated so that a row can travel alone.

    What nobody records yet stays empty: a zero would be read as a result.
    """
    bilan = page.bilan
    for line in page.lines:
        row = line.row
        found = (row.value, row.numerator, row.denominator) if line.is_recorded else (None, None, None)
        yield [
            row.id,
            line.label,
            row.unit,
            *found,
            row.target,
            row.published,
            row.approx,
            CHECKS[row.check][0] if row.check and not line.is_realised else "",
            row.note,
            bilan.since,
            bilan.until,
            bilan.on,
        ]
