"""The bilan of an action: page, files, people behind a figure."""

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import current_membership, note_read
from essaim.journal.models import Action
from essaim.journeys.permissions import may_steer
from essaim.kernel.access import access
from essaim.kernel.days import today
from essaim.kernel.exports import export_response
from essaim.steering.documents import bilan_pdf
from essaim.steering.exports import COLUMNS, rows_of
from essaim.steering.forms import BilanDatesForm
from essaim.steering.permissions import READS_BILAN, READS_PEOPLE, sees_people_behind_figures
from essaim.steering.queries import get_bilan_action_for, get_bilan_page, list_bilans_for, list_people_behind_for
from essaim.steering.tables import ACTIONS, PEOPLE, SUBJECTS


@access(READS_BILAN)
def home(request: HttpRequest) -> HttpResponse:
    table = ACTIONS.read(request.GET, list_bilans_for(current_membership(request)))
    if table.export_format:
        return table.export()
    return render(request, "steering/home.html", {"table": table})


@access(READS_BILAN)
def bilan(request: HttpRequest, ref: str) -> HttpResponse:
    action, form = _asked(request, ref)
    page = get_bilan_page(action, dates=form.dates())
    context = {
        "page": page,
        "form": form,
        "question": request.GET.urlencode(),
        "may_send": may_steer(current_membership(request), action),
        "opens_people": sees_people_behind_figures(current_membership(request)),
    }
    return render(request, "steering/bilan.html", context)


@access(READS_BILAN)
def bilan_file(request: HttpRequest, ref: str, fmt: Literal["csv", "xlsx", "pdf"]) -> HttpResponse:
    action, form = _asked(request, ref)
    if fmt not in {"csv", "xlsx", "pdf"}:
        raise Http404
    page = get_bilan_page(action, dates=form.dates())
    if fmt == "pdf":
        return bilan_pdf(page, today=today())
    return export_response(f"bilan {action.ref}", COLUMNS, rows_of(page), fmt)


@access(READS_PEOPLE)
def people_behind(request: HttpRequest, ref: str, indicator: str) -> HttpResponse:
    action, form = _asked(request, ref)
    dates = form.dates()
    try:
        behind = list_people_behind_for(current_membership(request), action, indicator, dates=dates)
    except KeyError:
        raise Http404 from None
    note_read(request, "steering.people_behind", f"{action.ref}:{indicator}")
    table = (
        SUBJECTS.read(request.GET, behind.subjects) if action.is_imported else PEOPLE.read(request.GET, behind.people)
    )
    if table.export_format:
        return table.export()
    line = next(one for one in get_bilan_page(action, dates=dates).lines if one.row.id == indicator)
    context = {
        "action": action,
        "line": line,
        "behind": behind,
        "table": table,
        "dates": dates,
        "question": _period(request),
    }
    return render(request, "steering/people_behind.html", context)


def _asked(request: HttpRequest, ref: str) -> tuple[Action, BilanDatesForm]:
    """Return the action and the dates asked in the URL. 404 for an action that the reader may not open."""
    try:
        action = get_bilan_action_for(current_membership(request), ref)
    except Action.DoesNotExist:
        raise Http404 from None
    return action, BilanDatesForm(request.GET, action=action, today=today())


def _period(request: HttpRequest) -> str:
    """Return the dates of the URL alone, to come back to the same bilan."""
    kept: Any = request.GET.copy()
    for key in set(kept) - set(BilanDatesForm.base_fields):
        del kept[key]
    return kept.urlencode()
