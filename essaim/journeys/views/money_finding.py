"""What the pages of the money of an action look for, and how they save; forbidden and unknown answer alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from essaim.journal.models import Action
from essaim.journeys.models import BudgetLine, FundingAgreement, Instalment, StaffTime
from essaim.journeys.permissions import may_manage, may_steer
from essaim.journeys.queries.agreements import get_agreement_for, get_instalment_for
from essaim.journeys.queries.budget import get_budget_line_for
from essaim.journeys.queries.staff_time import get_staff_time_for
from essaim.journeys.views.finding import find_action, require
from essaim.journeys.views.path_finding import find, save_or_show
from essaim.kernel.actors import MemberRequest
from essaim.kernel.forms import Form


def find_steered(request: MemberRequest, ref: str) -> Action:
    """The action, for who steers it."""
    action = find_action(request, ref)
    require(may_steer(request.membership, action))
    return action


def find_managed(request: MemberRequest, ref: str) -> Action:
    """The action, for who manages its carrier."""
    action = find_action(request, ref)
    require(may_manage(request.membership, action))
    return action


def find_line(request: MemberRequest, action: Action, pk: int) -> BudgetLine:
    """A budget line of the action."""
    try:
        return get_budget_line_for(request.membership, action, pk)
    except BudgetLine.DoesNotExist:
        raise Http404 from None


def find_time(request: MemberRequest, action: Action, pk: int) -> StaffTime:
    """The time of a month."""
    try:
        return get_staff_time_for(request.membership, action, pk)
    except StaffTime.DoesNotExist:
        raise Http404 from None


def find_managed_agreement(request: MemberRequest, ref: str) -> FundingAgreement:
    """An agreement, for who manages the carrier."""
    agreement = find(request, get_agreement_for, ref)
    require(may_manage(request.membership, agreement.action))
    return agreement


def find_managed_instalment(request: MemberRequest, ref: str) -> Instalment:
    """An instalment, for who manages the carrier."""
    instalment = find(request, get_instalment_for, ref)
    require(may_manage(request.membership, instalment.agreement.action))
    return instalment


def tab_of(action: Action, key: str) -> str:
    """A tab of the page of the action."""
    return f"{reverse('journeys:action', args=[action.ref])}?onglet={key}"


def save_money(
    request: MemberRequest,
    action: Action,
    form: Form,
    save: Callable[[], object],
    *,
    title: str,
    back: str,
    done: str = "C’est enregistré.",
    **context: Any,
) -> HttpResponse:
    """Save the form and go ``back``, or show it with what is wrong."""

    def saved() -> str:
        save()
        messages.success(request, done)
        return back

    shown = {"action": action, "title": title, "back_url": back, "submit": "Enregistrer"} | context
    return save_or_show(request, form, saved, "journeys/money_form.html", shown)
