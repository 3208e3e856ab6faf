"""A bilan as a spreadsheet: unrounded figures, one indicator a row."""

from collections.abc import Iterator
from typing import Any

from essaim.kernel.templatetags.charts import CHECKS
from essaim.steering.engine.pooling import Pooled
from essaim.steering.engine.questions import SEX
from essaim.steering.queries import BilanPage
from essaim.steering.queries.reports import FunderReport

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


REPORT_COLUMNS = [
    ("question", "Question"),
    ("answer", "Réponse"),
    ("sex", "Sexe"),
    ("value", "Nombre"),
    ("note", "Remarque"),
    ("base", "Sur"),
]


def report_rows(report: FunderReport) -> Iterator[list[Any]]:
    """Yield one row a count of the fixed tables, in the order of REPORT_COLUMNS; a hidden count is empty."""
    figures = report.figures
    yield ["Entrées publiées", "Ensemble", "Ensemble", figures.total, "", figures.total]
    for sex, count in zip(SEX.answers, figures.by_sex, strict=True):
        yield ["Entrées publiées", "Ensemble", sex.label, *_count(count)]
    for table in figures.tables:
        for answer in table.answers:
            yield [table.label, answer.label, "Ensemble", *_count(answer.everyone)]
            for sex, count in zip(SEX.answers, answer.by_sex, strict=True):
                yield [table.label, answer.label, sex.label, *_count(count)]


def _count(count: Pooled) -> list[Any]:
    if count.value is None:
        return [None, count.words, None]
    return [count.value, "au moins : masqué dans une partie des cohortes" if count.hidden else "", count.base]
