"""Instalments of an agreement: planned, claimed, received."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import MANAGES_ORGANISATION
from essaim.journeys.forms.money import InstalmentEditForm, InstalmentForm, OnForm, ReceiveForm, VersionForm
from essaim.journeys.models import FundingAgreement
from essaim.journeys.operations.instalments import (
    cancel_instalment,
    claim_instalment,
    correct_instalment,
    plan_instalment,
    receive_instalment,
    undo_instalment,
)
from essaim.journeys.views.money_finding import find_managed_agreement, find_managed_instalment, save_money
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.formats import long_day, money


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Plan an instalment."""
    agreement = find_managed_agreement(request, ref)
    form = InstalmentForm(request.POST or None)

    def save() -> object:
        return plan_instalment(agreement=agreement, details=form.details, by=request.membership, now=timezone.now())

    return save_money(request, agreement.action, form, save, title="Prévoir un versement", back=_page(agreement))


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Change an instalment not claimed yet."""
    found = find_managed_instalment(request, ref)
    names = ("kind", "amount", "claim_by", "expected_on", "version")
    form = InstalmentEditForm(request.POST or None, initial={name: getattr(found, name) for name in names})

    def save() -> object:
        version = form.cleaned_data["version"]
        given = {"details": form.details, "version": version, "by": request.membership, "now": timezone.now()}
        return correct_instalment(instalment=found, **given)

    other = {"label": "Retirer ce versement", "url": reverse("journeys:instalment_cancel", args=[ref])}
    action, back = found.agreement.action, _page(found.agreement)
    return save_money(request, action, form, save, title="Modifier un versement", back=back, other=other)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_cancel(request: MemberRequest, ref: str) -> HttpResponse:
    """Take an instalment away."""
    found = find_managed_instalment(request, ref)
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def save() -> object:
        version = form.cleaned_data["version"]
        return cancel_instalment(instalment=found, version=version, by=request.membership, now=timezone.now())

    notes = [f"{money(found.amount)}, attendu le {long_day(found.expected_on)}."]
    given: dict[str, Any] = {"submit": "Retirer", "notes": notes, "back": _page(found.agreement)}
    return save_money(request, found.agreement.action, form, save, title="Retirer un versement", **given)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_claim(request: MemberRequest, ref: str) -> HttpResponse:
    """Write that the payment was asked for."""
    found = find_managed_instalment(request, ref)
    initial = {"version": found.version, "on": today()}
    form = OnForm(request.POST or None, label="Demandé le", initial=initial)

    def save() -> object:
        given = {"on": form.cleaned_data["on"], "version": form.cleaned_data["version"]}
        return claim_instalment(instalment=found, by=request.membership, now=timezone.now(), **given)

    notes = [f"{found.agreement.funder} : {money(found.amount)}, à demander avant le {long_day(found.claim_by)}."]
    given: dict[str, Any] = {"submit": "Noter la demande", "notes": notes, "back": _page(found.agreement)}
    return save_money(request, found.agreement.action, form, save, title="Noter la demande", **given)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_receive(request: MemberRequest, ref: str) -> HttpResponse:
    """Write that the payment arrived."""
    found = find_managed_instalment(request, ref)
    initial = {"version": found.version, "on": today(), "amount": found.amount}
    form = ReceiveForm(request.POST or None, label="Reçu le", initial=initial)

    def save() -> object:
        given = {name: form.cleaned_data[name] for name in ("on", "amount", "version")}
        return receive_instalment(instalment=found, by=request.membership, now=timezone.now(), **given)

    given: dict[str, Any] = {"submit": "Noter la réception", "back": _page(found.agreement)}
    return save_money(request, found.agreement.action, form, save, title="Noter la réception", **given)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def instalment_undo(request: MemberRequest, ref: str) -> HttpResponse:
    """Take back a reception or a claim written by mistake."""
    found = find_managed_instalment(request, ref)
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def save() -> object:
        version = form.cleaned_data["version"]
        return undo_instalment(instalment=found, version=version, by=request.membership, now=timezone.now())

    word = "réception" if found.received_on else "demande"
    notes = [f"La {word} est effacée ; le fil garde la trace de cette annulation."]
    given: dict[str, Any] = {"submit": f"Annuler la {word}", "notes": notes, "back": _page(found.agreement)}
    return save_money(request, found.agreement.action, form, save, title=f"Annuler la {word}", **given)


def _page(agreement: FundingAgreement) -> str:
    return reverse("journeys:agreement", args=[agreement.ref])
