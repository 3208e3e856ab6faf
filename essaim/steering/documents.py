"""A bilan on paper."""

from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from essaim.kernel.formats import long_day, money, percent, short_day
from essaim.kernel.pdf import render_pdf
from essaim.kernel.templatetags.charts import CHECKS
from essaim.steering.engine.pooling import PooledTable
from essaim.steering.engine.questions import SEX
from essaim.steering.queries import BilanLine, BilanPage
from essaim.steering.queries.reports import ActionLine, CohortLine, FunderReport


def bilan_pdf(page: BilanPage, *, today: date) -> HttpResponse:
    """Return the bilan as a PDF to download: the table of its page, in words, and the guide's doubtful figures."""
    bilan, action = page.bilan, page.action
    terms = [
        ("Fiche du guide", action.practice.title),
        ("Période", f"du {long_day(bilan.since)} au {long_day(bilan.until)}"),
        ("Vu le", long_day(bilan.on)),
    ]
    if bilan.known_on:
        terms.append(("Avec ce qu’on savait le", long_day(bilan.known_on)))
    content = render_pdf(
        "kernel/report",
        {
            "title": f"Bilan : {action.title}",
            "organisation": action.organisation.name if action.organisation else "Journal importé",
            "printed": f"imprimé le {long_day(today)}",
            "terms": terms,
            "sections": [{"title": "Indicateurs", "tables": [_table(page.lines)]}],
            "notes": page.doubts,
        },
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"bilan-{action.ref}.pdf") or "attachment"
    return response


PROTECTED = (
    "Chaque cohorte est publiée une seule fois. Un nombre inférieur à 5 est masqué, et avec lui ceux qui permettraient"
    " de le retrouver. Une personne entrée deux fois compte pour deux entrées."
)
NOTHING_YET = "Les entrées d’un trimestre se lisent trois mois après sa fin, dès qu’elles sont quinze ou plus."


def report_pdf(report: FunderReport, *, organisation: str, terms: list[tuple[str, str]], today: date) -> HttpResponse:
    """Return a funder's report as a PDF to download: actions and their money, the fixed tables, the cohorts."""
    content = render_pdf(
        "kernel/report",
        {
            "title": report.title,
            "organisation": organisation,
            "printed": f"imprimé le {long_day(today)}",
            "terms": [*terms, ("Entrées publiées", str(report.figures.total) if report.cohorts else "aucune encore")],
            "sections": [
                {"title": "Actions", "tables": [_actions(report.actions)]},
                *(_published(report) if report.cohorts else ()),
            ],
            "notes": [PROTECTED] if report.cohorts else [NOTHING_YET],
        },
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, "rapport-financeur.pdf") or "attachment"
    return response


def _published(report: FunderReport) -> list[dict[str, object]]:
    return [
        {"title": "Qui est entré, et où", "tables": [_answers(table) for table in report.figures.tables]},
        {"title": "Cohortes publiées", "tables": [_cohorts(report.cohorts)]},
    ]


def _actions(lines: tuple[ActionLine, ...]) -> dict[str, object]:
    return {
        "caption": "Budget, entrées publiées, emploi durable",
        "columns": ["Action", "Portée par", "Prévu", "Réalisé", "Entrées", "Emploi durable"],
        "rows": [
            [
                line.title,
                line.organisation,
                money(line.planned),
                money(line.actual),
                str(line.figures.total or ""),
                line.figures.table("situation").answer("lasting").everyone.words,
            ]
            for line in lines
        ],
        "numeric": [2, 3, 4, 5],
        "widths": [4, 3, 2, 2, 2, 2],
    }


def _answers(table: PooledTable) -> dict[str, object]:
    return {
        "caption": table.label,
        "columns": [table.label, *(sex.label for sex in SEX.answers), "Ensemble", "Part"],
        "rows": [
            [
                answer.label,
                *(count.words for count in answer.by_sex),
                answer.everyone.words,
                f"{percent(answer.everyone.share)} de {answer.everyone.base}" if answer.everyone.share else "",
            ]
            for answer in table.answers
        ],
        "numeric": [1, 2, 3, 4],
        "widths": [5, 2, 4, 2, 2],
    }


def _cohorts(lines: tuple[CohortLine, ...]) -> dict[str, object]:
    days = ("since", "until", "observed_on", "published_on")
    return {
        "caption": "Ce que les tableaux additionnent",
        "columns": ["Action", "Entrées du", "Au", "Situation au", "Publiée le", "Entrées"],
        "rows": [[line.action, *(short_day(getattr(line, day)) for day in days), str(line.total)] for line in lines],
        "numeric": [5],
        "widths": [4, 2, 2, 2, 2, 1],
    }


def _table(lines: list[BilanLine]) -> dict[str, object]:
    return {
        "caption": "Résultat, cible et chiffre publié par le guide",
        "columns": ["Indicateur", "Résultat", "Base", "Cible", "Guide", "Vérification"],
        "rows": [_cells(line) for line in lines],
        "numeric": [1, 3, 4],
        "widths": [5, 2, 3, 2, 2, 2],
    }


def _cells(line: BilanLine) -> list[str]:
    check = CHECKS[line.row.check][0] if line.row.check and not line.is_realised else ""
    value = line.value or "sans valeur" if line.is_recorded else "pas saisi"
    return [line.label, value, line.base if line.is_recorded else "", line.target, line.guide, check]
