"""Orienting someone to an action, and following what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journal.models import Action
from essaim.journeys.enums import PrescriptionState
from essaim.journeys.forms.intake import ConfirmVersionForm, PrescriptionForm
from essaim.journeys.models import Prescription
from essaim.journeys.operations import make_prescription, withdraw_prescription
from essaim.journeys.operations.prescriptions import WITHDRAWABLE
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries import (
    count_places_offered,
    count_waiting,
    entry_rules_of,
    get_eligibility_for,
    list_destinations_for,
    list_enrollable_for,
    list_prescriptions_for,
    list_tracks,
    prescribing_refusal,
    prescribing_refusal_for,
)
from essaim.journeys.views.finding import find_action, find_person, find_prescription, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import short_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Filter, Table
from essaim.people.models import Person

TONES = {
    PrescriptionState.SENT: "honey",
    PrescriptionState.WAITING: "info",
    PrescriptionState.ACCEPTED: "success",
    PrescriptionState.REFUSED: "danger",
    PrescriptionState.REORIENTED: "info",
    PrescriptionState.WITHDRAWN: "",
}


def _answer(prescription: Prescription) -> str:
    if prescription.state == PrescriptionState.SENT:
        due = prescription.answer_due
        return f"réponse attendue le {short_day(due)}" if due else "réponse attendue"
    decisions = prescription.standing_decisions  # type: ignore[attr-defined]
    return f"le {short_day(decisions[-1].decided_on)}" if decisions else ""


def _url(prescription: Prescription) -> str:
    return reverse("journeys:prescription", args=[prescription.ref])


def _keep_state(rows: Any, value: str) -> Any:
    return rows.filter(state=value)


ORIENTATIONS = Table(
    name="orientations",
    noun="orientation",
    columns=(
        Column("person", "Personne", "person.full_name", sort=("person__search_key",), link=_url),
        Column("action", "Vers", "action.title", sort=("action__title",), sub=lambda row: str(row.action.organisation)),
        Column("made_on", "Le", "made_on", sort=("made_on",), show=short_day),
        Column("state", "Réponse", "get_state_display", sub=_answer, show=capfirst),
        Column("by", "Par", "prescribed_by.full_name", is_secondary=True),
    ),
    order="-made_on",
    filters=(Filter("etat", "État", "Tous les états", PrescriptionState.choices, _keep_state),),
    empty=Empty(
        "Aucune orientation pour l’instant",
        "Ouvrez le dossier d’une personne, puis « Orienter vers une action » : la réponse de l’équipe s’affichera ici.",
        "/personnes/",
        "Choisir une personne",
    ),
)


@access(WORKS_WITH_PEOPLE)
def prescription_list(request: MemberRequest) -> HttpResponse:
    """« Mes orientations »: what the viewer's organisation prescribed, and what came of it."""
    table = ORIENTATIONS.read(request.GET, list_prescriptions_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "journeys/prescription_list.html", {"table": table})


@access(WORKS_WITH_PEOPLE)
def prescription(request: MemberRequest, ref: str) -> HttpResponse:
    """One orientation, to its prescriber and to the team that receives it."""
    subject = find_prescription(request, ref)
    examines = may_examine(request.membership, subject.action)
    is_open = bool(subject.is_file_open)  # type: ignore[attr-defined]
    shown = examines and is_open
    context = {
        "prescription": subject,
        "decisions": _told(subject),
        "tone": TONES[PrescriptionState(subject.state)],
        "due": _answer(subject).capitalize() if subject.state == PrescriptionState.SENT else "",
        "examines": examines,
        "is_own": subject.prescriber_id == request.membership.organisation_id,
        "is_open": is_open,
        "can_withdraw": subject.state in WITHDRAWABLE,
        "verdict": get_eligibility_for(request.membership, subject.action, subject.person, today()) if shown else None,
    }
    return render(request, "journeys/prescription.html", context)


@access(WORKS_WITH_PEOPLE)
def destinations(request: MemberRequest, ref: str) -> HttpResponse:
    """Where this person may be oriented today: places, wait, conditions."""
    person = find_person(request, ref)
    context = {
        "person": person,
        "destinations": list_destinations_for(request.membership, person),
        "day": today(),
    }
    return render(request, "journeys/destinations.html", context)


@access(WORKS_WITH_PEOPLE)
def prescribe(request: MemberRequest, ref: str) -> HttpResponse:
    """Choose whom to orient to this action, among the people already known."""
    action = _find_prescribed(request, ref)
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    context = {
        "action": action,
        "words": words,
        "people": list_enrollable_for(request.membership, action, words),
        "summary": count_places_offered(action),
        "waiting": count_waiting(action),
        "day": today(),
    }
    return render(request, "journeys/prescribe.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def prescribe_one(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """Orient this person: her eligibility, the places and the wait are shown before anything is written."""
    action, person = _find_prescribed(request, ref), find_person(request, code)
    form = PrescriptionForm(request.POST or None, tracks=list_tracks(action), initial={"agreed_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_prescribe_once(request, action, person, form))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {
        "action": action,
        "person": person,
        "form": form,
        "refusal": prescribing_refusal_for(request.membership, action, person),
        "verdict": get_eligibility_for(request.membership, action, person, max(today(), action.starts)),
        "summary": count_places_offered(action),
        "waiting": count_waiting(action),
        "day": today(),
    }
    return render(request, "journeys/prescribe_one.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def withdraw(request: MemberRequest, ref: str) -> HttpResponse:
    """Take back an orientation nobody has answered yet."""
    subject = find_prescription(request, ref)
    require(subject.prescriber_id == request.membership.organisation_id)
    form = ConfirmVersionForm(request.POST or None, initial={"version": subject.version})
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            withdraw_prescription(prescription=subject, version=version, by=request.membership, now=timezone.now())
            messages.success(request, "L’orientation est retirée.")
            return redirect("journeys:prescription_list")
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "journeys/withdraw.html", {"prescription": subject, "form": form})


def _find_prescribed(request: MemberRequest, ref: str) -> Action:
    action = find_action(request, ref)
    require(not prescribing_refusal(request.membership, action, today()))
    return action


def _prescribe_once(request: MemberRequest, action: Action, person: Person, form: PrescriptionForm) -> str:
    now = timezone.now()
    given = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def make() -> str:
        made = make_prescription(action=action, person=person, by=request.membership, now=now, **given)
        messages.success(request, f"{person.full_name} est orientée vers cette action.")
        return reverse("journeys:prescription", args=[made.ref])

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)


def _told(subject: Prescription) -> list[tuple[object, list[str]]]:
    """Each decision with what it validated, in the words of the practice."""
    words = dict(entry_rules_of(subject.action).validates)
    decisions = subject.standing_decisions  # type: ignore[attr-defined]
    return [(decision, [words.get(code, code) for code in decision.validated]) for decision in reversed(decisions)]
