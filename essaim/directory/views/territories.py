"""Territories of one's own organisation: a name, then communes and zones found by a plain search."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.directory import operations
from essaim.directory.forms import TerritoryForm, TerritoryNameForm
from essaim.directory.models import Territory
from essaim.directory.permissions import MANAGES_ORGANISATION, MEMBER, manages_organisation
from essaim.directory.queries import (
    get_own_organisation_for,
    get_places,
    get_territory_for,
    list_territories_for,
    narrow_territories,
    search_places,
)
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations import create_once
from essaim.kernel.tables import Column, Empty, Table


def url_of(territory: Territory) -> str:
    return reverse("directory:territory", args=[territory.pk])


def names_of(places: Any) -> str:
    return ", ".join(place.name for place in places.all())


TERRITORIES = Table(
    name="territoires",
    noun="territoire",
    columns=(
        Column("name", "Territoire", sort=("name_order",), link=url_of),
        Column("communes", "Communes", lambda territory: names_of(territory.communes)),
        Column("zones", "Quartiers et zones", lambda territory: names_of(territory.zones)),
    ),
    search=narrow_territories,
    search_label="Nom ou commune",
    order="name",
    empty=Empty(
        "Aucun territoire pour l’instant",
        "Un territoire réunit les communes et les quartiers où vous agissez. Vous le choisirez au lancement "
        "d’une action.",
    ),
)


@access(MEMBER)
def list_territories(request: MemberRequest) -> HttpResponse:
    table = TERRITORIES.read(request.GET, list_territories_for(request.membership))
    if table.export_format:
        return table.export()
    manages = manages_organisation(request)
    return render(request, "directory/territory_list.html", {"table": table, "manages": manages})


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def create_territory(request: MemberRequest) -> HttpResponse:
    form = TerritoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, membership = timezone.now(), request.membership
        organisation = get_own_organisation_for(membership)
        try:
            url = create_once(
                key=form.cleaned_data["form_key"],
                user=request.user,
                now=now,
                create=lambda: url_of(
                    operations.create_territory(
                        organisation=organisation, name=form.cleaned_data["name"], by=membership, now=now
                    )
                ),
            )
            return redirect(url)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "directory/territory_create.html", {"form": form})


@access(MEMBER)
def show_territory(request: MemberRequest, pk: int) -> HttpResponse:
    territory = territory_or_404(request, pk)
    asked = request.GET.get("q", "").strip()
    context = {
        "territory": territory,
        "manages": manages_organisation(request),
        "asked": asked,
        "found": search_places(asked, beside=territory, on=today()) if asked else None,
    }
    return render(request, "directory/territory.html", context)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def rename_territory(request: MemberRequest, pk: int) -> HttpResponse:
    territory = territory_or_404(request, pk)
    form = TerritoryNameForm(request.POST or None, initial={"name": territory.name, "version": territory.version})
    if request.method == "POST" and form.is_valid():
        try:
            operations.rename_territory(
                territory=territory, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
            return redirect(url_of(territory))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "directory/territory_name.html", {"form": form, "territory": territory})


@access(MANAGES_ORGANISATION, methods=("POST",))
def add_places(request: MemberRequest, pk: int) -> HttpResponse:
    territory = territory_or_404(request, pk)
    places = get_places(communes=request.POST.getlist("commune"), zones=request.POST.getlist("zone"))
    operations.extend_territory(
        territory=territory,
        communes=places.communes,
        zones=places.zones,
        by=request.membership,
        now=timezone.now(),
    )
    if places.is_empty:
        messages.warning(request, "Cochez au moins une commune ou une zone.")
    return redirect(url_of(territory))


@access(MANAGES_ORGANISATION, methods=("POST",))
def remove_places(request: MemberRequest, pk: int) -> HttpResponse:
    territory = territory_or_404(request, pk)
    places = get_places(communes=request.POST.getlist("commune"), zones=request.POST.getlist("zone"))
    operations.reduce_territory(
        territory=territory,
        communes=places.communes,
        zones=places.zones,
        by=request.membership,
        now=timezone.now(),
    )
    return redirect(url_of(territory))


def territory_or_404(request: MemberRequest, pk: int) -> Territory:
    try:
        return get_territory_for(request.membership, pk)
    except Territory.DoesNotExist as error:
        raise Http404 from error
