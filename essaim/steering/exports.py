"""A bilan as a spreadsheet: unrounded figures, one indicator a row."""

from collections.abc import Iterator
from typing import Any

from essaim.steering.queries import Bilan

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


def rows_of(bilan: Bilan) -> Iterator[list[Any]]:
    """Yield one row an indicator, in the order of COLUMNS; the dates are repeated so that a row can travel alone."""
    for row in bilan.rows:
        yield [
            row.id,
            row.label,
            row.unit,
            row.value,
            row.numerator,
            row.denominator,
            row.target,
            row.published,
            row.approx,
            row.check,
            row.note,
            bilan.since,
            bilan.until,
            bilan.on,
        ]
