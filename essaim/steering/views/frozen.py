"""Bilans frozen and sent to funders, for those who carry the action."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import STEERS
from essaim.journal.models import Action
from essaim.journeys.permissions import may_steer
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.steering.forms import SendBilanForm
from essaim.steering.models import FrozenBilan
from essaim.steering.operations import send_bilan
from essaim.steering.queries import get_bilan_action_for
from essaim.steering.queries.frozen import list_changes, list_frozen_of
from essaim.steering.queries.funders import list_funders_of
from essaim.steering.tables import CHANGES, SENT


@access(STEERS)
def sent_list(request: MemberRequest, ref: str) -> HttpResponse:
    """The bilans of an action that were sent."""
    action = _find_steered(request, ref)
    table = SENT.read(request.GET, list_frozen_of(request.membership, action))
    if table.export_format:
        return table.export()
    return render(request, "steering/sent_list.html", {"action": action, "table": table})


@access(STEERS)
def sent(request: MemberRequest, ref: str, code: str) -> HttpResponse:
    """What was sent, what the same question gives today, and the facts between the two."""
    action = _find_steered(request, ref)
    try:
        frozen = list_frozen_of(request.membership, action).get(ref=code)
    except FrozenBilan.DoesNotExist:
        raise Http404 from None
    changes = list_changes(frozen)
    table = CHANGES.read(request.GET, changes)
    if table.export_format:
        return table.export()
    changed = sum(change.has_changed for change in changes)
    return render(
        request, "steering/sent.html", {"action": action, "frozen": frozen, "table": table, "changed": changed}
    )


@access(STEERS, methods=("GET", "POST"))
def send(request: MemberRequest, ref: str) -> HttpResponse:
    """Freeze the bilan of today and give it to a funder."""
    action = _find_steered(request, ref)
    form = SendBilanForm(request.POST or None, action=action, funders=list_funders_of(action), today=today())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_send_once(request, action, form))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "steering/send.html", {"action": action, "form": form})


def _send_once(request: MemberRequest, action: Action, form: SendBilanForm) -> str:
    given = dict(form.cleaned_data)
    key = given.pop("form_key")

    def create() -> str:
        made = send_bilan(action=action, by=request.membership, now=timezone.now(), **given)
        messages.success(request, "Le bilan est envoyé. Ses chiffres ne changeront plus.")
        return reverse("steering:sent", args=[action.ref, made.ref])

    return create_once(key=key, user=request.user, now=timezone.now(), create=create)


def _find_steered(request: MemberRequest, ref: str) -> Action:
    try:
        action = get_bilan_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None
    if not may_steer(request.membership, action):
        raise Http404
    return action
