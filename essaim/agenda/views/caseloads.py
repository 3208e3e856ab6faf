"""« Portefeuilles »: who follows how many people, giving them to a colleague, being away, taking a relay."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.models import User
from essaim.accounts.permissions import WORKS_WITH_PEOPLE, manages
from essaim.agenda.forms.appointments import AbsenceForm
from essaim.agenda.forms.caseloads import AcceptForm, GiveForm
from essaim.agenda.operations import accept_hand_over, declare_absence, reassign_caseload, withdraw_absence
from essaim.agenda.queries import list_absences_for, list_meeting_rooms, list_meeting_users, list_to_replace_for
from essaim.agenda.views.appointments import default_meeting
from essaim.journeys.enums import HandOverState
from essaim.journeys.models import HandOver
from essaim.journeys.queries.caseloads import (
    get_colleague_for,
    list_caseload_for,
    list_caseloads_for,
    list_moves_for,
)
from essaim.journeys.queries.hand_overs import get_hand_over_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count
from essaim.kernel.forms import LATEST_DAY, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Table

MOVES_SHOWN = 10
CASELOADS = Table(
    name="portefeuilles",
    noun="portefeuille",
    columns=(
        Column("name", "Nom", "user.full_name", sort=("user.last_name", "user.first_name")),
        Column("people", "Personnes", "people"),
        Column("parcours", "Parcours en cours", "parcours"),
        Column("silent", "Sans nouvelle", "silent"),
        Column("near", "Terme proche", "near"),
        Column("is_leaving", "Ne travaille plus ici", "is_leaving"),
    ),
    order="name",
    empty=Empty("Aucun portefeuille"),
)


@access(WORKS_WITH_PEOPLE)
def caseloads(request: MemberRequest) -> HttpResponse:
    """Who follows how many people; absences, and appointments to be moved."""
    context = {
        "caseloads": list_caseloads_for(request.membership, today()),
        "absences": list_absences_for(request.membership, today(), LATEST_DAY),
        "to_replace": list_to_replace_for(request.membership),
        "moves": list_moves_for(request.membership)[:MOVES_SHOWN],
        "is_manager": manages(request.membership),
    }
    return render(request, "agenda/caseloads.html", context)


@access(WORKS_WITH_PEOPLE)
def caseloads_file(request: MemberRequest) -> HttpResponse:
    """Who follows how many people, as a file."""
    return CASELOADS.file(request.GET, list_caseloads_for(request.membership, today()))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def give(request: MemberRequest, uuid: str) -> HttpResponse:
    """Give a counsellor's people and appointments to a colleague."""
    counsellor = _find_colleague(request, uuid)
    form = GiveForm(
        request.POST or None,
        colleagues=list_meeting_users(request.membership).exclude(pk=counsellor.pk),
        parcours=list_caseload_for(request.membership, counsellor),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_give_once(request, counsellor, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/give.html", {"counsellor": counsellor, "form": form})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def absence_new(request: MemberRequest) -> HttpResponse:
    """Say who is away, and who replaces her."""
    colleagues = list_meeting_users(request.membership)
    users = colleagues if manages(request.membership) else colleagues.filter(pk=request.membership.user_id)
    initial = {"user": request.membership.user.uuid, "starts": today()}
    form = AbsenceForm(request.POST or None, initial=initial, users=users, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_declare_once(request, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/absence_new.html", {"form": form})


@access(WORKS_WITH_PEOPLE, methods=("POST",))
def absence_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    absence = get_object_or_404(list_absences_for(request.membership, today(), LATEST_DAY), pk=pk)
    try:
        withdraw_absence(absence=absence, by=request.membership, now=timezone.now())
        messages.success(request, "L’absence est retirée.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("agenda:caseloads")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def accept(request: MemberRequest, ref: str) -> HttpResponse:
    """Take a relay by fixing the first meeting."""
    hand_over = _find_received(request, ref)
    action = hand_over.enrolment.action if hand_over.enrolment else None
    initial = default_meeting(request, None, "followup") | {"version": hand_over.version}
    form = AcceptForm(
        request.POST or None,
        initial=initial,
        users=list_meeting_users(request.membership),
        rooms=list_meeting_rooms(request.membership, action),
    )
    if request.method == "POST" and form.is_valid():
        starts, ends = form.times
        try:
            accept_hand_over(
                hand_over=hand_over, starts=starts, ends=ends, user=form.cleaned_data["user"], where=form.where,
                version=form.cleaned_data["version"], by=request.membership, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, f"Vous suivez désormais {hand_over.person.full_name}.")
            return redirect("people:person", hand_over.person.code)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "agenda/accept.html", {"hand_over": hand_over, "form": form})


def _find_colleague(request: MemberRequest, uuid: str) -> User:
    try:
        return get_colleague_for(request.membership, uuid)
    except User.DoesNotExist:
        raise Http404 from None


def _find_received(request: MemberRequest, ref: str) -> HandOver:
    try:
        hand_over = get_hand_over_for(request.membership, ref)
    except HandOver.DoesNotExist:
        raise Http404 from None
    is_received = hand_over.to_organisation_id == request.membership.organisation_id
    if not is_received or hand_over.state != HandOverState.PROPOSED:
        raise Http404
    return hand_over


def _give_once(request: MemberRequest, counsellor: User, form: GiveForm) -> str:
    now, given = timezone.now(), form.cleaned_data

    def make() -> str:
        done = reassign_caseload(
            organisation=request.membership.organisation, from_user=counsellor, to_user=given["to_user"],
            reason=given["reason"], enrolments=given["enrolments"] or None, by=request.membership, now=now,
        )  # fmt: skip
        name = given["to_user"].full_name
        moved = f"{count(done.move.people, 'personne')} et {len(done.moved)} rendez-vous"
        messages.success(request, f"{moved} confiés à {name}.")
        if done.conflicts:
            messages.warning(request, f"{len(done.conflicts)} rendez-vous à replacer : {name} est déjà prise alors.")
        return reverse("agenda:caseloads")

    return create_once(key=given["form_key"], user=request.user, now=now, create=make)


def _declare_once(request: MemberRequest, form: AbsenceForm) -> str:
    now = timezone.now()
    given: dict[str, Any] = {key: value for key, value in form.cleaned_data.items() if key != "form_key"}

    def make() -> str:
        declare_absence(by=request.membership, now=now, **given)
        messages.success(request, "L’absence est notée : aucun rendez-vous ne sera plus pris ces jours-là.")
        return reverse("agenda:caseloads")

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
