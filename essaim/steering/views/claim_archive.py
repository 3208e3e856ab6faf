"""The ZIP of a claim: people and what they miss, their papers, attendance, figures, budget, manifest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from mimetypes import guess_extension
from typing import Any

from django.utils.text import slugify

from essaim.journeys.enums import Evidence
from essaim.kernel.days import PARIS
from essaim.kernel.exports import export_response
from essaim.kernel.formats import MONTHS, clock, long_day, money
from essaim.kernel.pdf import render_pdf
from essaim.kernel.zips import Entry
from essaim.people.models import Document
from essaim.steering.engine.claims import CLOSED
from essaim.steering.models import ClaimFile
from essaim.steering.queries.claims import ClaimLine, SessionSheet, count_claim

PEOPLE = [
    ("person", "Personne"),
    ("code", "Code"),
    ("entered", "Entrée"),
    ("left", "Sortie"),
    ("state", "Dossier"),
    ("missing", "Il manque"),
]
FIGURES = [
    ("id", "Code"),
    ("label", "Indicateur"),
    ("unit", "Unité"),
    ("value", "Résultat"),
    ("numerator", "Numérateur"),
    ("denominator", "Dénominateur"),
    ("target", "Cible"),
]
BUDGET = [
    ("year", "Année"),
    ("category", "Poste"),
    ("funder", "Financeur"),
    ("planned", "Prévu"),
    ("actual", "Réalisé"),
]
EVIDENCE = dict(Evidence.choices) | {CLOSED: "dossier refermé ou protégé : à demander à la structure référente"}


def missing_words(codes: Iterable[str]) -> str:
    """What is missing, in words."""
    return ", ".join(str(EVIDENCE.get(code, code)) for code in codes)


def people_rows(lines: Iterable[ClaimLine]) -> list[list[Any]]:
    """One row a parcours, in the order of PEOPLE."""
    return [
        [
            line.name,
            line.enrolment.person.code if line.is_named else "",
            line.enrolment.opened_on,
            line.enrolment.closed_on,
            "complet" if line.is_complete else "incomplet",
            missing_words(line.missing),
        ]
        for line in lines
    ]


def archive_of(claim: ClaimFile, lines: list[ClaimLine], sheets: list[SessionSheet], made: datetime) -> list[Entry]:
    """The entries of the ZIP: their contents are made one after the other, when their turn comes."""
    people, figures = people_rows(lines), claim.figures["indicators"]
    entries: list[Entry] = [
        ("resume.pdf", lambda: _summary(claim, lines, made)),
        ("participants.xlsx", lambda: _book("participants", PEOPLE, people)),
        ("chiffres.xlsx", lambda: _book("chiffres", FIGURES, _rows(FIGURES, figures))),
        ("budget.xlsx", lambda: _book("budget", BUDGET, _rows(BUDGET, claim.budget))),
    ]
    months: dict[str, list[SessionSheet]] = defaultdict(list)
    for sheet in sheets:
        months[f"{sheet.starts.astimezone(PARIS):%Y-%m}"].append(sheet)
    entries += [(f"presences/{month}.pdf", _attendance(claim, found, made)) for month, found in months.items()]
    return entries + [entry for line in lines for entry in _papers(line)]


def _papers(line: ClaimLine) -> list[Entry]:
    person = line.enrolment.person
    folder = f"pieces/{slugify(f'{person.last_name} {person.first_name}')}-{person.code}"
    return [
        (f"{folder}/{paper.kind}-{paper.ref}{guess_extension(paper.content_type) or ''}", _reader(paper))
        for paper in line.papers
    ]


def _reader(paper: Document) -> Callable[[], bytes]:
    def read() -> bytes:
        with paper.file.open("rb") as content:
            return bytes(content.read())

    return read


def _book(name: str, columns: list[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> bytes:
    return export_response(name, columns, rows, "xlsx").content


def _rows(columns: list[tuple[str, str]], found: Iterable[dict[str, Any]]) -> list[list[Any]]:
    return [[row.get(key) for key, _ in columns] for row in found]


def _attendance(claim: ClaimFile, sheets: list[SessionSheet], made: datetime) -> Callable[[], bytes]:
    first = sheets[0].starts.astimezone(PARIS)
    sections = [
        {
            "title": sheet.title,
            "text": f"{long_day(sheet.starts.astimezone(PARIS), weekday=True)}, de {clock(sheet.starts)} à "
            f"{clock(sheet.ends)}",
            "tables": [
                {
                    "caption": "Présences notées",
                    "columns": ["Personne", "Présence", "Heures"],
                    "rows": [list(row) for row in sheet.rows],
                    "numeric": [2],
                    "widths": [5, 2, 1],
                }
            ],
        }
        for sheet in sheets
    ]
    title = f"Présences de {MONTHS[first.month - 1]} {first.year}"
    return lambda: render_pdf("kernel/report", _frame(claim, title, made) | {"sections": sections})


def _summary(claim: ClaimFile, lines: list[ClaimLine], made: datetime) -> bytes:
    agreement, count = claim.instalment.agreement, count_claim(lines)
    terms = [
        ("Financeur", str(agreement.funder)),
        ("Convention", f"{agreement.title}{f', {agreement.number}' if agreement.number else ''}"),
        ("Versement demandé", f"{claim.instalment.get_kind_display()}, {money(claim.instalment.amount)}"),
        ("Période", f"du {long_day(claim.since)} au {long_day(claim.until)}"),
        ("Participants", str(count.counted)),
        ("Dossiers complets", str(count.complete)),
        ("Pièces demandées", missing_words(claim.evidence) or "aucune"),
        ("Figé le", long_day(claim.made_at.astimezone(PARIS))),
    ]
    budget = {
        "caption": "Budget de l’action",
        "columns": ["Poste", "Financeur", "Année", "Prévu", "Réalisé"],
        "rows": [
            [row["category"], row["funder"], str(row["year"]), money(row["planned"]), money(row["actual"])]
            for row in claim.budget
        ],
        "numeric": [3, 4],
        "widths": [3, 3, 1, 2, 2],
    }
    sections = [{"title": "Budget", "tables": [budget]}] if claim.budget else []
    frame = _frame(claim, "Demande de versement", made)
    return render_pdf("kernel/report", frame | {"terms": terms, "sections": sections})


def _frame(claim: ClaimFile, title: str, made: datetime) -> dict[str, Any]:
    action = claim.instalment.agreement.action
    return {
        "title": title,
        "subtitle": action.title,
        "organisation": action.organisation.name if action.organisation else "",
        "printed": f"dossier {claim.ref}, imprimé le {long_day(made.astimezone(PARIS))}",
    }
