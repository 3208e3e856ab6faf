"""The queue of an action."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.enums import WaitingState
from essaim.journeys.forms.intake import CallForm, JoinQueueForm, LeaveForm
from essaim.journeys.operations import answer_call, call_next, join_queue, leave_queue
from essaim.journeys.operations.waiting import DAYS_TO_ANSWER
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries import count_places_offered, entry_rules_of, list_groups_of, list_queue_for
from essaim.journeys.views.finding import find_action, find_person, find_waiting, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day, today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import CreateForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel


@access(WORKS_WITH_PEOPLE)
@panel("journeys:action", "queue")
def queue(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the queue: order, since when, the place offered, and who left it."""
    subject = _find_received(request, ref)
    entries = list(list_queue_for(request.membership, subject))
    waits = [(entry, (today() - paris_day(entry.since)).days) for entry in entries]
    offer = count_places_offered(subject)
    context = {
        "action": subject,
        "entries": waits,
        "offer": offer,
        "can_call": offer.free != 0 and any(entry.state == WaitingState.WAITING for entry in entries),
        "left": list(list_queue_for(request.membership, subject, with_left=True)[:20]),
    }
    return render(request, "journeys/_queue.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def call(request: MemberRequest, ref: str) -> HttpResponse:
    """Offer a free place to the first of the queue."""
    subject = _find_received(request, ref)
    initial = {"answer_by": today() + timedelta(days=DAYS_TO_ANSWER)}
    groups, rules = list_groups_of(subject), entry_rules_of(subject)
    form = CallForm(request.POST or None, groups=groups, rules=rules, initial=initial)

    def make(**given: object) -> str:
        entry = call_next(action=subject, by=request.membership, now=timezone.now(), **given)  # type: ignore[arg-type]
        return f"La place est proposée à {entry.person.full_name}."

    return _once(request, subject, form, make, "Proposer la place", lead="À la première personne de la liste")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def join(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """Put someone on the list."""
    subject, person = _find_received(request, ref), find_person(request, code)
    groups, rules = list_groups_of(subject), entry_rules_of(subject)
    form = JoinQueueForm(request.POST or None, groups=groups, rules=rules)

    def make(**given: object) -> str:
        join_queue(action=subject, person=person, by=request.membership, now=timezone.now(), **given)  # type: ignore[arg-type]
        return f"{person.full_name} est en liste d’attente."

    return _once(request, subject, form, make, "Mettre en liste d’attente", lead=person.full_name)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def accept(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """She takes the place: on to her entry."""
    subject = _find_received(request, ref)
    entry = find_waiting(request, subject, pk)
    try:
        answer_call(entry=entry, accepts=True, by=request.membership, now=timezone.now())
    except OperationError as error:
        messages.error(request, error.message)
        return redirect(_tab(subject))
    return redirect("journeys:enrol_one", ref, entry.person.code)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def leave(request: MemberRequest, ref: str, pk: int) -> HttpResponse:
    """She declines the place, or leaves the list."""
    subject = _find_received(request, ref)
    entry = find_waiting(request, subject, pk)
    is_called = entry.state == WaitingState.CALLED
    form = LeaveForm(request.POST or None)

    def make(reason: str) -> str:
        now = timezone.now()
        if is_called:
            answer_call(entry=entry, accepts=False, reason=reason, by=request.membership, now=now)
        else:
            leave_queue(entry=entry, reason=reason, by=request.membership, now=now)
        return f"{entry.person.full_name} n’est plus en liste d’attente."

    title = "Noter qu’elle décline la place" if is_called else "Retirer de la liste d’attente"
    return _once(request, subject, form, make, title, lead=entry.person.full_name)


def _find_received(request: MemberRequest, ref: str) -> Action:
    action = find_action(request, ref)
    require(may_examine(request.membership, action))
    return action


def _tab(action: Action) -> str:
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=queue"


def _once(
    request: MemberRequest, action: Action, form: CreateForm, make: Callable[..., str], title: str, *, lead: str
) -> HttpResponse:
    """Save the form once, or show it with what was refused."""

    def create() -> str:
        given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}
        messages.success(request, make(**given))
        return _tab(action)

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=create))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"action": action, "form": form, "title": title, "lead": lead, "tab": "queue"}
    return render(request, "journeys/intake_form.html", context)
