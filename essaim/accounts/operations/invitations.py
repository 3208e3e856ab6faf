"""Invitations: the only way into an organisation, by a link that expires and serves once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from essaim.accounts.enums import Role
from essaim.accounts.models import Invitation, Membership, User
from essaim.accounts.operations.members import require_manager
from essaim.accounts.operations.users import create_user
from essaim.directory.models import Organisation
from essaim.kernel.enums import Channel
from essaim.kernel.errors import OperationError
from essaim.kernel.links import new_token, token_fingerprint
from essaim.kernel.operations import prepare_message

VALIDITY = timedelta(days=7)


class InvitationError(OperationError):
    """This invitation cannot be made, sent again or cancelled."""


class InvitationClosedError(OperationError):
    """The link is wrong, expired, cancelled or already used: nobody is told which."""


@dataclass(frozen=True, slots=True)
class SentInvitation:
    """``token`` is known here and in the message only; the database keeps its fingerprint."""

    invitation: Invitation
    token: str

    @property
    def link(self) -> str:
        return f"{settings.PUBLIC_URL}{reverse('accounts:invitation', args=[self.token])}"


def invite_member(*, email: str, role: Role, by: Membership, now: datetime) -> SentInvitation:
    """Invite an address into the organisation of ``by`` and send it the link, valid seven days.

    Says nothing of whether the address has an account elsewhere. Raises MembershipError when ``by`` is not
    (any more) a manager, InvitationError (field ``email``) when it is a member already or its invitation is
    pending.
    """
    with transaction.atomic():
        require_manager(by=by)
        return _invite(by.organisation, email, role, by.user, now)


def invite_first_manager(*, organisation: Organisation, email: str, now: datetime) -> SentInvitation:
    """Invite the first manager of an organisation nobody manages, from the command line.

    Asked again for the same address, it sends a new link. Raises InvitationError when the organisation has
    members already, who invite the others.
    """
    with transaction.atomic():
        if Membership.objects.filter(organisation=organisation, until__isnull=True).exists():
            raise InvitationError("Cette organisation a déjà des membres.")
        return _invite(organisation, email, Role.MANAGER, None, now, renews=True)


def resend_invitation(*, invitation: Invitation, by: Membership, now: datetime) -> SentInvitation:
    """Send a new link, valid seven days from now; the earlier link stops working.

    Raises MembershipError when ``by`` is not a manager, InvitationError when it was accepted or cancelled.
    """
    with transaction.atomic():
        require_manager(by=by)
        return _send(_lock_pending(invitation, by), now)


def cancel_invitation(*, invitation: Invitation, by: Membership, now: datetime) -> Invitation:
    """Close an invitation: its link stops working.

    Raises MembershipError when ``by`` is not a manager, InvitationError when it was accepted or cancelled.
    """
    with transaction.atomic():
        require_manager(by=by)
        pending = _lock_pending(invitation, by)
        pending.cancelled_at = now
        pending.save(update_fields=["cancelled_at"])
        return pending


def accept_invitation(*, token: str, user: User, now: datetime) -> Membership:
    """Let the invited user, signed in with the invited address, into the organisation. The link serves once.

    Two acceptances at once make one membership. A member already keeps her role. Raises InvitationClosedError
    when the link is not open or not hers.
    """
    with transaction.atomic():
        invitation = _lock_open(token, now)
        if invitation.email != user.email:
            raise InvitationClosedError("Cette invitation a été envoyée à une autre adresse que la vôtre.")
        return _join(invitation, user, now)


def register_invited(*, token: str, first_name: str, last_name: str, password: str, now: datetime) -> Membership:
    """Create the account of the invited address, with her name and password, and let it into the
    organisation.

    Raises InvitationClosedError when the link is not open, AccountError when the address has an account
    already (she signs in first) or the password does not follow the rules.
    """
    with transaction.atomic():
        invitation = _lock_open(token, now)
        user = create_user(
            email=invitation.email, first_name=first_name, last_name=last_name, password=password, now=now
        )
        return _join(invitation, user, now)


def _invite(
    organisation: Organisation,
    email: str,
    role: Role,
    invited_by: User | None,
    now: datetime,
    *,
    renews: bool = False,
) -> SentInvitation:
    email = email.strip().lower()
    members = Membership.objects.filter(organisation=organisation, until__isnull=True)
    if members.filter(user__email=email).exists():
        raise InvitationError("Cette personne fait déjà partie de l’organisation.", field="email")
    pending = Invitation.objects.select_for_update().filter(
        organisation=organisation, email=email, accepted_at__isnull=True, cancelled_at__isnull=True
    )
    invitation = pending.first()
    if invitation is not None and invitation.expires_at > now and not renews:
        raise InvitationError("Une invitation attend déjà à cette adresse. Renvoyez-la depuis la liste.", field="email")
    if invitation is None:
        invitation = Invitation(organisation=organisation, email=email, created_at=now)
    invitation.role, invitation.invited_by = role, invited_by
    return _send(invitation, now)


def _send(invitation: Invitation, now: datetime) -> SentInvitation:
    """Give the invitation a new token and seven days, and write its message."""
    token = new_token()
    invitation.token_hash, invitation.expires_at = token_fingerprint(token), now + VALIDITY
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as fault:
        raise InvitationError("Une invitation vient de partir à cette adresse.", field="email") from fault
    sent = SentInvitation(invitation, token)
    prepare_message(
        business_key=f"accounts.invitation:{invitation.token_hash}",
        channel=Channel.EMAIL,
        recipient=invitation.email,
        subject=f"Invitation à rejoindre {invitation.organisation} sur Essaim",
        body=render_to_string("accounts/mails/invitation.txt", {"invitation": invitation, "link": sent.link}),
        about_kind="accounts.invitation",
        about_ref=str(invitation.uuid),
        holds_link=True,
        now=now,
    )
    return sent


def _lock_pending(invitation: Invitation, by: Membership) -> Invitation:
    pending = Invitation.objects.select_for_update(of=("self",)).filter(
        pk=invitation.pk,
        organisation_id=by.organisation_id,
        accepted_at__isnull=True,
        cancelled_at__isnull=True,
    )
    locked = pending.select_related("organisation").first()
    if locked is None:
        raise InvitationError("Cette invitation vient d’être acceptée ou annulée.")
    return locked


def _lock_open(token: str, now: datetime) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(token_hash=token_fingerprint(token), accepted_at__isnull=True, cancelled_at__isnull=True)
        .select_related("organisation")
        .first()
    )
    if invitation is None or invitation.expires_at <= now:
        raise InvitationClosedError("Ce lien n’est pas, ou plus, valable.")
    return invitation


def _join(invitation: Invitation, user: User, now: datetime) -> Membership:
    membership, _ = Membership.objects.get_or_create(
        user=user,
        organisation=invitation.organisation,
        until=None,
        defaults={"role": invitation.role, "since": now},
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return membership
