"""What journeys adds to a person's page: the strips of her parcours, her fil, the details of each parcours,
her profile.
"""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.journal.queries import fil_days
from essaim.journal.queries.facts import FilEntry
from essaim.journeys.engine.steps import StripStep
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.forms.parcours import ProfileForm
from essaim.journeys.operations import declare_profile
from essaim.journeys.queries import (
    ParcoursLine,
    list_coordinated,
    list_fil_for,
    list_followed_actions,
    list_parcours_for,
    list_prescriptions_of_person_for,
)
from essaim.journeys.queries.contacts import list_cancellable_contacts_for
from essaim.journeys.queries.path import path_cards
from essaim.journeys.views.finding import find_person, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.panels import panel
from essaim.kernel.templatetags.charts import Step
from essaim.people.models import Person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import get_profile, propose_zones

FACTS_SHOWN = 100


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "fil")
def strips(request: MemberRequest, ref: str) -> HttpResponse:
    """One strip of hexagons for each open parcours."""
    person = find_person(request, ref)
    lines = [
        (line, strip_of(line))
        for line in list_parcours_for(request.membership, person)
        if line.enrolment.state == EnrolmentState.OPEN
    ]
    contacts = [line.enrolment.last_contact for line, _ in lines if line.enrolment.last_contact]  # type: ignore[attr-defined]
    context = {"person": person, "lines": lines, "last_contact": max(contacts, default=None)}
    return render(request, "journeys/_strips.html", context)


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "fil")
def fil(request: MemberRequest, ref: str) -> HttpResponse:
    """What happened, newest first."""
    person = find_person(request, ref)
    facts = list_fil_for(request.membership, person)
    is_whole = "fil" in request.GET
    shown = list(facts if is_whole else facts[: FACTS_SHOWN + 1])
    is_cut = not is_whole and len(shown) > FACTS_SHOWN
    context = {
        "person": person,
        "days": _with_undo(request, person, fil_days(shown[:FACTS_SHOWN] if is_cut else shown)),
        "is_cut": is_cut,
        "may_note": shows_sensitive(person),
    }
    return render(request, "journeys/_fil.html", context)


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "parcours")
def parcours(request: MemberRequest, ref: str) -> HttpResponse:
    """Each parcours, its dates, its steps, and what can be set right."""
    person = find_person(request, ref)
    lines = list_parcours_for(request.membership, person)
    context = {
        "person": person,
        "lines": [(card.line, strip_of(card.line), card) for card in path_cards(person, lines, today())],
        "prescriptions": list_prescriptions_of_person_for(request.membership, person),
        "moving": list_coordinated(request.membership, [line.enrolment.action for line in lines]),
        "followed": list_followed_actions(request.membership, [line.enrolment.action for line in lines]),
    }
    return render(request, "journeys/_parcours.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def profile(request: MemberRequest, ref: str) -> HttpResponse:
    """A new dated picture of the person's situation."""
    person = find_person(request, ref)
    require(shows_sensitive(person))
    form = ProfileForm(
        request.POST or None, person=person, profile=get_profile(person), proposed=propose_zones(person, today())
    )
    if request.method == "POST" and form.is_valid():
        try:
            declare_profile(
                person=person,
                birth_date=form.cleaned_data["birth_date"],
                details=form.details,
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, "Le profil est enregistré.")
            return redirect("people:person", ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "journeys/profile.html", {"person": person, "form": form})


def _with_undo(
    request: MemberRequest, person: Person, days: list[tuple[str, list[FilEntry]]]
) -> list[tuple[str, list[FilEntry]]]:
    """The fil, with a way to take back each contact that this reader may cancel."""
    contacts = list_cancellable_contacts_for(request.membership, person)
    urls = {key: reverse("journeys:contact_cancel", args=[one.pk]) for key, one in contacts.items()}
    return [
        (day, [replace(one, undo_url=urls.get(one.fact.pk, ""), undo="Annuler ce contact") for one in entries])
        for day, entries in days
    ]


def strip_of(line: ParcoursLine) -> list[Step]:
    """The strip as the kit draws it: of the steps open at once, the first is where the person stands."""
    return [Step(step.label, _state(step, line.current), _when(step, today())) for step in line.strip]


def _state(step: StripStep, current: StripStep | None) -> str:
    return "done" if step.look == "done" else "current" if step == current else "next"


def _when(step: StripStep, day: date) -> str:
    if step.look == "skipped":
        return "sans objet"
    if step.look != "done" or step.day is None:
        return ""
    return long_day(step.day, year=step.day.year != day.year)
