"""A bilan on paper."""

from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from essaim.kernel.formats import long_day
from essaim.kernel.pdf import render_pdf
from essaim.kernel.templatetags.charts import CHECKS
from essaim.steering.queries import BilanLine, BilanPage


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
