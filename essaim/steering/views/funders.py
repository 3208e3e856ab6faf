"""What a funder reads: published cohorts of the actions she funds, and the bilans that she was sent."""

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import current_membership
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.days import today
from essaim.kernel.exports import export_response
from essaim.kernel.formats import long_day
from essaim.steering.documents import report_pdf
from essaim.steering.exports import REPORT_COLUMNS, report_rows
from essaim.steering.models import FrozenBilan
from essaim.steering.permissions import READS_FUNDED
from essaim.steering.queries.frozen import list_received_for
from essaim.steering.queries.funders import FunderReading, read_funded_for
from essaim.steering.queries.reports import FunderReport, report_as_sent, report_of
from essaim.steering.tables import COHORTS, FUNDED, RECEIVED

TITLE = "Actions que vous financez"


@access(READS_FUNDED)
def funded(request: HttpRequest) -> HttpResponse:
    """The actions she funds, together or one of them; no count that is not published."""
    reading = _read(request)
    received = RECEIVED.read(request.GET, list_received_for(current_membership(request)))
    cohorts = COHORTS.read(request.GET, reading.cohorts)
    for table in (received, cohorts):
        if table.export_format:
            return table.export()
    context = {
        "reading": reading,
        "actions": FUNDED.read(request.GET, reading.actions),
        "cohorts": cohorts,
        "received": received,
        "ref": request.GET.get("action", ""),
        "year": request.GET.get("annee", ""),
        "question": request.GET.urlencode(),
    }
    return render(request, "steering/funded.html", context)


@access(READS_FUNDED)
def funded_file(request: HttpRequest, fmt: Literal["csv", "xlsx", "pdf"]) -> HttpResponse:
    """The same as a file."""
    return _file(request, report_of(_read(request), TITLE), fmt, [])


@access(READS_FUNDED)
def received(request: HttpRequest, ref: str) -> HttpResponse:
    """A bilan as she was sent it."""
    frozen = _find(request, ref)
    return render(request, "steering/received.html", {"frozen": frozen, "report": report_as_sent(frozen)})


@access(READS_FUNDED)
def received_file(request: HttpRequest, ref: str, fmt: Literal["csv", "xlsx", "pdf"]) -> HttpResponse:
    """The same as a file."""
    frozen = _find(request, ref)
    terms = [("Envoyé le", long_day(frozen.sent_at)), ("Par", frozen.sent_by.full_name), ("Message", frozen.message)]
    return _file(request, report_as_sent(frozen), fmt, [term for term in terms if term[1]])


def _read(request: HttpRequest) -> FunderReading:
    year = request.GET.get("annee", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    try:
        return read_funded_for(
            current_membership(request), ref=request.GET.get("action", ""), year=int(year) if year else None
        )
    except Action.DoesNotExist:
        raise Http404 from None


def _find(request: HttpRequest, ref: str) -> FrozenBilan:
    try:
        return list_received_for(current_membership(request)).get(ref=ref)
    except FrozenBilan.DoesNotExist:
        raise Http404 from None


def _file(
    request: HttpRequest, report: FunderReport, fmt: Literal["csv", "xlsx", "pdf"], terms: list[tuple[str, str]]
) -> HttpResponse:
    if fmt == "pdf":
        viewer = current_membership(request)
        return report_pdf(report, organisation=viewer.organisation.name if viewer else "", terms=terms, today=today())
    if fmt not in {"csv", "xlsx"}:
        raise Http404
    return export_response("rapport financeur", REPORT_COLUMNS, report_rows(report), fmt)
