"""The time of the team of an action, month by month; its targets."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import STEERS
from essaim.guide.engine import typographic
from essaim.journeys.forms.money import StaffTimeEditForm, StaffTimeForm, TargetForm, VersionForm, initial_of_time
from essaim.journeys.operations.staff_time import correct_staff_time, record_staff_time, remove_staff_time
from essaim.journeys.operations.targets import set_target
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries import list_staff_of, practice_of
from essaim.journeys.queries.staff_time import list_staff_time_for, total_time_for
from essaim.journeys.queries.targets import target_of
from essaim.journeys.views.money_finding import find_steered, find_time, save_money, tab_of
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.formats import MONTHS
from essaim.kernel.panels import panel
from essaim.kernel.tables import Column, Empty, Table

TIME = (
    Column("month", "Mois", "month", sort=("month",)),
    Column("member", "Qui", lambda row: str(row.member)),
    Column("role", "Rôle", lambda row: row.member.get_role_display()),
    Column("hours", "Heures", "hours"),
    Column("share", "Part de temps plein", "share"),
)
NOTHING = Empty("Aucun temps noté")
TOLD = Table("temps passé", "mois,mois", TIME, "-month", NOTHING)
TOLD_WITH_COST = Table("temps passé", "mois,mois", (*TIME, Column("cost", "Coût", "cost")), "-month", NOTHING)


@access(STEERS)
@panel("journeys:action", "staff_time")
def staff_time(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the time given by the team."""
    action = find_steered(request, ref)
    context = {
        "action": action,
        "rows": list_staff_time_for(request.membership, action),
        "totals": total_time_for(request.membership, action),
        "tells_cost": may_manage(request.membership, action),
        "has_team": list_staff_of(action).exists(),
    }
    return render(request, "journeys/_staff_time.html", context)


@access(STEERS)
def staff_time_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The time given by the team; its cost for who manages the carrier."""
    action = find_steered(request, ref)
    table = TOLD_WITH_COST if may_manage(request.membership, action) else TOLD
    return table.file(request.GET, list_staff_time_for(request.membership, action))


@access(STEERS, methods=("GET", "POST"))
def staff_time_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Write the time of a month."""
    action = find_steered(request, ref)
    form = StaffTimeForm(request.POST or None, staff=list_staff_of(action), starts=action.starts)
    form.fill(tells_cost=may_manage(request.membership, action))

    def save() -> object:
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("member", "month")} | form.details
        return record_staff_time(by=request.membership, now=timezone.now(), **given)

    return save_money(request, action, form, save, title="Noter du temps passé", back=tab_of(action, "staff_time"))


@access(STEERS, methods=("GET", "POST"))
def staff_time_edit(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """Set the time of a month right."""
    action = find_steered(request, ref)
    time, tells = find_time(request, action, pk), may_manage(request.membership, action)
    form = StaffTimeEditForm(request.POST or None, initial=initial_of_time(time, tells_cost=tells))
    form.fill(tells_cost=tells)

    def save() -> object:
        version = form.cleaned_data["version"]
        return correct_staff_time(time=time, version=version, by=request.membership, now=timezone.now(), **form.details)

    other = {"label": "Retirer ce mois", "url": reverse("journeys:staff_time_remove", args=[ref, pk])}
    title = f"{time.member}, {MONTHS[time.month.month - 1]} {time.month.year}"
    return save_money(request, action, form, save, title=title, back=tab_of(action, "staff_time"), other=other)


@access(STEERS, methods=("GET", "POST"))
def staff_time_remove(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """Take away a month written by mistake."""
    action = find_steered(request, ref)
    time = find_time(request, action, pk)
    form = VersionForm(request.POST or None, initial={"version": time.version})

    def save() -> object:
        version = form.cleaned_data["version"]
        return remove_staff_time(time=time, version=version, by=request.membership, now=timezone.now())

    notes = [f"{time.member}, {MONTHS[time.month.month - 1]} {time.month.year}."]
    given: dict[str, Any] = {"submit": "Retirer", "notes": notes, "back": tab_of(action, "staff_time")}
    return save_money(request, action, form, save, title="Retirer un mois", **given)


@access(STEERS, methods=("GET", "POST"))
def target(request: MemberRequest, ref: str, indicator: str) -> HttpResponse:
    """Set, change or withdraw the target of an indicator."""
    action = find_steered(request, ref)
    found = next((one for one in practice_of(action).indicators if one.id == indicator), None)
    if found is None:
        raise Http404
    form = TargetForm(request.POST or None, initial={"version": action.version, "value": target_of(action, indicator)})
    form.fields["value"].unit = found.unit if found.unit == "%" else ""  # type: ignore[attr-defined]

    def save() -> object:
        given = {"value": form.cleaned_data["value"], "version": form.cleaned_data["version"]}
        return set_target(action=action, indicator=indicator, by=request.membership, now=timezone.now(), **given)

    notes = ["Vide, l’indicateur n’a plus de cible. L’ancienne reste écrite avec sa date."]
    back = tab_of(action, "targets")
    return save_money(request, action, form, save, title=typographic(found.label), back=back, notes=notes)
