"""Entering and leaving an action."""

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.forms.intake import ConfirmOnceForm
from essaim.journeys.forms.parcours import CloseForm, ConfirmForm, CorrectForm, EnrolForm
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import (
    NoPlaceLeft,
    RelayNeeded,
    cancel_enrolment,
    close_enrolment,
    correct_closing,
    correct_enrolment,
    enrol_person,
    reopen_enrolment,
)
from essaim.journeys.permissions import may_accompany, may_examine
from essaim.journeys.queries import (
    count_places,
    entry_rules_of,
    get_eligibility_for,
    is_partner_seeing_people,
    latest_acceptance,
    list_enrollable_for,
    list_groups_of,
    list_planned_in_words,
    list_tracks,
)
from essaim.journeys.queries.hand_overs import pending_hand_over
from essaim.journeys.views.finding import find_action, find_enrolment, find_person, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import EditForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.people.models import Person


@access(WORKS_WITH_PEOPLE)
def enrol(request: MemberRequest, ref: str) -> HttpResponse:
    """Choose whom to enrol, among the people already known."""
    action = _find_followed(request, ref)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    context = {
        "action": action,
        "words": words,
        "people": list_enrollable_for(request.membership, action, words),
        "summary": count_places(action),
    }
    return render(request, "journeys/enrol.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def enrol_one(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """Enrol this person: her eligibility is shown before anything is written."""
    action, person = _find_followed(request, ref), find_person(request, code)
    day = min(max(today(), action.starts), action.ends)
    verdict = get_eligibility_for(request.membership, action, person, day)
    form, lost = _enrol_form(request, action, person, day, is_eligible=verdict.is_eligible), False
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_enrol_once(request, action, person, form))
        except OperationError as error:
            lost = isinstance(error, NoPlaceLeft)
            apply_operation_error(form, error)
    summary = count_places(action)
    context = {
        "action": action,
        "person": person,
        "form": form,
        "verdict": verdict,
        "summary": summary,
        "full": lost or summary.free == 0,
        "join_form": ConfirmOnceForm() if may_examine(request.membership, action) else None,
    }
    return render(request, "journeys/enrol_one.html", context)


@access(WORKS_WITH_PEOPLE)
def exit_step(request: MemberRequest, ref: str) -> HttpResponse:
    """The screen of the exit step: it leads to the exit of the parcours named, or to the participants."""
    action = _find_followed(request, ref)
    if parcours := request.GET.get("parcours", "").replace("\x00", ""):
        return redirect("journeys:close", ref, find_enrolment(request, action, parcours).ref)
    return redirect("journeys:action", ref)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def close(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Write an exit, or set one right."""
    action = _find_followed(request, ref)
    enrolment = find_enrolment(request, action, parcours)
    is_closed = enrolment.closed_on is not None
    initial = {
        "version": enrolment.version,
        "on": enrolment.closed_on or today(),
        "reason": enrolment.close_reason,
    }
    form = CloseForm(request.POST or None, initial=initial)
    if is_closed:
        done = "La sortie est corrigée."
        return _save_or_show(request, enrolment, form, correct_closing, "Corriger la sortie", done=done)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today()
    planned = _planned_words(enrolment, on)
    notes = [f"La sortie annule ce qui est prévu ensuite\u00a0: {planned}."] if planned else []
    done = "La sortie est enregistrée." + (f" Ce qui était prévu est annulé\u00a0: {planned}." if planned else "")
    return _save_or_show(request, enrolment, form, close_enrolment, "Enregistrer la sortie", done=done, notes=notes)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def correct(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Set the entry right."""
    action = _find_followed(request, ref)
    enrolment = find_enrolment(request, action, parcours)
    initial = {"version": enrolment.version, "on": enrolment.opened_on, "track": enrolment.track}
    form = CorrectForm(request.POST or None, tracks=list_tracks(action), initial=initial)

    def save(**arguments: object) -> Enrolment:
        return correct_enrolment(**({"track": enrolment.track} | arguments))  # type: ignore[arg-type]

    return _save_or_show(request, enrolment, form, save, "Corriger l’entrée", done="L’entrée est corrigée.")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def cancel(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Cancel a parcours entered by mistake."""
    action = _find_followed(request, ref)
    enrolment = find_enrolment(request, action, parcours)
    form = ConfirmForm(request.POST or None, initial={"version": enrolment.version})
    planned = _planned_words(enrolment, enrolment.opened_on) if enrolment.closed_on is None else ""
    notes = [f"Ce qui est prévu dans ce parcours est annulé aussi\u00a0: {planned}."] if planned else []
    title, done = "Annuler ce parcours", "Le parcours est annulé."
    return _save_or_show(request, enrolment, form, cancel_enrolment, title, done=done, notes=notes)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def reopen(request: MemberRequest, ref: str, parcours: str) -> HttpResponse:
    """Cancel an exit entered by mistake."""
    action = _find_followed(request, ref)
    enrolment = find_enrolment(request, action, parcours)
    form = ConfirmForm(request.POST or None, initial={"version": enrolment.version})
    title, done = "Annuler cette sortie", "Le parcours est rouvert."
    notes = ["Les rendez-vous et les séances annulés par la sortie ne reviennent pas\u00a0: fixez-les de nouveau."]
    return _save_or_show(request, enrolment, form, reopen_enrolment, title, done=done, notes=notes)


def _find_followed(request: MemberRequest, ref: str) -> Action:
    action = find_action(request, ref)
    partner = is_partner_seeing_people(request.membership, action)
    require(may_accompany(request.membership, action, is_partner_seeing_people=partner))
    return action


def _save_or_show(
    request: MemberRequest,
    enrolment: Enrolment,
    form: EditForm,
    save: Callable[..., Enrolment],
    title: str,
    *,
    done: str,
    notes: Sequence[str] = (),
) -> HttpResponse:
    relay = None
    if request.method == "POST" and form.is_valid():
        try:
            save(enrolment=enrolment, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return redirect("journeys:action", enrolment.action.ref)
        except OperationError as error:
            apply_operation_error(form, error)
            relay = _relay_to_pass(enrolment) if isinstance(error, RelayNeeded) else None
    context = {"action": enrolment.action, "enrolment": enrolment, "form": form, "title": title, "notes": notes}
    return render(request, "journeys/enrolment_form.html", context | {"relay": relay})


def _planned_words(enrolment: Enrolment, on: date) -> str:
    return " et ".join(list_planned_in_words(enrolment, on))


def _relay_to_pass(enrolment: Enrolment) -> tuple[str, str]:
    """Where the exit starts again from: the relay that waits for an answer, or the one to propose."""
    if waiting := pending_hand_over(enrolment):
        return "Voir le relais proposé", reverse("journeys:hand_over", args=[waiting.ref])
    query = urlencode({"action": enrolment.action.ref, "parcours": enrolment.ref})
    return "Proposer un relais", f"{reverse('journeys:hand_over_new', args=[enrolment.person.code])}?{query}"


def _enrol_form(request: MemberRequest, action: Action, person: Person, day: date, *, is_eligible: bool) -> EnrolForm:
    """What the decision said is proposed: what it validated, the group it named; without one, what the interview
    validated (``valide``) when the page is opened from it.
    """
    accepted = latest_acceptance(action, person)
    initial: dict[str, object] = {"on": day, "validated": request.GET.getlist("valide")}
    if accepted is not None:
        initial |= {"validated": accepted.validated, "group": accepted.fact.cohort}
    return EnrolForm(
        request.POST or None,
        action=action,
        tracks=list_tracks(action),
        groups=list_groups_of(action),
        rules=entry_rules_of(action),
        is_eligible=is_eligible,
        initial=initial,
    )


def _enrol_once(request: MemberRequest, action: Action, person: Person, form: EnrolForm) -> str:
    now = timezone.now()
    given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def make() -> str:
        enrol_person(action=action, person=person, by=request.membership, now=now, **given)
        messages.success(request, f"{person.full_name} est inscrite dans l’action.")
        return reverse("journeys:action", args=[action.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
