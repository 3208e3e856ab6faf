"""Minutes: who came and what was said, what is decided, approval, sending; what came of a decision."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import MEMBER, STEERS
from essaim.agenda.enums import DecisionState
from essaim.agenda.forms.meetings import EditDecisionForm, MinutesForm, NewDecisionForm, ReopenForm, SettleForm
from essaim.agenda.models import Meeting, MeetingDecision
from essaim.agenda.operations import (
    approve_minutes,
    edit_decision,
    send_minutes,
    settle_decision,
    take_decision,
    withdraw_decision,
    write_minutes,
)
from essaim.agenda.queries import (
    get_meeting_for,
    list_attendees_of,
    list_decisions_of,
    list_invitable,
    list_items_of,
    list_to_review_at,
)
from essaim.agenda.views.meetings import find_decision, find_run_meeting, settles
from essaim.agenda.views.sessions import when_of
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once

USUAL_DELAY = timedelta(days=30)


@access(STEERS, methods=("GET", "POST"))
def minutes(request: MemberRequest, ref: str) -> HttpResponse:
    """Say who came and what was said of each point."""
    meeting = find_run_meeting(request, ref)
    form = MinutesForm(
        request.POST or None,
        attendees=list_attendees_of(meeting),
        items=list_items_of(meeting),
        initial={"version": meeting.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = {"presence": form.presence, "notes": form.notes, "version": form.cleaned_data["version"]}
            write_minutes(meeting=meeting, by=request.membership, now=timezone.now(), **given)
            messages.success(request, "Le compte rendu est enregistré.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "meeting": meeting, "when": when_of(meeting.planned)}
    return render(request, "agenda/minutes.html", context)


@access(STEERS, methods=("GET", "POST"))
def minutes_approve(request: MemberRequest, ref: str) -> HttpResponse:
    """Approve the minutes: they are frozen."""
    meeting = find_run_meeting(request, ref)
    form = ReopenForm(request.POST or None, initial={"version": meeting.version})
    if request.method == "POST" and form.is_valid():
        try:
            approve_minutes(meeting=meeting, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Le compte rendu est approuvé : il ne changera plus.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "form": form,
        "meeting": meeting,
        "decisions": list_decisions_of(meeting),
        "left": [one for one in list_to_review_at(meeting) if one.state == DecisionState.OPEN],
    }
    return render(request, "agenda/minutes_approve.html", context)


@access(STEERS, methods=("GET", "POST"))
def minutes_send(request: MemberRequest, ref: str) -> HttpResponse:
    """Send the approved minutes to everyone invited who has an address."""
    meeting = find_run_meeting(request, ref)
    form = ReopenForm(request.POST or None, initial={"version": meeting.version})
    if request.method == "POST" and form.is_valid():
        try:
            sent = send_minutes(meeting=meeting, by=request.membership, now=timezone.now())
            messages.success(request, f"{count(len(sent), 'compte rendu part', 'comptes rendus partent')}.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    waiting = [one for one in list_attendees_of(meeting) if not one.sendings.all()]
    context = {
        "form": form,
        "meeting": meeting,
        "reached": [one for one in waiting if one.address],
        "silent": [one for one in waiting if not one.address],
    }
    return render(request, "agenda/minutes_send.html", context)


@access(STEERS, methods=("GET", "POST"))
def decision_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Write what a meeting decides."""
    meeting = find_run_meeting(request, ref)
    action, day = meeting.planned.session.action, paris_day(meeting.planned.starts)
    form = NewDecisionForm(
        request.POST or None, invitable=list_invitable(action), earliest=day, initial={"due_on": day + USUAL_DELAY}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_take_once(request, meeting, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/decision_form.html", {"form": form, "meeting": meeting})


@access(STEERS, methods=("GET", "POST"))
def decision_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Put a decision right before the minutes are approved."""
    decision, meeting = _own_decision(request, ref)
    form = EditDecisionForm(
        request.POST or None,
        decision=decision,
        invitable=list_invitable(decision.action),
        earliest=paris_day(meeting.planned.starts),
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = {"plan": form.plan, "version": form.cleaned_data["version"]}
            edit_decision(decision=decision, by=request.membership, now=timezone.now(), **given)
            return redirect("agenda:meeting", meeting.planned.session.ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/decision_form.html", {"form": form, "meeting": meeting, "decision": decision})


@access(STEERS, methods=("GET", "POST"))
def decision_withdraw(request: MemberRequest, ref: str) -> HttpResponse:
    """Take off a decision written by mistake."""
    decision, meeting = _own_decision(request, ref)
    form = ReopenForm(request.POST or None, initial={"version": decision.version})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_decision(decision=decision, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "La décision est retirée.")
            return redirect("agenda:meeting", meeting.planned.session.ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/decision_withdraw.html", {"form": form, "meeting": meeting, "decision": decision})


@access(MEMBER, methods=("GET", "POST"))
def decision(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of a decision; say what came of it, alone or at the meeting that reviews it."""
    found = find_decision(request, ref)
    is_open = found.state == DecisionState.OPEN
    form_class = SettleForm if is_open else ReopenForm
    form = form_class(request.POST or None, initial={"version": found.version})
    at = _review_meeting(request, found)
    if request.method == "POST" and settles(request, found) and form.is_valid():
        try:
            given: dict[str, Any] = {"state": DecisionState.OPEN.value} | form.cleaned_data
            settle_decision(decision=found, at_meeting=at, by=request.membership, now=timezone.now(), **given)
            messages.success(request, "C’est noté." if is_open else "La décision est de nouveau à faire.")
            return redirect(_back(found, at))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "decision": found,
        "form": form,
        "at": at,
        "may_settle": settles(request, found),
        "back": _back(found, at),
    }
    return render(request, "agenda/decision.html", context)


def _take_once(request: MemberRequest, meeting: Meeting, form: NewDecisionForm) -> str:
    def make() -> str:
        take_decision(meeting=meeting, plan=form.plan, by=request.membership, now=timezone.now())
        messages.success(request, "La décision est notée : qui s’en charge la trouve dans « À faire ».")
        return reverse("agenda:meeting", args=[meeting.planned.session.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=timezone.now(), create=make)


def _own_decision(request: MemberRequest, ref: str) -> tuple[MeetingDecision, Meeting]:
    """A decision and the meeting that took it, for who runs that meeting."""
    found = find_decision(request, ref)
    return found, find_run_meeting(request, found.meeting.planned.session.ref)


def _review_meeting(request: MemberRequest, found: MeetingDecision) -> Meeting | None:
    """The meeting that reviews this decision, when the address names one that the reader may read."""
    asked = request.GET.get("reunion", "")
    if not asked:
        return None
    try:
        return get_meeting_for(request.membership, asked)
    except Meeting.DoesNotExist:
        raise Http404 from None


def _back(found: MeetingDecision, at: Meeting | None) -> str:
    if at is not None:
        return reverse("agenda:meeting", args=[at.planned.session.ref])
    return reverse("agenda:decision", args=[found.ref])
