"""Variants: the list of a team, one with its history, proposing and writing one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.permissions import rule_for_roles
from essaim.guide.enums import VariantState
from essaim.guide.forms.variants import CommentForm, ProposalForm, RenewalForm, VariantForm
from essaim.guide.models import Variant
from essaim.guide.operations import VariantRefused, edit_variant, propose_variant, renew_variant
from essaim.guide.permissions import ROLES_PROPOSING, may_edit_variant, may_review_variant, may_withdraw_variant
from essaim.guide.queries import (
    has_written_in,
    list_events_of,
    list_variants_for,
    list_variations_of,
    practice_file,
    variant_file,
)
from essaim.guide.views.finding import find_practice, find_variant, require
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import short_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once
from essaim.kernel.tables import Column, Empty, Table

PROPOSES = rule_for_roles("responsable, conseil ou pilote", ROLES_PROPOSING)


def _origin(variant: Variant) -> str:
    return str(variant.parent) if variant.parent else "fiche de l’organisation"


def _url(variant: Variant) -> str:
    return reverse("guide:variant", args=[variant.ref])


VARIANTS = Table(
    name="variantes",
    noun="variante",
    columns=(
        Column("title", "Variante", "title", sort=("title",), link=_url, sub=_origin),
        Column("author", "Rédigée par", lambda variant: variant.author.full_name),
        Column("created_at", "Créée le", "created_at", sort=("created_at",), show=short_day),
        Column("state", "État", lambda variant: variant.get_state_display().capitalize(), sort=("state",)),
    ),
    order="-created_at",
    empty=Empty(
        "Aucune variante pour l’instant",
        "Vous faites autrement qu’une fiche, et cela marche ? Ouvrez-la et proposez une variante : quelqu’un de votre"
        " équipe la relit, puis elle entre au catalogue.",
        "/guide/",
        "Choisir une fiche",
    ),
)


@access(PROPOSES)
def variant_list(request: MemberRequest) -> HttpResponse:
    """The variants that the viewer's organisation prepares or published."""
    table = VARIANTS.read(request.GET, list_variants_for(request.membership))
    return table.export() if table.export_format else render(request, "guide/variant_list.html", {"table": table})


@access(PROPOSES)
def variant(request: MemberRequest, ref: str) -> HttpResponse:
    """One variant: what it changes and why, where it stands, its history."""
    subject = find_variant(request, ref)
    member = request.membership
    written = has_written_in(subject, member.user)
    in_force = subject.state == VariantState.PUBLISHED and subject.practice is not None and subject.practice.is_current
    context = {
        "variant": subject,
        "variations": list_variations_of(subject),
        "events": list_events_of(subject),
        "in_force": in_force,
        "has_written": written,
        "may_edit": may_edit_variant(member, subject),
        "may_review": may_review_variant(member, subject, has_written=written),
        "may_withdraw": may_withdraw_variant(member, subject),
        "comment": CommentForm(),
    }
    return render(request, "guide/variant.html", context)


@access(PROPOSES, methods=("GET", "POST"))
def variant_new(request: MemberRequest, slug: str) -> HttpResponse:
    """Propose a variant of a practice."""
    practice = find_practice(slug)
    form = ProposalForm(request.POST or None, initial={"title": f"{practice.title}, variante"[:200]})

    def make() -> str:
        made = propose_variant(practice=practice, by=request.membership, now=timezone.now(), **form.given)
        return reverse("guide:variant_edit", args=[made.ref])

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "guide/variant_new.html", {"practice": practice, "form": form})


@access(PROPOSES, methods=("GET", "POST"))
def variant_edit(request: MemberRequest, ref: str) -> HttpResponse:
    """Write a draft."""
    subject = find_variant(request, ref)
    require(may_edit_variant(request.membership, subject))
    origin = practice_file(subject.parent) if subject.parent else None
    form = VariantForm(request.POST or None, variant=subject, practice=variant_file(subject), origin=origin)
    if request.method == "POST" and form.is_valid():
        try:
            edit_variant(variant=subject, by=request.membership, now=timezone.now(), **form.given)
            messages.success(request, "Le brouillon est enregistré.")
            return redirect(_url(subject))
        except VariantRefused as refusal:
            form.show_refusal(refusal)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "guide/variant_edit.html", {"variant": subject, "form": form})


@access(PROPOSES, methods=("GET", "POST"))
def variant_renew(request: MemberRequest, ref: str) -> HttpResponse:
    """Prepare the next version of a published variant."""
    subject = find_variant(request, ref)
    require(subject.state == VariantState.PUBLISHED)
    form = RenewalForm(request.POST or None)

    def make() -> str:
        made = renew_variant(variant=subject, by=request.membership, now=timezone.now(), **form.given)
        return reverse("guide:variant_edit", args=[made.ref])

    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "guide/variant_renew.html", {"variant": subject, "form": form})
