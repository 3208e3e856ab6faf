"""Reading a variant over: put to review, commented, decided by someone else, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from essaim.guide.forms.variants import CommentForm, DecisionForm, VersionForm, WithdrawalForm
from essaim.guide.models import Variant
from essaim.guide.operations import (
    comment_on_variant,
    publish_variant,
    refuse_variant,
    return_variant,
    submit_variant,
    withdraw_variant,
)
from essaim.guide.permissions import may_review_variant, may_withdraw_variant
from essaim.guide.queries import has_written_in, list_variations_of
from essaim.guide.views.finding import find_variant, require
from essaim.guide.views.variants import PROPOSES
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.errors import OperationError
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.operations.form_keys import create_once

DECISIONS: dict[str, Callable[..., Variant]] = {
    "publish": publish_variant,
    "return": return_variant,
    "refuse": refuse_variant,
}
DONE = {
    "publish": "La variante est publiée : elle est au catalogue.",
    "return": "La variante est rendue à son équipe.",
    "refuse": "La variante est refusée.",
}


@access(PROPOSES, methods=("POST",))
def variant_submit(request: MemberRequest, ref: str) -> HttpResponse:
    """Put a draft to review."""
    subject = find_variant(request, ref)
    form = VersionForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        submit_variant(variant=subject, version=version, by=request.membership, now=timezone.now())
        messages.success(request, "La variante est en relecture. Quelqu’un d’autre de votre équipe en décide.")
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("guide:variant", ref=ref)


@access(PROPOSES, methods=("POST",))
def variant_comment(request: MemberRequest, ref: str) -> HttpResponse:
    """Say something of a variant."""
    subject = find_variant(request, ref)
    form = CommentForm(request.POST)

    def make() -> str:
        text = form.cleaned_data["text"]
        comment_on_variant(variant=subject, text=text, by=request.membership, now=timezone.now())
        return request.path.removesuffix("commenter/")

    if not form.is_valid():
        messages.error(request, "Écrivez votre commentaire avant de l’envoyer.")
        return redirect("guide:variant", ref=ref)
    try:
        key = form.cleaned_data["form_key"]
        return redirect(create_once(key=key, user=request.user, now=timezone.now(), create=make))
    except OperationError as error:
        messages.error(request, error.message)
    return redirect("guide:variant", ref=ref)


@access(PROPOSES, methods=("GET", "POST"))
def variant_decide(request: MemberRequest, ref: str) -> HttpResponse:
    """Publish, give back or refuse a variant in review."""
    subject = find_variant(request, ref)
    require(
        may_review_variant(request.membership, subject, has_written=has_written_in(subject, request.membership.user))
    )
    form = DecisionForm(request.POST or None, initial={"version": subject.version})
    if request.method == "POST" and form.is_valid():
        decision, given = form.cleaned_data["decision"], form.cleaned_data
        try:
            DECISIONS[decision](
                variant=subject,
                text=given["text"],
                version=given["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, DONE[decision])
            return redirect("guide:variant", ref=ref)
        except OperationError as error:
            apply_operation_error(form, error)
    context = {"variant": subject, "form": form, "variations": list_variations_of(subject)}
    return render(request, "guide/variant_decide.html", context)


@access(PROPOSES, methods=("GET", "POST"))
def variant_withdraw(request: MemberRequest, ref: str) -> HttpResponse:
    """Give a draft up, or take a published variant out of the catalogue."""
    subject = find_variant(request, ref)
    require(may_withdraw_variant(request.membership, subject))
    form = WithdrawalForm(request.POST or None, initial={"version": subject.version})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_variant(variant=subject, by=request.membership, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "La variante est retirée.")
            return redirect("guide:variant", ref=ref)
        except OperationError as error:
            apply_operation_error(form, error)
    return render(request, "guide/variant_withdraw.html", {"variant": subject, "form": form})
