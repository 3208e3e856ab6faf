"""Agreements with funders: the tab of an action, the page of one, and what is written of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.permissions import MANAGES_ORGANISATION, MEMBER
from essaim.journal.models import Action
from essaim.journeys.enums import AgreementState, Evidence
from essaim.journeys.forms.money import AgreementEditForm, AgreementEndForm, AgreementForm, OnForm
from essaim.journeys.models import FundingAgreement
from essaim.journeys.operations.agreements import (
    correct_agreement,
    end_agreement,
    prepare_agreement,
    sign_agreement,
)
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries.agreements import (
    get_agreement_for,
    list_agreements_for,
    list_instalments_of,
    reads_agreements_of,
    total_agreement,
)
from essaim.journeys.views.finding import find_action, require
from essaim.journeys.views.money_finding import find_managed, find_managed_agreement, save_money, tab_of
from essaim.journeys.views.path_finding import find, url_above
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.panels import panel
from essaim.kernel.tables import Column, Empty, Table

AGREEMENTS = Table(
    name="conventions",
    noun="convention",
    columns=(
        Column("funder", "Financeur", "funder.name"),
        Column("title", "Intitulé", "title", sort=("title",)),
        Column("number", "Numéro", "number"),
        Column("state", "État", lambda row: row.get_state_display()),
        Column("amount", "Montant accordé", "amount"),
        Column("starts", "Début", "starts", sort=("starts",)),
        Column("ends", "Fin", "ends"),
        Column("signed_on", "Signée le", "signed_on"),
        Column("planned", "Versements prévus", "planned"),
        Column("claimed", "Demandé", "claimed"),
        Column("received", "Reçu", "received"),
    ),
    order="starts",
    empty=Empty("Aucune convention"),
)
INSTALMENTS = Table(
    name="versements",
    noun="versement",
    columns=(
        Column("kind", "Nature", lambda row: row.get_kind_display()),
        Column("amount", "Montant", "amount"),
        Column("claim_by", "À demander avant le", "claim_by"),
        Column("expected_on", "Attendu le", "expected_on", sort=("expected_on",)),
        Column("claimed_on", "Demandé le", "claimed_on"),
        Column("received_on", "Reçu le", "received_on"),
        Column("received_amount", "Montant reçu", "received_amount"),
    ),
    order="expected_on",
    empty=Empty("Aucun versement"),
)


@access(MEMBER)
@panel("journeys:action", "agreements")
def agreements(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the agreements of an action."""
    action = _find_readable(request, ref)
    context = {
        "action": action,
        "agreements": list_agreements_for(request.membership, action),
        "manages": may_manage(request.membership, action),
    }
    return render(request, "journeys/_agreements.html", context)


@access(MEMBER)
def agreements_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The agreements of an action."""
    action = _find_readable(request, ref)
    return AGREEMENTS.file(request.GET, list_agreements_for(request.membership, action))


@access(MEMBER)
def agreement(request: MemberRequest, ref: str) -> HttpResponse:
    """The page of an agreement: where it stands, its instalments, what it asks to see."""
    found = find(request, get_agreement_for, ref)
    instalments = list(list_instalments_of(found))
    manages = may_manage(request.membership, found.action)
    evidence = dict(Evidence.choices)
    context = {
        "agreement": found,
        "action": found.action,
        "instalments": [(one, url_above("steering:claim", one.ref) if manages else "") for one in instalments],
        "totals": total_agreement(found, instalments),
        "evidence": [evidence[key] for key in found.evidence],
        "manages": manages,
        "is_open": found.state in {AgreementState.PREPARED, AgreementState.SIGNED},
        "is_signed": found.state == AgreementState.SIGNED,
        "day": today(),
    }
    return render(request, "journeys/agreement.html", context)


@access(MEMBER)
def instalments_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The instalments of an agreement."""
    found = find(request, get_agreement_for, ref)
    return INSTALMENTS.file(request.GET, list_instalments_of(found))


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def agreement_new(request: MemberRequest, ref: str) -> HttpResponse:
    """Prepare an agreement."""
    action = find_managed(request, ref)
    form = AgreementForm(request.POST or None, initial={"starts": action.starts, "ends": action.ends})
    form.fill(request.membership)

    def save() -> object:
        return prepare_agreement(action=action, details=form.details, by=request.membership, now=timezone.now())

    title = "Ajouter une convention"
    return save_money(request, action, form, save, title=title, back=tab_of(action, "agreements"))


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def agreement_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Change an agreement."""
    found = find_managed_agreement(request, ref)
    names = ("title", "number", "amount", "starts", "ends", "evidence", "version")
    shown = {name: getattr(found, name) for name in names} | {"funder": found.funder.ref}
    form = AgreementEditForm(request.POST or None, initial=shown)
    form.fill(request.membership)

    def save() -> object:
        version = form.cleaned_data["version"]
        given = {"details": form.details, "version": version, "by": request.membership, "now": timezone.now()}
        return correct_agreement(agreement=found, **given)

    title = f"Modifier « {found.title} »"
    return save_money(request, found.action, form, save, title=title, back=_page(found))


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def agreement_sign(request: MemberRequest, ref: str) -> HttpResponse:
    """Write the day of the signature."""
    found = find_managed_agreement(request, ref)
    initial = {"version": found.version, "on": today()}
    form = OnForm(request.POST or None, label="Signée le", initial=initial)

    def save() -> object:
        given = {"on": form.cleaned_data["on"], "version": form.cleaned_data["version"]}
        return sign_agreement(agreement=found, by=request.membership, now=timezone.now(), **given)

    note = f"{capfirst(str(found.funder))} devient financeur de l’action, et lit cette convention."
    return save_money(
        request, found.action, form, save, title="Noter la signature", back=_page(found), submit="Noter", notes=[note]
    )


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def agreement_end(request: MemberRequest, ref: str) -> HttpResponse:
    """Settle an agreement, or cancel it."""
    found = find_managed_agreement(request, ref)
    initial = {"version": found.version, "state": "settled" if found.signed_on else "cancelled"}
    form = AgreementEndForm(request.POST or None, initial=initial)

    def save() -> object:
        given: dict[str, Any] = {"state": form.cleaned_data["state"], "version": form.cleaned_data["version"]}
        return end_agreement(agreement=found, by=request.membership, now=timezone.now(), **given)

    return save_money(request, found.action, form, save, title="Terminer la convention", back=_page(found))


def _find_readable(request: MemberRequest, ref: str) -> Action:
    action = find_action(request, ref)
    require(reads_agreements_of(request.membership, action))
    return action


def _page(agreement: FundingAgreement) -> str:
    return reverse("journeys:agreement", args=[agreement.ref])
