"""The budget of an action: what is planned and spent, by year, post and funder; its cash; files."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.permissions import STEERS
from essaim.journal.models import Action
from essaim.journeys.engine.cash import draw_cash
from essaim.journeys.forms.money import BudgetLineEditForm, BudgetLineForm, VersionForm
from essaim.journeys.operations.budget import cancel_budget_line, correct_budget_line, record_budget_line
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries.budget import (
    OWN,
    get_budget_for,
    list_budget_lines_for,
    list_cash_months_for,
    list_funders_of,
)
from essaim.journeys.queries.staff_time import total_time_for
from essaim.journeys.views.money_finding import find_line, find_steered, save_money, tab_of
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.exports import export_response
from essaim.kernel.formats import money
from essaim.kernel.panels import panel
from essaim.kernel.tables import Column, Empty, Table

LINES_SHOWN = 100
CASH = [
    ("month", "Mois"),
    ("expected", "Attendu"),
    ("received", "Reçu"),
    ("spent", "Dépensé"),
    ("total_expected", "Attendu, cumulé"),
    ("total_received", "Reçu, cumulé"),
    ("total_spent", "Dépensé, cumulé"),
    ("left", "Reçu moins dépensé"),
]
LINES = Table(
    name="lignes de budget",
    noun="ligne",
    columns=(
        Column("year", "Année", "year", sort=("year",)),
        Column("nature", "Nature", lambda line: line.get_nature_display()),
        Column("category", "Poste", lambda line: line.get_category_display()),
        Column("label", "Intitulé", "label"),
        Column("funder", "Financeur", lambda line: line.funder.name if line.funder else OWN),
        Column("amount", "Montant", "amount"),
        Column("day", "Inscrite ou dépensée le", "day"),
    ),
    order="-year",
    empty=Empty("Aucune ligne"),
)


@access(STEERS)
@panel("journeys:action", "budget")
def budget(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the budget."""
    action = find_steered(request, ref)
    months = list_cash_months_for(request.membership, action)
    lines = list_budget_lines_for(request.membership, action)
    context = {
        "action": action,
        "budget": get_budget_for(request.membership, action),
        "lines": lines[:LINES_SHOWN],
        "is_cut": len(lines) > LINES_SHOWN,
        "time": total_time_for(request.membership, action),
        "tells_cost": may_manage(request.membership, action),
        "months": months,
        "chart": draw_cash(months, today()),
        "day": today(),
    }
    return render(request, "journeys/_budget.html", context)


@access(STEERS)
def budget_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The lines of the budget."""
    action = find_steered(request, ref)
    return LINES.file(request.GET, list_budget_lines_for(request.membership, action))


@access(STEERS)
def cash_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The months of cash."""
    action = find_steered(request, ref)
    months = list_cash_months_for(request.membership, action)
    rows = [[month.first, *(getattr(month, key) for key, _ in CASH[1:])] for month in months]
    is_workbook = request.GET.get("format") == "xlsx"
    return export_response(f"trésorerie {action.ref}", CASH, rows, "xlsx" if is_workbook else "csv")


@access(STEERS, methods=("GET", "POST"))
def budget_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Write a line, planned or spent."""
    action = find_steered(request, ref)
    form = BudgetLineForm(request.POST or None, initial={"year": action.starts.year, "nature": "planned"})
    form.fill(list_funders_of(action))

    def save() -> object:
        return record_budget_line(action=action, details=form.details, by=request.membership, now=timezone.now())

    title = "Ajouter une ligne de budget"
    return save_money(request, action, form, save, title=title, back=tab_of(action, "budget"))


@access(STEERS, methods=("GET", "POST"))
def budget_line(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """Set a line right."""
    action = find_steered(request, ref)
    line = find_line(request, action, pk)
    shown: dict[str, Any] = {name: getattr(line, name) for name in ("nature", "category", "label", "amount", "year")}
    shown |= {"version": line.version, "funder": line.funder and line.funder.ref, "day": line.day}
    form = BudgetLineEditForm(request.POST or None, initial=shown)
    form.fill(list_funders_of(action))

    def save() -> object:
        version = form.cleaned_data["version"]
        given = {"details": form.details, "version": version, "by": request.membership, "now": timezone.now()}
        return correct_budget_line(line=line, **given)

    other = {"label": "Annuler cette ligne", "url": reverse("journeys:budget_cancel", args=[ref, pk])}
    back, title = tab_of(action, "budget"), "Corriger une ligne de budget"
    return save_money(request, action, form, save, title=title, back=back, other=other)


@access(STEERS, methods=("GET", "POST"))
def budget_cancel(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """Cancel a line entered by mistake."""
    action = find_steered(request, ref)
    line = find_line(request, action, pk)
    form = VersionForm(request.POST or None, initial={"version": line.version})

    def save() -> object:
        version = form.cleaned_data["version"]
        return cancel_budget_line(line=line, version=version, by=request.membership, now=timezone.now())

    words = f"{capfirst(line.get_category_display())} {line.year}, {line.get_nature_display()} : {money(line.amount)}."
    notes = [words, "La ligne quitte le budget et le bilan ; le fil garde la trace de son annulation."]
    given: dict[str, Any] = {"submit": "Annuler la ligne", "notes": notes, "done": "La ligne est annulée."}
    return save_money(
        request, action, form, save, title="Annuler une ligne de budget", back=_line_url(action, pk), **given
    )


def _line_url(action: Action, pk: int) -> str:
    return reverse("journeys:budget_line", args=[action.ref, pk])
