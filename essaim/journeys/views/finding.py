"""What a view looks for, or the page that says it does not exist: forbidden and unknown answer alike."""

from django.http import Http404

from essaim.accounts.permissions import note_read
from essaim.journal.models import Action
from essaim.journeys.models import ActionPartner, Enrolment, Prescription, WaitingEntry
from essaim.journeys.queries import (
    get_action_for,
    get_enrolment_for,
    get_prescription_for,
    get_waiting_entry_for,
    list_partners_of,
)
from essaim.kernel.actors import MemberRequest
from essaim.people.models import Person
from essaim.people.queries import get_person_for


def find_action(request: MemberRequest, ref: str) -> Action:
    """The action, for this reader."""
    try:
        return get_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None


def find_person(request: MemberRequest, code: str) -> Person:
    """The person's file, for this reader; that she opened it is noted."""
    try:
        person = get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None
    note_read(request, "person", person.code)
    return person


def find_enrolment(request: MemberRequest, action: Action, ref: str) -> Enrolment:
    """A parcours of the action, for this reader."""
    try:
        return get_enrolment_for(request.membership, action, ref)
    except Enrolment.DoesNotExist:
        raise Http404 from None


def find_prescription(request: MemberRequest, ref: str) -> Prescription:
    """An orientation, for its prescriber and for the team that receives it; that the file was read is noted."""
    try:
        found = get_prescription_for(request.membership, ref)
    except Prescription.DoesNotExist:
        raise Http404 from None
    if found.is_file_open:  # type: ignore[attr-defined]
        note_read(request, "person", found.person.code)
    return found


def find_waiting(request: MemberRequest, action: Action, pk: int) -> WaitingEntry:
    """Someone of the queue of the action."""
    try:
        return get_waiting_entry_for(request.membership, action, pk)
    except WaitingEntry.DoesNotExist:
        raise Http404 from None


def find_partner(action: Action, pk: int) -> ActionPartner:
    """A partnership of the action."""
    try:
        return list_partners_of(action).get(pk=pk)
    except ActionPartner.DoesNotExist:
        raise Http404 from None


def require(allowed: bool) -> None:
    """What may not be done does not exist."""
    if not allowed:
        raise Http404
