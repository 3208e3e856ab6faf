"""The screen « Entretien »: what was agreed the last time, what is agreed for the next, and what comes after."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.agenda.enums import AppointmentState
from essaim.agenda.forms.interviews import InterviewForm
from essaim.agenda.models import Appointment
from essaim.agenda.operations import Where, correct_interview, hold_appointment, make_appointment
from essaim.agenda.queries import (
    goals_to_review,
    list_validated_words,
    may_act_on,
    open_enrolment_of,
    propose_next,
    rules_of,
)
from essaim.agenda.views.appointments import find_appointment
from essaim.agenda.views.session_finding import find_followed_action
from essaim.journal.queries import last_contact_of
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import get_enrolment_for, open_prescription_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day, today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def interview(request: MemberRequest, ref: str) -> HttpResponse:
    """An appointment: to be held now, or what became of it."""
    appointment = find_appointment(request, ref, acting=request.method == "POST")
    may_act = may_act_on(request.membership, appointment)
    is_due = appointment.state == AppointmentState.PLANNED and paris_day(appointment.starts) <= today()
    if not (may_act and is_due) and request.method == "GET":
        shown = _outcome(appointment, may_act=may_act) | {"way_in": _way_in(request, appointment)}
        return render(request, "agenda/appointment.html", shown)
    return _hold_or_show(request, appointment, correcting=False)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def correct(request: MemberRequest, ref: str) -> HttpResponse:
    """Set right what was noted of an interview."""
    appointment = find_appointment(request, ref, acting=True)
    if appointment.state != AppointmentState.HELD:
        return redirect("agenda:interview", ref)
    return _hold_or_show(request, appointment, correcting=True)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def accept_next(request: MemberRequest, ref: str) -> HttpResponse:
    """Take the appointment proposed after this one."""
    appointment = find_appointment(request, ref, acting=True)
    proposal = propose_next(appointment)
    if proposal is None:
        messages.info(request, "Un rendez-vous est déjà pris, ou aucun moment n’est libre : choisissez-en un.")
        return redirect("agenda:interview", ref)
    try:
        make_appointment(
            person=appointment.person, type=proposal.type, user=appointment.user, starts=proposal.starts,
            ends=proposal.ends, enrolment=appointment.enrolment, step=proposal.step,
            where=Where(appointment.mode, appointment.room, appointment.place), by=request.membership,
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, "Le prochain rendez-vous est pris.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("agenda:interview", ref)


@access(WORKS_WITH_PEOPLE)
def step(request: MemberRequest, ref: str) -> HttpResponse:
    """The screen of an interview step: the appointment of the parcours named, a new one, or the action’s agenda."""
    action = find_followed_action(request, ref)
    try:
        enrolment = get_enrolment_for(request.membership, action, request.GET.get("parcours", "").replace("\x00", ""))
    except Enrolment.DoesNotExist:
        return redirect("agenda:action_agenda", ref)
    planned = enrolment.appointments.filter(state=AppointmentState.PLANNED).order_by("starts").first()
    if planned is not None:
        return redirect("agenda:interview", planned.ref)
    return redirect("agenda:appointment_in_action", ref, enrolment.person.code)


def _hold_or_show(request: MemberRequest, appointment: Appointment, *, correcting: bool) -> HttpResponse:
    form = _form_of(request, appointment, correcting=correcting)
    if request.method == "POST" and form.is_valid():
        save = correct_interview if correcting else hold_appointment
        try:
            save(
                appointment=appointment, goals_review=form.review, new_goals=form.plans,
                validated=form.cleaned_data.get("validated", ()), version=form.cleaned_data["version"],
                by=request.membership, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, "L’entretien est enregistré.")
            return redirect("agenda:interview", appointment.ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "appointment": appointment,
        "form": form,
        "rules": rules_of(appointment.action, appointment.step),
        "last_contact": last_contact_of(appointment.person),
        "correcting": correcting,
    }
    return render(request, "agenda/interview.html", context)


def _form_of(request: MemberRequest, appointment: Appointment, *, correcting: bool) -> InterviewForm:
    rules, goals = rules_of(appointment.action, appointment.step), goals_to_review(appointment)
    proposal, on = propose_next(appointment), paris_day(appointment.starts)
    initial: dict[str, Any] = {"version": appointment.version, "validated": appointment.validated}
    if correcting:
        initial |= {f"goal_{goal.ref}": goal.state for goal in goals if goal.reviewed_at_id == appointment.pk}
    return InterviewForm(
        request.POST or None,
        initial=initial,
        goals=goals,
        validates=list_validated_words(appointment.action, appointment.step),
        must_review=rules.reviews_goals,
        may_set=appointment.enrolment is not None,
        on=on,
        due_on=paris_day(proposal.starts) if proposal else on + timedelta(days=7),
        known=list(appointment.goals_set.order_by("pk")) if correcting else (),
    )


def _outcome(appointment: Appointment, *, may_act: bool) -> dict[str, Any]:
    is_held = appointment.state == AppointmentState.HELD
    words = dict(list_validated_words(appointment.action, appointment.step))
    return {
        "appointment": appointment,
        "may_act": may_act,
        "is_over": appointment.starts <= timezone.now(),
        "reviewed": appointment.goals_reviewed.order_by("pk") if is_held else (),
        "goals": appointment.goals_set.order_by("pk") if is_held else (),
        "validated": [words.get(code, code) for code in appointment.validated],
        "missing": [words[code] for code in words if code not in appointment.validated] if is_held else [],
        "proposal": propose_next(appointment) if is_held and may_act else None,
    }


def _way_in(request: MemberRequest, appointment: Appointment) -> dict[str, Any] | None:
    """Where the entry is decided after the interview that comes before it, what it validated already ticked: on the
    orientation that awaits an answer, else at the door of the action. None once inside, and for who does not decide.
    """
    action, person = appointment.action, appointment.person
    asked = rules_of(action, appointment.step).validates
    if action is None or not asked or appointment.state != AppointmentState.HELD or open_enrolment_of(action, person):
        return None
    is_whole = set(asked) <= set(appointment.validated)
    told = urlencode({"valide": appointment.validated}, doseq=True)
    prescription = open_prescription_for(request.membership, action, person)
    if prescription is not None:
        url = reverse("journeys:decide", args=[prescription.ref])
        return {"url": f"{url}?{told}", "oriented": True, "is_whole": is_whole}
    if not is_whole or not may_act_on(request.membership, appointment):
        return None
    url = reverse("journeys:enrol_one", args=[action.ref, person.code])
    return {"url": f"{url}?{told}", "oriented": False, "is_whole": True}
