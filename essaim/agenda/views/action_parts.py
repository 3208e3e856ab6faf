"""The tab « Rendez-vous » of an action: who has a next appointment, who has none, longest silence first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.queries import keep_people_named, list_followed_parcours_for
from essaim.agenda.views.session_finding import find_action, follows
from essaim.journeys.models import Enrolment
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.panels import panel
from essaim.kernel.tables import Column, Empty, Filter, Table

NONE, SOME = "sans", "avec"


def _keep_next(rows: Any, value: str) -> Any:
    return rows.filter(next_starts__isnull=value == NONE)


def _person_url(enrolment: Enrolment) -> str:
    return f"{reverse('people:person', args=[enrolment.person.code])}?onglet=appointments"


def _to_do(enrolment: Enrolment) -> list[tuple[str, str]]:
    if enrolment.next_ref:  # type: ignore[attr-defined]
        return [("Ouvrir", reverse("agenda:interview", args=[enrolment.next_ref]))]  # type: ignore[attr-defined]
    place = [enrolment.action.ref, enrolment.person.code]
    return [("Fixer", reverse("agenda:appointment_in_action", args=place))]


MEETINGS_OF_ACTION = Table(
    name="rendez-vous des participants",
    noun="participant",
    columns=(
        Column("name", "Personne", "person.full_name", sort=("person__search_key",), link=_person_url),
        Column("next", "Prochain rendez-vous", "next_starts", sort=("next_starts",), template="agenda/_next_cell.html"),
        Column(
            "last", "Dernier entretien", "last_interview", sort=("last_interview",), template="agenda/_day_cell.html"
        ),
        Column("contact", "Dernier contact", "last_contact", sort=("last_contact",), template="agenda/_day_cell.html"),
        Column("referent", "Référent", "referent.full_name", is_secondary=True),
    ),
    order="last",
    search=keep_people_named,
    filters=(
        Filter(
            "suite",
            "Prochain rendez-vous",
            "Tous",
            [(NONE, "Sans rendez-vous prévu"), (SOME, "Avec rendez-vous")],
            _keep_next,
        ),
    ),
    actions=_to_do,
    empty=Empty(
        "Personne dans l’action pour l’instant",
        "Les personnes inscrites seront ici, avec leur prochain rendez-vous.",
    ),
)


@access(WORKS_WITH_PEOPLE)
@panel("journeys:action", "appointments")
def action_agenda(request: MemberRequest, ref: str) -> HttpResponse:
    """Every open parcours with its next appointment."""
    action = find_action(request, ref)
    table = MEETINGS_OF_ACTION.read(request.GET, list_followed_parcours_for(request.membership, action))
    if table.export_format:
        return table.export()
    context = {"action": action, "table": table, "may_act": follows(request, action)}
    return render(request, "agenda/_action_agenda.html", context)
