"""Making, moving and cancelling appointments."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.agenda.forms.appointments import AppointmentForm, ConfirmForm, MissForm, MoveForm, list_types
from essaim.agenda.models import Appointment
from essaim.agenda.operations import (
    cancel_appointment,
    make_appointment,
    miss_appointment,
    move_appointment,
    reopen_appointment,
)
from essaim.agenda.queries import (
    get_appointment_for,
    list_meeting_rooms,
    list_meeting_users,
    list_people_to_meet_for,
    may_act_on,
    proposed_type,
    usual_minutes,
)
from essaim.agenda.views.session_finding import find_followed_action, find_person
from essaim.journal.models import Action
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import PARIS
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import EditForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.people.models import Person


@access(WORKS_WITH_PEOPLE)
def choose(request: MemberRequest) -> HttpResponse:
    """Choose with whom: from a free slot of the calendar."""
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    starts = _asked_moment(request)
    context = {
        "words": words,
        "people": list_people_to_meet_for(request.membership, words),
        "starts": starts,
        "query": request.GET.urlencode(),
    }
    return render(request, "agenda/choose.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def new(request: MemberRequest, ref: str) -> HttpResponse:
    """A new appointment without action."""
    return _make_or_show(request, find_person(request, ref), None)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def new_in_action(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """A new appointment in an action."""
    return _make_or_show(request, find_person(request, code), find_followed_action(request, ref))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def move(request: MemberRequest, ref: str) -> HttpResponse:
    """Another time, another counsellor, another place."""
    appointment = find_appointment(request, ref, acting=True)
    form = MoveForm(request.POST or None, initial=_as_it_is(appointment), **_choices(request, appointment.action))

    def save(version: int, **_: Any) -> Appointment:
        starts, ends = form.times
        return move_appointment(
            appointment=appointment, starts=starts, ends=ends, user=form.cleaned_data["user"], where=form.where,
            version=version, by=request.membership, now=timezone.now(),
        )  # fmt: skip

    return save_or_show(request, appointment, form, save, "Déplacer ce rendez-vous", "Le rendez-vous est déplacé.")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel an appointment: nobody is expected any more."""
    appointment = find_appointment(request, ref, acting=True)
    form = ConfirmForm(request.POST or None, initial={"version": appointment.version})
    return save_or_show(
        request, appointment, form, _of(cancel_appointment, request, appointment), "Annuler ce rendez-vous",
        "Le rendez-vous est annulé : l’heure est libre.",
    )  # fmt: skip


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def miss(request: MemberRequest, ref: str) -> HttpResponse:
    """Note that the person did not come."""
    appointment = find_appointment(request, ref, acting=True)
    state = "excused" if appointment.starts > timezone.now() else None
    form = MissForm(request.POST or None, initial={"version": appointment.version, "state": state})
    return save_or_show(
        request, appointment, form, _of(miss_appointment, request, appointment), "Noter l’absence",
        "L’absence est notée.",
    )  # fmt: skip


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def reopen(request: MemberRequest, ref: str) -> HttpResponse:
    """Cancel what was noted by mistake."""
    appointment = find_appointment(request, ref, acting=True)
    form = ConfirmForm(request.POST or None, initial={"version": appointment.version})
    return save_or_show(
        request, appointment, form, _of(reopen_appointment, request, appointment), "Annuler ce qui a été noté",
        "Le rendez-vous est de nouveau à noter.",
    )  # fmt: skip


def find_appointment(request: MemberRequest, ref: str, *, acting: bool = False) -> Appointment:
    """An appointment, for this reader; that she opened the person's file is noted."""
    try:
        appointment = get_appointment_for(request.membership, ref)
    except Appointment.DoesNotExist:
        raise Http404 from None
    if acting and not may_act_on(request.membership, appointment):
        raise Http404
    note_read(request, "person", appointment.person.code)
    return appointment


def save_or_show(
    request: MemberRequest,
    appointment: Appointment,
    form: EditForm,
    save: Callable[..., Appointment],
    title: str,
    done: str,
) -> HttpResponse:
    """Save what the form says of an appointment and return to it, or show the form with its refusal."""
    if request.method == "POST" and form.is_valid():
        try:
            save(**form.cleaned_data)
            messages.success(request, done)
            return redirect("agenda:interview", appointment.ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"appointment": appointment, "form": form, "title": title}
    return render(request, "agenda/appointment_act.html", context)


def _of(operation: Callable[..., Any], request: MemberRequest, appointment: Appointment) -> Callable[..., Any]:
    def save(**given: Any) -> Any:
        return operation(appointment=appointment, by=request.membership, now=timezone.now(), **given)

    return save


def _make_or_show(request: MemberRequest, person: Person, action: Action | None) -> HttpResponse:
    type = proposed_type(action, person)
    initial = default_meeting(request, _asked_moment(request), type) | {"type": type}
    form = AppointmentForm(
        request.POST or None, initial=initial, types=list_types(action is not None), **_choices(request, action)
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_make_once(request, person, action, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/appointment_new.html", {"person": person, "action": action, "form": form})


def default_meeting(request: MemberRequest, starts: datetime | None, type: str) -> dict[str, Any]:
    """What a new appointment is unless said otherwise: the next hour, as long as usual, with oneself."""
    starts = starts or _next_hour(timezone.now())
    return {
        "day": starts.date(),
        "at": starts.time(),
        "minutes": usual_minutes(type),
        "user": request.membership.user.uuid,
    }


def _make_once(request: MemberRequest, person: Person, action: Action | None, form: AppointmentForm) -> str:
    now, given = timezone.now(), form.cleaned_data

    def make() -> str:
        starts, ends = form.times
        made = make_appointment(
            person=person, type=given["type"], user=given["user"], starts=starts, ends=ends, action=action,
            where=form.where, by=request.membership, now=now,
        )  # fmt: skip
        messages.success(request, "Le rendez-vous est pris.")
        return reverse("agenda:interview", args=[made.ref])

    return create_once(key=given["form_key"], user=request.user, now=now, create=make)


def _as_it_is(appointment: Appointment) -> dict[str, Any]:
    starts = appointment.starts.astimezone(PARIS)
    return {
        "version": appointment.version,
        "day": starts.date(),
        "at": starts.time(),
        "minutes": int((appointment.ends - appointment.starts).total_seconds()) // 60,
        "user": appointment.user.uuid,
        "mode": appointment.mode,
        "room": appointment.room.ref if appointment.room else None,
        "place": appointment.place,
    }


def _choices(request: MemberRequest, action: Action | None) -> dict[str, Any]:
    return {
        "users": list_meeting_users(request.membership, action),
        "rooms": list_meeting_rooms(request.membership, action),
    }


def _asked_moment(request: MemberRequest) -> datetime | None:
    try:
        asked = parse_datetime(request.GET.get("debut", ""))
    except ValueError:
        return None
    return asked.replace(tzinfo=PARIS) if asked and timezone.is_naive(asked) else None


def _next_hour(now: datetime) -> datetime:
    local = now.astimezone(PARIS)
    return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
