"""The members of the organisation: who belongs to it, in which role, who is invited."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from essaim.accounts.enums import Role
from essaim.accounts.forms import InvitationForm, RoleForm
from essaim.accounts.models import Invitation, Membership
from essaim.accounts.operations import cancel_invitation as cancel
from essaim.accounts.operations import change_role as set_role
from essaim.accounts.operations import end_membership as end
from essaim.accounts.operations import invite_member
from essaim.accounts.operations import resend_invitation as resend
from essaim.accounts.permissions import MANAGES_ORGANISATION, MEMBER, AccountRequest, manages
from essaim.accounts.queries import (
    get_member_for,
    get_pending_invitation_for,
    list_members_for,
    list_pending_invitations_for,
)
from essaim.kernel.access import access
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import short_day
from essaim.kernel.forms import apply_operation_error
from essaim.kernel.tables import Column, Empty, Filter, Table

COLLEAGUES = Table(
    name="membres",
    noun="membre",
    columns=(
        Column("name", "Nom", "user.full_name", sort=("user__last_name", "user__first_name")),
        Column("role", "Rôle", "get_role_display", sort=("role",), show=capfirst),
        Column("since", "Depuis", lambda member: paris_day(member.since), sort=("since",), show=short_day),
    ),
    search=("user__last_name", "user__first_name"),
    filters=(Filter("role", "Rôle", "Tous les rôles", Role.choices, lambda rows, role: rows.filter(role=role)),),
    order="name",
    empty=Empty("Aucun membre"),
)
MEMBERS = replace(
    COLLEAGUES,
    columns=(
        *COLLEAGUES.columns[:1],
        Column("email", "Adresse électronique", "user.email", sort=("user__email",), template="accounts/_email.html"),
        *COLLEAGUES.columns[1:],
    ),
    search=("user__last_name", "user__first_name", "user__email"),
    search_label="Nom ou adresse",
    actions=lambda member: [("Modifier", reverse("accounts:change_role", args=[member.user.uuid]))],
)
INVITATIONS = Table(
    name="invitations en attente",
    noun="invitation",
    columns=(
        Column("email", "Adresse électronique", sort=("email",)),
        Column("role", "Rôle", "get_role_display", show=capfirst),
        Column("expires", "Valable jusqu’au", template="accounts/_invitation_state.html", sort=("expires_at",)),
        Column("acts", "Actions", template="accounts/_invitation_acts.html", is_exported=False),
    ),
    order="email",
    prefix="i-",
    is_exported=False,
    empty=Empty("Aucune invitation en attente", "Les personnes invitées seront ici jusqu’à leur réponse."),
)


@access(MEMBER)
def organisation(request: AccountRequest) -> HttpResponse:
    is_manager = manages(request.membership)
    table = (MEMBERS if is_manager else COLLEAGUES).read(request.GET, list_members_for(request.membership))
    if table.export_format:
        return table.export()
    pending = list_pending_invitations_for(request.membership)
    context = {"table": table, "manages": is_manager, "invitations": INVITATIONS.read(request.GET, pending)}
    return render(request, "accounts/organisation.html", context)


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def invite(request: AccountRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_member(**form.cleaned_data, by=request.membership, now=timezone.now())
        except OperationError as error:
            apply_operation_error(form, error)
        else:
            messages.success(request, f"L’invitation part à {form.cleaned_data['email']}.")
            return redirect("accounts:organisation")
    return render(request, "accounts/invite.html", {"form": form})


@access(MANAGES_ORGANISATION, methods=("GET", "POST"))
def change_role(request: AccountRequest, user_uuid: UUID) -> HttpResponse:
    member = member_or_404(request, user_uuid)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        try:
            changed = set_role(membership=member, role=role, by=request.membership, now=timezone.now())
        except OperationError as error:
            apply_operation_error(form, error)
        else:
            messages.success(request, f"{member.user} est maintenant {changed.get_role_display()}.")
            return redirect("accounts:organisation")
    return render(request, "accounts/change_role.html", {"form": form, "member": member})


@access(MEMBER, methods=("GET", "POST"))
def end_membership(request: AccountRequest, user_uuid: UUID) -> HttpResponse:
    """Leave the organisation or, for a manager, take someone out of it: a page that asks, then the act."""
    member = member_or_404(request, user_uuid)
    is_self = member.user_id == request.user.pk
    if not is_self and not manages(request.membership):
        raise Http404("only managers take others out")
    if request.method == "POST":
        try:
            end(membership=member, by=request.membership, now=timezone.now())
        except OperationError as error:
            messages.error(request, error.message)
            return redirect("accounts:organisation")
        done = "Vous avez quitté" if is_self else f"{member.user} ne fait plus partie de"
        messages.success(request, f"{done} {request.membership.organisation}.")
        return redirect("accounts:account" if is_self else "accounts:organisation")
    return render(request, "accounts/end_membership.html", {"member": member, "is_self": is_self})


@access(MANAGES_ORGANISATION, methods=("POST",))
def resend_invitation(request: AccountRequest, uuid: UUID) -> HttpResponse:
    try:
        resend(invitation=invitation_or_404(request, uuid), by=request.membership, now=timezone.now())
    except OperationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Une nouvelle invitation part. L’ancien lien ne sert plus.")
    return redirect("accounts:organisation")


@access(MANAGES_ORGANISATION, methods=("POST",))
def cancel_invitation(request: AccountRequest, uuid: UUID) -> HttpResponse:
    try:
        cancel(invitation=invitation_or_404(request, uuid), by=request.membership, now=timezone.now())
    except OperationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "L’invitation est annulée : son lien ne sert plus.")
    return redirect("accounts:organisation")


def member_or_404(request: AccountRequest, user_uuid: UUID) -> Membership:
    try:
        return get_member_for(request.membership, user_uuid)
    except Membership.DoesNotExist:
        raise Http404 from None


def invitation_or_404(request: AccountRequest, uuid: UUID) -> Invitation:
    try:
        return get_pending_invitation_for(request.membership, uuid)
    except Invitation.DoesNotExist:
        raise Http404 from None
