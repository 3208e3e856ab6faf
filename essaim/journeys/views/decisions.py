"""What the team that receives does with an orientation."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journeys.enums import DecisionOutcome
from essaim.journeys.forms.intake import ConfirmOnceForm, DecisionForm
from essaim.journeys.models import Decision, Prescription
from essaim.journeys.operations import cancel_decision, decide_prescription, receive_prescription
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries import (
    entry_rules_of,
    get_eligibility_for,
    list_destinations_for,
    list_groups_of,
    list_received_for,
)
from essaim.journeys.views.finding import find_action, find_prescription, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel


@access(WORKS_WITH_PEOPLE)
@panel("journeys:action", "received")
def received(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the people oriented to the action: those to examine first."""
    subject = find_action(request, ref)
    require(may_examine(request.membership, subject))
    is_whole = "orientations" in request.GET
    found = list_received_for(request.membership, subject)
    shown = list(found if is_whole else found.filter(state__in=["sent", "waiting"]))
    context = {"action": subject, "prescriptions": shown, "is_whole": is_whole, "day": today()}
    return render(request, "journeys/_received.html", context)


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def receive(request: MemberRequest, ref: str) -> HttpResponse:
    """Note that the team has read it."""
    subject = _find_examined(request, ref)
    receive_prescription(prescription=subject, by=request.membership, now=timezone.now())
    messages.success(request, "L’orientation est marquée comme lue : le prescripteur le voit.")
    return redirect("journeys:prescription", ref)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def decide(request: MemberRequest, ref: str) -> HttpResponse:
    """Accept, refuse, put on the list, reorient, or see again."""
    subject = _find_examined(request, ref)
    require(bool(subject.is_file_open))  # type: ignore[attr-defined]
    form = _decision_form(request, subject)
    if request.method == "POST" and form.is_valid():
        try:
            made = decide_prescription(
                prescription=subject, by=request.membership, now=timezone.now(), **form.arguments
            )
            messages.success(request, "La décision est enregistrée : le prescripteur la voit.")
            return redirect(_next_page(subject, made))
        except OperationError as error:
            apply_operation_error(form, error)
    verdict = get_eligibility_for(request.membership, subject.action, subject.person, today())
    return render(request, "journeys/decide.html", {"prescription": subject, "form": form, "verdict": verdict})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def undo(request: MemberRequest, ref: str, decision: str) -> HttpResponse:
    """Take back a decision while nothing followed."""
    subject = _find_examined(request, ref)
    taken = _find_decision(subject, decision)
    form = ConfirmOnceForm(request.POST or None)

    def cancel() -> str:
        cancel_decision(decision=taken, by=request.membership, now=timezone.now())
        messages.success(request, "La décision est annulée.")
        return reverse("journeys:prescription", args=[ref])

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=cancel))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"prescription": subject, "decision": taken, "form": form}
    return render(request, "journeys/undo_decision.html", context)


def _find_examined(request: MemberRequest, ref: str) -> Prescription:
    subject = find_prescription(request, ref)
    require(may_examine(request.membership, subject.action))
    return subject


def _find_decision(subject: Prescription, ref: str) -> Decision:
    found = next((one for one in subject.standing_decisions if one.ref == ref), None)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def _decision_form(request: MemberRequest, subject: Prescription) -> DecisionForm:
    """Tick what the interview validated (``valide``) when the page is opened from it: with all of it, she enters."""
    others = [
        one.action
        for one in list_destinations_for(request.membership, subject.person)
        if one.action.pk != subject.action_id and not one.refusal
    ]
    rules, told = entry_rules_of(subject.action), request.GET.getlist("valide")
    initial: dict[str, object] = {"version": subject.version, "on": today(), "validated": told}
    if rules.codes and set(rules.codes) <= set(told):
        initial["outcome"] = DecisionOutcome.ACCEPTED.value
    return DecisionForm(
        request.POST or None,
        prescription=subject,
        groups=list_groups_of(subject.action),
        rules=rules,
        destinations=others,
        initial=initial,
    )


def _next_page(subject: Prescription, made: Decision) -> str:
    """Accepted, she enters; otherwise back to what was received."""
    if made.outcome == DecisionOutcome.ACCEPTED:
        return reverse("journeys:enrol_one", args=[subject.action.ref, subject.person.code])
    return f"{reverse('journeys:action', args=[subject.action.ref])}?onglet=received"
