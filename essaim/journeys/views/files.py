"""Lists of journeys that are not drawn as tables, as files: orientations, the queue, groups, relays."""

from typing import Any

from django.http import HttpResponse
from django.utils.text import capfirst

from essaim.accounts.permissions import STEERS, WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries import list_groups_of, list_queue_for, list_received_for
from essaim.journeys.queries.hand_overs import list_hand_overs_for
from essaim.journeys.views.finding import find_action, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day
from essaim.kernel.tables import Column, Empty, Table


def _name(row: Any) -> str:
    return row.person.full_name if row.is_listed else "Dossier protégé"


def _code(row: Any) -> str:
    return row.person.code if row.is_listed else ""


RECEIVED = Table(
    name="orientations reçues",
    noun="orientation",
    columns=(
        Column("person", "Personne", _name),
        Column("code", "Code", _code),
        Column("prescriber", "Orientée par", "prescriber.name"),
        Column("made_on", "Le", "made_on", sort=("made_on",)),
        Column("motive", "Pourquoi", lambda row: capfirst(row.get_motive_display())),
        Column("state", "État", lambda row: capfirst(row.get_state_display())),
        Column("answer_due", "Réponse avant le", "answer_due"),
    ),
    order="-made_on",
    empty=Empty("Aucune orientation"),
)
QUEUE = Table(
    name="liste d’attente",
    noun="personne",
    columns=(
        Column("rank", "Rang", "rank"),
        Column("person", "Personne", _name),
        Column("code", "Code", _code),
        Column("since", "Depuis le", lambda row: paris_day(row.since), sort=("since",)),
        Column("group", "Groupe", lambda row: row.group.name if row.group else ""),
        Column("prescriber", "Orientée par", lambda row: row.prescription.prescriber.name if row.prescription else ""),
        Column("state", "État", lambda row: capfirst(row.get_state_display())),
        Column("answer_by", "Réponse avant le", "answer_by"),
    ),
    order="since",
    empty=Empty("Personne n’attend"),
)
GROUPS = Table(
    name="groupes",
    noun="groupe",
    columns=(
        Column("name", "Nom", "name", sort=("name",)),
        Column("taken", "Places prises", "taken"),
        Column("places", "Places", "places"),
        Column("waiting", "En attente", "waiting_now"),
        Column("facilitator", "Animation", "facilitator.full_name"),
        Column("venue", "Lieu", "venue"),
        Column("starts", "Entrée ensemble le", "starts"),
        Column("ends", "Jusqu’au", "ends"),
        Column("closed_on", "Fermé le", "closed_on"),
    ),
    order="name",
    empty=Empty("Aucun groupe"),
)
HAND_OVERS = Table(
    name="relais",
    noun="relais,relais",
    columns=(
        Column("way", "Sens", lambda row: "reçu" if row.is_received else "proposé"),
        Column("person", "Personne", "person.full_name"),
        Column("code", "Code", "person.code"),
        Column("action", "Action", lambda row: row.enrolment.action.title if row.enrolment else ""),
        Column("moves_file", "Dossier entier", "moves_file"),
        Column("from", "Proposé par", "from_user.full_name"),
        Column("from_organisation", "De", "from_organisation.name"),
        Column("to", "À qui", "to_user.full_name"),
        Column("to_organisation", "À", "to_organisation.name"),
        Column("proposed_at", "Proposé le", lambda row: paris_day(row.proposed_at), sort=("proposed_at",)),
        Column("state", "Réponse", lambda row: capfirst(row.get_state_display())),
        Column("answered_at", "Répondu le", lambda row: paris_day(row.answered_at) if row.answered_at else None),
        Column("first", "Premier rendez-vous le", "first_appointment_at"),
    ),
    order="-proposed_at",
    empty=Empty("Aucun relais"),
)


@access(STEERS)
def groups_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The groups of the action, closed ones too."""
    subject = find_action(request, ref)
    return GROUPS.file(request.GET, list_groups_of(subject, with_closed=True))


@access(WORKS_WITH_PEOPLE)
def hand_over_file(request: MemberRequest) -> HttpResponse:
    """The relays that the reader's organisation received, and those it proposed."""
    return HAND_OVERS.file(request.GET, list_hand_overs_for(request.membership))


@access(WORKS_WITH_PEOPLE)
def received_file(request: MemberRequest, ref: str) -> HttpResponse:
    """Everyone oriented to the action, whatever was decided."""
    subject = _find_received(request, ref)
    return RECEIVED.file(request.GET, list_received_for(request.membership, subject))


@access(WORKS_WITH_PEOPLE)
def queue_file(request: MemberRequest, ref: str) -> HttpResponse:
    """Who waits for a place, in order."""
    subject = _find_received(request, ref)
    return QUEUE.file(request.GET, list_queue_for(request.membership, subject))


def _find_received(request: MemberRequest, ref: str) -> Action:
    subject = find_action(request, ref)
    require(may_examine(request.membership, subject))
    return subject
