"""Who was oriented to an action and who waits there, as files for the team that receives."""

from typing import Any

from django.http import HttpResponse
from django.utils.text import capfirst

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries import list_queue_for, list_received_for
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
