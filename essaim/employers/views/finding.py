"""What a view looks for, or the page that says it does not exist: forbidden and unknown answer alike."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404

from essaim.accounts.permissions import note_read
from essaim.directory.models import Organisation
from essaim.employers.models import Application, Approach, JobInterview, ProfileSheet
from essaim.employers.permissions import may_prospect_in
from essaim.employers.queries import (
    get_application_for,
    get_approach_for,
    get_company_for,
    get_interview_for,
    get_sheet_for,
)
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import get_action_for, get_enrolment_for, is_partner_seeing_people
from essaim.kernel.actors import MemberRequest
from essaim.people.models import Person
from essaim.people.queries import get_person_for

Found = TypeVar("Found")


def find_action(request: MemberRequest, ref: str) -> Action:
    """The action, for this reader."""
    try:
        return get_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None


def find_prospected(request: MemberRequest, ref: str) -> Action:
    """The action for which this reader approaches employers."""
    action = find_action(request, ref)
    if not prospects(request, action):
        raise Http404
    return action


def find_followed(request: MemberRequest, ref: str) -> Action:
    """The action in which this reader follows people."""
    action = find_action(request, ref)
    if not follows(request, action):
        raise Http404
    return action


def prospects(request: MemberRequest, action: Action) -> bool:
    """Whether this reader approaches employers for the action."""
    partner = is_partner_seeing_people(request.membership, action)
    return may_prospect_in(request.membership, action, is_partner_seeing_people=partner)


def follows(request: MemberRequest, action: Action) -> bool:
    """Whether this reader follows people in the action."""
    partner = is_partner_seeing_people(request.membership, action)
    return may_accompany(request.membership, action, is_partner_seeing_people=partner)


def find_company(request: MemberRequest, ref: str) -> Organisation:
    """The company, for this reader."""
    try:
        return get_company_for(request.membership, ref)
    except Organisation.DoesNotExist:
        raise Http404 from None


def find_person(request: MemberRequest, code: str) -> Person:
    """The person's file, for this reader."""
    try:
        return get_person_for(request.membership, code)
    except Person.DoesNotExist:
        raise Http404 from None


def find_enrolment(request: MemberRequest, action: Action, ref: str) -> Enrolment:
    """A parcours of the action, for this reader; that she opened this file is noted."""
    try:
        found = get_enrolment_for(request.membership, action, ref)
    except Enrolment.DoesNotExist:
        raise Http404 from None
    note_read(request, "person", found.person.code)
    return found


def find_approach(request: MemberRequest, ref: str, approach: str) -> Approach:
    """An approach that this reader may change."""
    return _found(lambda: get_approach_for(request.membership, find_prospected(request, ref), approach), Approach)


def find_application(request: MemberRequest, ref: str, application: str) -> Application:
    """An application of someone this reader follows; that she opened this file is noted."""
    found = _found(
        lambda: get_application_for(request.membership, find_followed(request, ref), application), Application
    )
    note_read(request, "person", found.person.code)
    return found


def find_interview(request: MemberRequest, ref: str, interview: str) -> JobInterview:
    """A job interview of someone this reader follows; that she opened this file is noted."""
    found = _found(lambda: get_interview_for(request.membership, find_followed(request, ref), interview), JobInterview)
    note_read(request, "person", found.application.person.code)
    return found


def find_sheet(request: MemberRequest, ref: str, sheet: str) -> ProfileSheet:
    """An edition of the sheet of profiles, for who prospects for the action."""
    return _found(lambda: get_sheet_for(request.membership, find_prospected(request, ref), sheet), ProfileSheet)


def _found(get: Callable[[], Found], model: type[Found]) -> Found:
    try:
        return get()
    except model.DoesNotExist:  # type: ignore[attr-defined]
        raise Http404 from None
