"""Work contracts: signed, set right, ended, cancelled."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import MEMBER, WORKS_WITH_PEOPLE
from essaim.employers.forms.contracts import ConfirmForm, CorrectContractForm, EndForm, SignForm
from essaim.employers.models import WorkContract
from essaim.employers.operations import (
    cancel_contract,
    cancel_end,
    correct_contract,
    correct_end,
    end_contract,
    sign_contract,
)
from essaim.employers.queries import (
    end_of,
    get_contract_for,
    is_check_in_offered,
    list_applications_for,
    list_approaches_for,
    list_contracts_for,
    list_open_applications_for,
    prospecting_rules,
    state_of,
)
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.permissions import may_accompany
from essaim.journeys.queries import (
    ParcoursLine,
    get_action_for,
    is_partner_seeing_people,
    list_enrolments_for,
    list_followed_actions,
    list_parcours_for,
)
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import EditForm, apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.panels import panel
from essaim.people.models import Person
from essaim.people.queries import get_person_for

LATEST_SHOWN = 20


@access(MEMBER)
@panel("journeys:action", "contracts")
def contract_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of an action's contracts."""
    action = _find_action(request, ref)
    context = {
        "action": action,
        "contracts": _rows(list_contracts_for(request.membership, action=action)),
        "may_sign": _may_sign(request, action),
        "shows_person": True,
        "followed": {action.pk} if _may_sign(request, action) else set(),
    }
    return render(request, "employers/_contracts.html", context)


@access(WORKS_WITH_PEOPLE)
@panel("people:person", "contracts")
def person_contracts(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of a person's contracts."""
    try:
        person = get_person_for(request.membership, ref)
    except Person.DoesNotExist:
        raise Http404 from None
    lines = list_parcours_for(request.membership, person)
    followed = list_followed_actions(request.membership, [line.enrolment.action for line in lines])
    context = {
        "contracts": _rows(list_contracts_for(request.membership, person=person)),
        "approaches": list(list_approaches_for(request.membership, person=person)[:LATEST_SHOWN]),
        "applications": list(list_applications_for(request.membership, person=person)),
        "lines": [line for line in lines if line.enrolment.action_id in followed],
        "prospecting": [line for line in lines if line.enrolment.action_id in followed and _prospects(line)],
        "followed": followed,
    }
    return render(request, "employers/_person_jobs.html", context)


def _prospects(line: ParcoursLine) -> bool:
    enrolment = line.enrolment
    return enrolment.state == EnrolmentState.OPEN and prospecting_rules(enrolment.action) is not None


SIGN_ASKS = (("participant", "parcours"), ("application", "candidature"), ("organisation", "entreprise"))


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def sign(request: MemberRequest, ref: str) -> HttpResponse:
    """Write a signed contract."""
    action = _find_followed(request, ref)
    enrolments = list(list_enrolments_for(request.membership, action).order_by("person__search_key", "pk"))
    form = SignForm(
        request.POST or None,
        enrolments=enrolments,
        applications=list(list_open_applications_for(request.membership, action)),
        offers_check_in=is_check_in_offered(action),
        initial={name: request.GET.get(key, "") for name, key in SIGN_ASKS if request.GET.get(key)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_sign_once(request, action, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "employers/sign.html", {"action": action, "form": form, "enrolments": enrolments})


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def correct(request: MemberRequest, ref: str, contract: str) -> HttpResponse:
    """Set a contract right."""
    found = _find_contract(request, ref, contract)
    form = CorrectContractForm(request.POST or None, contract=found)

    def save(data: dict[str, Any]) -> None:
        correct_contract(
            contract=found,
            organisation=data["organisation"],
            terms=form.terms,
            version=data["version"],
            by=request.membership,
            now=timezone.now(),
        )

    return _save_or_show(request, found, form, save, "Corriger le contrat", "Le contrat est corrigé.")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def end(request: MemberRequest, ref: str, contract: str) -> HttpResponse:
    """Write the end of a contract, or set it right."""
    found = _find_contract(request, ref, contract)
    form = EndForm(request.POST or None, contract=found)
    write = correct_end if found.ended_on else end_contract
    title = "Corriger la fin du contrat" if found.ended_on else "Enregistrer la fin du contrat"

    def save(data: dict[str, Any]) -> None:
        write(contract=found, by=request.membership, now=timezone.now(), **data)

    return _save_or_show(request, found, form, save, title, "La fin du contrat est enregistrée.")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def cancel(request: MemberRequest, ref: str, contract: str) -> HttpResponse:
    """Cancel a contract entered by mistake."""
    found = _find_contract(request, ref, contract)
    form = ConfirmForm(request.POST or None, initial={"version": found.version})

    def save(data: dict[str, Any]) -> None:
        cancel_contract(contract=found, by=request.membership, now=timezone.now(), **data)

    return _save_or_show(request, found, form, save, "Annuler ce contrat", "Le contrat est annulé.")


@access(WORKS_WITH_PEOPLE, methods=("GET", "POST"))
def undo_end(request: MemberRequest, ref: str, contract: str) -> HttpResponse:
    """Cancel the end of a contract entered by mistake."""
    found = _find_contract(request, ref, contract)
    form = ConfirmForm(request.POST or None, initial={"version": found.version})

    def save(data: dict[str, Any]) -> None:
        cancel_end(contract=found, by=request.membership, now=timezone.now(), **data)

    return _save_or_show(request, found, form, save, "Annuler cette fin", "Le contrat court de nouveau.")


def _save_or_show(
    request: MemberRequest,
    contract: WorkContract,
    form: EditForm,
    save: Callable[[dict[str, Any]], None],
    title: str,
    done: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
            messages.success(request, done)
            return redirect(_contracts_url(contract.action))
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"contract": contract, "action": contract.action, "form": form, "title": title, "end": end_of(contract)}
    return render(request, "employers/contract_form.html", context)


def _find_action(request: MemberRequest, ref: str) -> Action:
    try:
        return get_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None


def _may_sign(request: MemberRequest, action: Action) -> bool:
    partner = is_partner_seeing_people(request.membership, action)
    return may_accompany(request.membership, action, is_partner_seeing_people=partner)


def _find_followed(request: MemberRequest, ref: str) -> Action:
    action = _find_action(request, ref)
    if not _may_sign(request, action):
        raise Http404
    return action


def _find_contract(request: MemberRequest, ref: str, contract: str) -> WorkContract:
    try:
        return get_contract_for(request.membership, _find_followed(request, ref), contract)
    except WorkContract.DoesNotExist:
        raise Http404 from None


def _rows(contracts: Any) -> list[tuple[WorkContract, str, Any]]:
    return [(contract, state_of(contract), end_of(contract)) for contract in contracts]


def _contracts_url(action: Action) -> str:
    return f"{reverse('journeys:action', args=[action.ref])}?onglet=contracts"


def _sign_once(request: MemberRequest, action: Action, form: SignForm) -> str:
    now = timezone.now()

    def make() -> str:
        sign_contract(
            enrolment=form.enrolment,
            organisation=form.cleaned_data["organisation"],
            terms=form.terms,
            application=form.job_application,
            check_in_at=form.check_in,
            by=request.membership,
            now=now,
        )
        messages.success(request, "Le contrat est enregistré.")
        return _contracts_url(action)

    return create_once(key=form.cleaned_data["form_key"], user=request.user, now=now, create=make)
