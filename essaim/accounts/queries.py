"""Reads of the accounts: whoever asks says for whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet

from essaim.accounts.enums import Role
from essaim.accounts.models import Invitation, Membership, User
from essaim.kernel.links import token_fingerprint


def list_open_memberships(user: User) -> list[Membership]:
    """The memberships under which this user may act now, oldest first, each with its organisation."""
    return list(Membership.objects.filter(user=user, until__isnull=True).select_related("organisation").order_by("pk"))


def get_acting_membership(*, email: str, siret: str) -> Membership:
    """Return the open membership under which this account acts for the organisation with this SIRET, whatever the
    case of the address and the spaces of the number. Raises Membership.DoesNotExist.
    """
    open_ones = Membership.objects.select_related("user", "organisation").filter(until=None, user__is_active=True)
    digits = "".join(siret.split())
    if not digits:
        raise Membership.DoesNotExist
    return open_ones.get(organisation__siret=digits, organisation__origin="local", user__email__iexact=email.strip())


def list_members_for(viewer: Membership) -> QuerySet[Membership]:
    """The open memberships of the viewer's organisation, each with its user: her colleagues and herself."""
    return (
        Membership.objects.filter(organisation_id=viewer.organisation_id, until__isnull=True)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


def get_member_for(viewer: Membership, user_uuid: UUID) -> Membership:
    """The open membership of this user in the viewer's organisation. Raises Membership.DoesNotExist."""
    return list_members_for(viewer).get(user__uuid=user_uuid)


def list_pending_invitations_for(viewer: Membership) -> QuerySet[Invitation]:
    """The invitations of the viewer's organisation neither accepted nor cancelled, expired ones included.

    None at all for who does not manage it.
    """
    pending = Invitation.objects.filter(
        organisation_id=viewer.organisation_id, accepted_at__isnull=True, cancelled_at__isnull=True
    )
    return pending.order_by("-created_at", "pk") if viewer.role == Role.MANAGER else pending.none()


def get_pending_invitation_for(viewer: Membership, uuid: UUID) -> Invitation:
    """One of ``list_pending_invitations_for``. Raises Invitation.DoesNotExist."""
    return list_pending_invitations_for(viewer).get(uuid=uuid)


def get_open_invitation(token: str, now: datetime) -> Invitation:
    """The invitation of this link if it can still be accepted. Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("organisation", "invited_by").get(
        token_hash=token_fingerprint(token),
        accepted_at__isnull=True,
        cancelled_at__isnull=True,
        expires_at__gt=now,
    )


def has_account(invitation: Invitation) -> bool:
    """Whether the invited address already has an account. Asked only of who holds the link."""
    return User.objects.filter(email=invitation.email).exists()


def get_user_by_password_link(user_uuid: UUID, token: str) -> User:
    """The active user this link was sent to, while it is valid. Raises User.DoesNotExist."""
    user = User.objects.get(uuid=user_uuid, is_active=True)
    if not default_token_generator.check_token(user, token):
        raise User.DoesNotExist
    return user


def count_users() -> int:
    """How many accounts this instance has; for the operator's commands."""
    return User.objects.count()


def known_emails(emails: Iterable[str]) -> set[str]:
    """Return those of these addresses that have an account; for the operator's commands only."""
    return set(User.objects.filter(email__in=list(emails)).values_list("email", flat=True))
