"""What the views of sessions look for, or the page that says it does not exist."""

from django.http import Http404

from essaim.accounts.permissions import note_read
from essaim.agenda.models import PlannedSession, Room
from essaim.agenda.queries import get_room_for, get_session_for
from essaim.journal.models import Action
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import get_action_for, is_partner_seeing_people
from essaim.kernel.actors import MemberRequest
from essaim.people.models import Person
from essaim.people.queries import get_person_for


def find_action(request: MemberRequest, ref: str) -> Action:
    """The action, for this reader."""
    try:
        return get_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None


def find_followed_action(request: MemberRequest, ref: str) -> Action:
    """The action, for who follows people in it."""
    action = find_action(request, ref)
    if not follows(request, action):
        raise Http404
    return action


def find_session(request: MemberRequest, ref: str) -> PlannedSession:
    """A session, for this reader."""
    try:
        return get_session_for(request.membership, ref)
    except PlannedSession.DoesNotExist:
        raise Http404 from None


def find_followed_session(request: MemberRequest, ref: str) -> PlannedSession:
    """A session, for who follows people in its action."""
    planned = find_session(request, ref)
    if not follows(request, planned.session.action):
        raise Http404
    return planned


def find_person(request: MemberRequest, code: str) -> Person:
    """The person's file, for this reader; that she opened it is noted."""
    try:
        person = get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None
    note_read(request, "person", person.code)
    return person


def find_room(request: MemberRequest, ref: str) -> Room:
    """A room of the reader's organisation."""
    try:
        return get_room_for(request.membership, ref)
    except Room.DoesNotExist:
        raise Http404 from None


def follows(request: MemberRequest, action: Action) -> bool:
    """Whether the reader follows people in this action."""
    partner = is_partner_seeing_people(request.membership, action)
    return may_accompany(request.membership, action, is_partner_seeing_people=partner)
