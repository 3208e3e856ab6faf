"""The fixed tables of funders: four questions asked of everyone who entered, crossed with sex, and nothing else.

Fixed means that nobody chooses them: a table made to order, beside another, could single someone out. Each answer is
a count of entries in the indicator language; the answers of a question are exclusive and leave nobody aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from essaim.steering.engine.situations import DURABLE
from essaim.steering.engine.suppression import FUNDER_THRESHOLD, Table, protect_table

Selected = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its words, and the conditions and links that a fact of entry meets."""

    key: str
    label: str
    selected: Selected


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the fixed tables."""

    key: str
    label: str
    answers: tuple[Answer, ...]


def _between(field: str, **bounds: int) -> Selected:
    return {"where": {f"person.{field}": bounds}}


_SIGNED = {"of": "contract_signed", "period": "to_date", "when": "after"}
_LASTING = {**_SIGNED, "where": DURABLE}
_TRAINED = {"of": "training_joined", "period": "to_date", "when": "after"}
_NEITHER = [_SIGNED, _TRAINED]

SEX = Question(
    "sex",
    "Sexe",
    (
        Answer("female", "Femmes", {"where": {"person.sex": "female"}}),
        Answer("others", "Hommes ou non renseigné", {"where": {"not": {"person.sex": "female"}}}),
    ),
)
SITUATION = Question(
    "situation",
    "Situation à la date d’observation",
    (
        Answer("lasting", "Emploi durable (CDI, ou contrat de 6 mois et plus)", {"with": _LASTING}),
        Answer("short", "Contrat plus court", {"with": _SIGNED, "without": _LASTING}),
        Answer("training", "Formation", {"with": _TRAINED, "without": _SIGNED}),
        Answer("inside", "Encore dans l’action", {"where": {"active": True}, "without": _NEITHER}),
        Answer("out", "Sortie sans emploi ni formation connus", {"where": {"active": False}, "without": _NEITHER}),
    ),
)
QUESTIONS = (
    SITUATION,
    Question(
        "age",
        "Âge à l’entrée",
        (
            Answer("under_21", "Moins de 21 ans", _between("age", lt=21)),
            Answer("under_26", "21 à 25 ans", _between("age", gte=21, lt=26)),
            Answer("under_45", "26 à 44 ans", _between("age", gte=26, lt=45)),
            Answer("over_45", "45 ans et plus", _between("age", gte=45)),
            Answer("unknown", "Âge non renseigné", {"where": {"person.age": None}}),
        ),
    ),
    Question(
        "level",
        "Niveau de formation à l’entrée",
        (
            Answer("cap", "CAP, BEP ou moins", _between("level", lte=3)),
            Answer("bac", "Baccalauréat", _between("level", gt=3, lt=5)),
            Answer("higher", "Au-delà du baccalauréat", _between("level", gte=5)),
            Answer("unknown", "Niveau non renseigné", {"where": {"person.level": None}}),
        ),
    ),
    Question(
        "qpv",
        "Quartier prioritaire (QPV)",
        (
            Answer("inside", "En QPV", {"where": {"person.zones": "qpv"}}),
            Answer("outside", "Hors QPV ou non renseigné", {"where": {"not": {"person.zones": "qpv"}}}),
        ),
    ),
)


def cell_id(sex: str, question: str, answer: str) -> str:
    """Return the identifier of the count of a cell."""
    return f"{sex}.{question}.{answer}"


def cell_indicators() -> list[dict[str, Any]]:
    """Return one count of entries for each cell of the fixed tables, in the indicator language.

    Entries, not people: someone who entered twice is in two cells, so that cells always add up.
    """
    return [
        {
            "id": cell_id(sex.key, question.key, answer.key),
            "formula": {
                **{key: value for key, value in answer.selected.items() if key != "where"},
                "count": "fact",
                "of": "enrolment_opened",
                "where": {"all": [sex.selected["where"], answer.selected.get("where", {})]},
            },
        }
        for question in QUESTIONS
        for sex in SEX.answers
        for answer in question.answers
    ]


def protected_figures(counts: Mapping[str, int], *, threshold: int = FUNDER_THRESHOLD) -> dict[str, Any]:
    """Return what may be shown of the counts of ``cell_indicators``, as JSON: hidden counts are null.

    ``{"total": 64, "sex": [33, 31], "tables": {"age": {"all": [...], "by_sex": [[...], [...]]}, …}}``; ``by_sex`` is
    empty when one sex is hidden. Raises ValueError when the tables do not count the same entries: nothing is told.
    """
    tables: dict[str, Table] = {}
    for question in QUESTIONS:
        cells = [
            [counts[cell_id(sex.key, question.key, answer.key)] for answer in question.answers] for sex in SEX.answers
        ]
        tables[question.key] = protect_table(cells, threshold=threshold)
    margins = {(table.total, table.rows) for table in tables.values()}
    if len(margins) != 1:
        raise ValueError("the tables do not count the same entries")
    [(total, rows)] = margins
    return {
        "total": total,
        "sex": list(rows),
        "tables": {
            key: {"all": list(table.columns), "by_sex": [list(row) for row in table.cells]}
            for key, table in tables.items()
        },
    }
