"""Relays: proposed, received, refused, taken back. Taking one is the agenda's, which fixes the first meeting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.journeys.forms.hand_overs import HandOverForm, RefuseForm
from essaim.journeys.forms.parcours import ConfirmForm
from essaim.journeys.models import HandOver
from essaim.journeys.operations import cancel_hand_over, refuse_hand_over, request_hand_over
from essaim.journeys.queries.hand_overs import (
    get_hand_over_for,
    list_received_hand_overs_for,
    list_sent_hand_overs_for,
)
from essaim.journeys.views.finding import find_person, require
from essaim.journeys.views.path_finding import find, find_followed, parcours_url, save_or_show, url_above
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.people.permissions import shows_sensitive

FORM = "journeys/path_form.html"
SHOWN = 100


@access(WORKS_WITH_PEOPLE)
def hand_over_list(request: MemberRequest) -> HttpResponse:
    """The relays proposed to the reader's organisation, and those it proposed."""
    context = {
        "received": list_received_hand_overs_for(request.membership).order_by("-state", "proposed_at")[:SHOWN],
        "sent": list_sent_hand_overs_for(request.membership).order_by("-proposed_at")[:SHOWN],
    }
    return render(request, "journeys/hand_over_list.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def hand_over_new(request: MemberRequest, code: str) -> HttpResponse:
    """Propose to someone else to follow a person, in one parcours or altogether."""
    person = find_person(request, code)
    ref, parcours = request.GET.get("action", ""), request.GET.get("parcours", "")
    enrolment = find_followed(request, ref, parcours) if parcours else None
    require(enrolment is not None or shows_sensitive(person))
    may_move = shows_sensitive(person) and enrolment is not None
    form = HandOverForm(request.POST or None, viewer=request.membership, may_move_file=may_move)

    def save() -> str:
        given = form.given | ({} if enrolment else {"moves_file": True})
        request_hand_over(person=person, enrolment=enrolment, by=request.membership, now=timezone.now(), **given)
        messages.success(request, "Le relais est proposé. Il sera passé une fois accepté, avec un rendez-vous.")
        return parcours_url(person)

    notes = ["Rien ne change tant que le relais n’est pas accepté avec un premier rendez-vous."]
    page = {"person": person, "title": "Proposer un relais", "submit": "Proposer le relais", "notes": notes}
    return save_or_show(request, form, save, FORM, page | {"back_url": parcours_url(person)})


@access(WORKS_WITH_PEOPLE)
def hand_over(request: MemberRequest, ref: str) -> HttpResponse:
    """One relay: who proposes what to whom, and the answer to give."""
    found = _find(request, ref)
    is_received = found.to_organisation_id == request.membership.organisation_id
    context = {
        "hand_over": found,
        "is_received": is_received,
        "is_sent": found.from_organisation_id == request.membership.organisation_id,
        "accept_url": url_above("agenda:accept_hand_over", ref) if is_received else "",
    }
    return render(request, "journeys/hand_over.html", context)


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def hand_over_refuse(request: MemberRequest, ref: str) -> HttpResponse:
    """Say no, and why."""
    found = _find(request, ref)
    require(found.to_organisation_id == request.membership.organisation_id)
    form = RefuseForm(request.POST or None, initial={"version": found.version})

    def save() -> str:
        refuse_hand_over(hand_over=found, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Votre refus est transmis.")
        return reverse("journeys:hand_over_list")

    return save_or_show(request, form, save, FORM, _page(found, "Refuser ce relais", "Refuser"))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def hand_over_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Take back a proposal."""
    found = _find(request, ref)
    require(found.from_organisation_id == request.membership.organisation_id)
    form = ConfirmForm(request.POST or None, initial={"version": found.version})

    def save() -> str:
        cancel_hand_over(hand_over=found, by=request.membership, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "La proposition est retirée.")
        return reverse("journeys:hand_over_list")

    return save_or_show(request, form, save, FORM, _page(found, "Retirer cette proposition", "Retirer"))


def _find(request: MemberRequest, ref: str) -> HandOver:
    found = find(request, get_hand_over_for, ref)
    note_read(request, "person", found.person.code)
    return found


def _page(found: HandOver, title: str, submit: str) -> dict[str, Any]:
    back = reverse("journeys:hand_over", args=[found.ref])
    return {"person": found.person, "title": title, "submit": submit, "back_url": back}
