"""Calling a meeting, changing it, inviting to it, cancelling it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.accounts.permissions import STEERS
from essaim.agenda.enums import SessionState
from essaim.agenda.forms.meetings import EditMeetingForm, NewMeetingForm, ReopenForm
from essaim.agenda.operations import (
    CalledMeetings,
    call_meeting,
    call_meetings,
    cancel_meeting,
    edit_meeting,
    invite_attendees,
)
from essaim.agenda.permissions import may_run_meetings
from essaim.agenda.queries import (
    kind_of_step,
    list_attendees_of,
    list_invitable,
    list_meeting_chairs,
    list_rooms_of_meetings,
    meeting_steps,
    proposals_of,
    rhythm_in_words,
    usual_length,
)
from essaim.agenda.views.meetings import find_run_meeting, meeting_url, meetings_url
from essaim.agenda.views.session_finding import find_action
from essaim.agenda.views.sessions import when_of
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once

USUAL_MINUTES = 120


@access(STEERS, methods=("GET", "POST"))
def meeting_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Call a meeting, once or at a rhythm, for a step of the practice or beside them."""
    action = find_action(request, ref)
    if not may_run_meetings(request.membership, action):
        raise Http404
    steps = meeting_steps(action)
    asked = request.GET.get("etape", steps[0].key if steps else "")
    step = asked if asked in {one.key for one in steps} else ""
    form = NewMeetingForm(request.POST or None, initial=_proposals(request, action, step), **_choices(action))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_call_once(request, action, step, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "action": action, "steps": steps, "step": step}
    return render(request, "agenda/meeting_new.html", context | {"rhythm": rhythm_in_words(action, step)})


@access(STEERS, methods=("GET", "POST"))
def meeting_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Change a meeting or put it off."""
    meeting = find_run_meeting(request, ref)
    action = meeting.planned.session.action
    attendees = list_attendees_of(meeting)
    form = EditMeetingForm(request.POST or None, meeting=meeting, attendees=attendees, **_choices(action))
    if request.method == "POST" and form.is_valid():
        try:
            plan, version = form.meeting(step=meeting.planned.step), form.cleaned_data["version"]
            _warn(
                request,
                edit_meeting(meeting=meeting, plan=plan, version=version, by=request.membership, now=timezone.now()),
            )
            messages.success(request, "La réunion est à jour. Prévenez qui était déjà invité.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/meeting_form.html", {"form": form, "meeting": meeting, "action": action})


@access(STEERS, methods=("GET", "POST"))
def meeting_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel a meeting that will not take place."""
    meeting = find_run_meeting(request, ref)
    if meeting.planned.state != SessionState.PLANNED:
        raise Http404
    form = ReopenForm(request.POST or None, initial={"version": meeting.version})
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(meeting=meeting, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "La réunion est annulée. Prévenez qui était invité.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"form": form, "meeting": meeting, "when": when_of(meeting.planned)}
    return render(request, "agenda/meeting_cancel.html", context)


@access(STEERS, methods=("GET", "POST"))
def meeting_invite(request: MemberRequest, ref: str) -> HttpResponse:
    """Send the invitations: to whoever has an address and has none yet."""
    meeting = find_run_meeting(request, ref)
    form = ReopenForm(request.POST or None, initial={"version": meeting.version})
    if request.method == "POST" and form.is_valid():
        try:
            invited = invite_attendees(meeting=meeting, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{count(len(invited), 'invitation part', 'invitations partent')}.")
            return redirect("agenda:meeting", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    waiting = [one for one in list_attendees_of(meeting) if one.invited_at is None]
    context = {
        "form": form,
        "meeting": meeting,
        "when": when_of(meeting.planned),
        "reached": [one for one in waiting if one.address],
        "silent": [one for one in waiting if not one.address],
    }
    return render(request, "agenda/meeting_invite.html", context)


def _choices(action: Action) -> dict[str, Any]:
    return {
        "rooms": list_rooms_of_meetings(action),
        "chairs": list_meeting_chairs(action),
        "invitable": list_invitable(action),
    }


def _proposals(request: MemberRequest, action: Action, step: str) -> dict[str, Any]:
    label = next((one.label for one in meeting_steps(action) if one.key == step), "")
    minutes = (usual_length(action, step) if step else None) or USUAL_MINUTES
    ends = timedelta(hours=9, minutes=min(minutes, 14 * 60))
    return {
        "title": label,
        "kind": kind_of_step(action, step) if step else "steering",
        "day": min(max(today() + timedelta(days=14), action.starts), action.ends),
        "starts_at": "09:00",
        "ends_at": f"{ends.seconds // 3600:02d}:{ends.seconds % 3600 // 60:02d}",
        "trainer": request.user.uuid,
        "items": "\n".join(proposals_of(action, step, "agenda")) if step else "",
        "guests": "\n".join(proposals_of(action, step, "attendees")) if step else "",
    }


def _call_once(request: MemberRequest, action: Action, step: str, form: NewMeetingForm) -> str:
    now, data = timezone.now(), form.cleaned_data
    given = {"action": action, "meeting": form.meeting(step=step), "by": request.membership, "now": now}

    def make() -> str:
        if data["every_weeks"]:
            rhythm = {"every_weeks": int(data["every_weeks"]), "last_day": data["last_day"], "clocks": form.clocks}
            called = call_meetings(**given, **rhythm)
            _warn(request, called)
            done = count(len(called.meetings), "réunion est convoquée", "réunions sont convoquées")
            messages.success(request, f"{done}.")
            return meetings_url(action)
        called = call_meeting(**given)
        _warn(request, called)
        messages.success(request, "La réunion est au calendrier. Envoyez les invitations quand elle est prête.")
        return meeting_url(called.meetings[0])

    return create_once(key=data["form_key"], user=request.user, now=now, create=make)


def _warn(request: MemberRequest, called: CalledMeetings) -> None:
    if called.busy:
        messages.warning(request, f"Déjà pris à cette heure dans Essaim : {', '.join(called.busy)}.")
