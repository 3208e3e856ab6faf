"""The list of appointments, with its filters and its exports."""

from typing import Any

from django.urls import reverse

from essaim.agenda.enums import AppointmentState, AppointmentType
from essaim.agenda.models import Appointment
from essaim.agenda.queries import keep_people_named, list_appointments_for
from essaim.kernel.actors import MemberRequest
from essaim.kernel.formats import clock, short_day
from essaim.kernel.tables import Column, Empty, Filter, Table, TableView

STATES = [(str(value), str(label)) for value, label in AppointmentState.choices]
TYPES = [(str(value), str(label)) for value, label in AppointmentType.choices]


def _keep_mine(rows: Any, value: str) -> Any:
    return rows.filter(is_mine=True)


def _keep_state(rows: Any, value: str) -> Any:
    return rows.filter(state=value)


def _keep_type(rows: Any, value: str) -> Any:
    return rows.filter(type=value)


def _url(appointment: Appointment) -> str:
    return reverse("agenda:interview", args=[appointment.ref])


def _where(appointment: Appointment) -> str:
    return str(appointment.room or appointment.place or appointment.get_mode_display())


def _hours(appointment: Appointment) -> str:
    return f"{clock(appointment.starts)} – {clock(appointment.ends)}"


MEETINGS = Table(
    name="rendez-vous",
    noun="rendez-vous",
    columns=(
        Column("day", "Jour", "starts", sort=("starts",), show=short_day, sub=_hours),
        Column("person", "Personne", "person.full_name", sort=("person__search_key",), link=_url),
        Column("type", "Pour quoi", "get_type_display"),
        Column("user", "Avec", "user.full_name", sort=("user__last_name", "user__first_name")),
        Column("where", "Où", _where, is_secondary=True),
        Column("action", "Action", "action.title", is_secondary=True),
        Column("state", "État", "get_state_display"),
    ),
    order="-day",
    search=keep_people_named,
    filters=(
        Filter("avec", "Avec qui", "Toute l’équipe", [("moi", "Mes rendez-vous")], _keep_mine),
        Filter("etat", "État", "Tous", STATES, _keep_state),
        Filter("nature", "Pour quoi", "Tout", TYPES, _keep_type),
    ),
    empty=Empty(
        "Aucun rendez-vous pour l’instant", "Les rendez-vous de votre équipe seront ici, du dernier au premier."
    ),
)


def read_meetings(request: MemberRequest) -> TableView:
    """The appointments as the address asks for them."""
    return MEETINGS.read(request.GET, list_appointments_for(request.membership))
