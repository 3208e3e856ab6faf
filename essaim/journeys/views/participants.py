"""The table of the participants of an action."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import (
    keep_participants_named,
    line_of,
    list_enrolments_for,
)
from essaim.journeys.views.path_finding import parcours_url
from essaim.kernel.actors import MemberRequest
from essaim.kernel.formats import short_day
from essaim.kernel.instruments import all_step_kinds
from essaim.kernel.tables import Column, Empty, Filter, Table, TableView
from essaim.people.queries import describe_age

EVERY = "tous"
STATES = [(EVERY, "Tous les parcours"), (EnrolmentState.CLOSED.value, "Terminés")]


def _person_url(enrolment: Enrolment) -> str:
    return reverse("people:person", args=[enrolment.person.code])


def _who(enrolment: Enrolment) -> str:
    age, commune = describe_age(enrolment.person), enrolment.person.commune
    hidden = enrolment.person.is_protected
    return ", ".join(part for part in (age, commune.name if commune and not hidden else "") if part)


def _next_steps(enrolment: Enrolment) -> list[tuple[str, str]]:
    """The first step open now, leading to the screen of its instrument."""
    if enrolment.state != EnrolmentState.OPEN:
        return []
    kinds, query = all_step_kinds(), urlencode({"parcours": enrolment.ref})
    open_now = [
        ("Noter l’étape", f"{reverse(kinds[step.kind].screen, args=[enrolment.action.ref])}?{query}")
        for step in line_of(enrolment).strip
        if step.look == "current" and step.kind in kinds and kinds[step.kind].screen
    ]
    return open_now[:1]


def _read_only(enrolment: Enrolment) -> list[tuple[str, str]]:
    """For who holds the file without following people in the action."""
    return [("Voir le parcours", parcours_url(enrolment.person))]


def _due(enrolment: Enrolment) -> date | None:
    return enrolment.due_on if enrolment.state == EnrolmentState.OPEN else None


def _keep_state(enrolments: Any, value: str) -> Any:
    return enrolments if value == EVERY else enrolments.filter(state=value)


PARTICIPANTS = Table(
    name="participants",
    noun="participant",
    columns=(
        Column("name", "Personne", "person.full_name", sort=("person__search_key",), link=_person_url, sub=_who),
        Column("stage", "Parcours", line_of, template="journeys/_stage.html"),
        Column("opened", "Entrée", "opened_on", sort=("opened_on",), show=short_day),
        Column("due", "Terme", _due, sort=("due_on",), is_shown=False),
        Column("contact", "Dernier contact", "last_contact", sort=("last_contact",), template="journeys/_contact.html"),
        Column("referent", "Référent", "referent.full_name", is_secondary=True),
    ),
    order="contact",
    search=keep_participants_named,
    filters=(Filter("etat", "État", "Parcours en cours", STATES, _keep_state),),
    actions=_next_steps,
    empty=Empty(
        "Personne dans l’action pour l’instant",
        "Les personnes inscrites seront ici, du silence le plus long au plus court.",
    ),
)


def read_participants(request: MemberRequest, action: Action, *, follows: bool) -> TableView:
    """The participants as the address asks for them: those still in, unless it says otherwise. Only who ``follows``
    people in the action is led to note a step.
    """
    found = list_enrolments_for(request.membership, action)
    if not request.GET.get("etat"):
        found = found.filter(state=EnrolmentState.OPEN)
    table = PARTICIPANTS if follows else replace(PARTICIPANTS, actions=_read_only)
    return table.read(request.GET, found)
