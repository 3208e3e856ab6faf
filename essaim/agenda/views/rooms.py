"""Rooms: the list, a new one, one set right, closed or open again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.forms.rooms import CloseRoomForm, EditRoomForm, NewRoomForm, ReopenRoomForm
from essaim.agenda.models import Room
from essaim.agenda.operations import close_room, create_room, reopen_room, update_room
from essaim.agenda.queries import list_rooms_for
from essaim.agenda.views.session_finding import find_room
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Filter, Rows, Table


def _url(room: Room) -> str:
    return reverse("agenda:room", args=[room.ref])


def _where(room: Room) -> str:
    return ", ".join(part for part in (room.address, room.commune.name if room.commune else "") if part)


def _state(room: Room) -> str:
    if room.closed_on is None:
        return "Ouvert"
    return f"{'Fermé depuis' if room.closed_on <= today() else 'Ferme'} le {long_day(room.closed_on)}"


def _keep(rooms: Rows, value: str) -> Rows:
    return rooms.filter(closed_on__isnull=value == "ouverts")


ROOMS = Table(
    name="lieux",
    noun="lieu,lieux",
    columns=(
        Column("name", "Lieu", "name", sort=("name",), link=_url, sub=_where),
        Column("capacity", "Places assises", "capacity", sort=("capacity",), is_number=True),
        Column("equipment", "Équipement", "equipment", is_secondary=True),
        Column("state", "État", _state),
    ),
    order="name",
    search=("name", "address", "equipment"),
    search_label="Filtrer par nom, adresse ou équipement",
    filters=(Filter("etat", "État", "Tous les lieux", (("ouverts", "Ouverts"), ("fermes", "Fermés")), _keep),),
    empty=Empty(
        "Aucun lieu pour l’instant",
        "Une salle, un bureau : une fois noté ici, un lieu n’est jamais pris deux fois à la même heure.",
        "/lieux/nouveau/",
        "Ajouter un lieu",
    ),
)


@access(WORKS_WITH_PEOPLE)
def room_list(request: MemberRequest) -> HttpResponse:
    """The rooms of the reader's organisation."""
    table = ROOMS.read(request.GET, list_rooms_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "agenda/room_list.html", {"table": table})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def room_new(request: MemberRequest) -> HttpResponse:
    """Add a room."""
    form = NewRoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_create_room(request, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "title": "Ajouter un lieu", "submit": "Ajouter le lieu"}
    return render(request, "agenda/room_form.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def room(request: MemberRequest, ref: str) -> HttpResponse:
    """A room, set right."""
    found = find_room(request, ref)
    commune = f"{found.commune.name} ({found.commune.code})" if found.commune else ""
    shown = {name: getattr(found, name) for name in ("version", "name", "capacity", "equipment", "address")}
    form = EditRoomForm(request.POST or None, initial={**shown, "commune": commune})
    if request.method == "POST" and form.is_valid():
        try:
            update_room(room=found, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Le lieu est à jour.")
            return redirect("agenda:room_list")
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "title": found.name, "submit": "Enregistrer", "room": found, "state": _state(found)}
    return render(request, "agenda/room_form.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def room_close(request: MemberRequest, ref: str) -> HttpResponse:
    """Close a room, or open it again."""
    found = find_room(request, ref)
    is_open = found.closed_on is None
    kind, write = (CloseRoomForm, close_room) if is_open else (ReopenRoomForm, reopen_room)
    form = kind(request.POST or None, initial={"version": found.version, "on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            write(room=found, by=request.membership, now=timezone.now(), **form.cleaned_data)  # type: ignore[operator]
            messages.success(request, "Le lieu est fermé." if is_open else "Le lieu est de nouveau ouvert.")
            return redirect("agenda:room_list")
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "title": "Fermer ce lieu" if is_open else "Rouvrir ce lieu", "room": found}
    return render(request, "agenda/room_close.html", context | {"submit": context["title"]})


def _create_room(request: MemberRequest, form: NewRoomForm) -> str:
    now = timezone.now()
    given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def make() -> str:
        made = create_room(by=request.membership, now=now, **given)
        messages.success(request, f"{made.name} est dans vos lieux.")
        return reverse("agenda:room_list")

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
