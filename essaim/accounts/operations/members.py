"""Who belongs to an organisation, in which role. An organisation never loses its last manager."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership, User
from essaim.directory.models import Organisation
from essaim.kernel.errors import OperationError


class MembershipError(OperationError):
    """This change of the members of the organisation is refused."""


def create_first_manager(*, organisation: Organisation, user: User, now: datetime) -> Membership:
    """Make ``user`` the manager of an organisation that has none: the only membership that nobody invites.

    Raises MembershipError when the organisation already has a manager: she invites the others.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        if _open_managers(organisation.pk):
            raise MembershipError("Cette organisation a déjà un responsable, qui invite les autres membres.")
        return Membership.objects.create(user=user, organisation=organisation, role=Role.MANAGER, since=now)


def change_role(*, membership: Membership, role: Role, by: Membership, now: datetime) -> Membership:
    """End the membership and open another with the new role, so that its history stays. Return the open one.

    Raises MembershipError when ``by`` is no longer a manager of this organisation, when the membership has
    ended meanwhile, or when the last manager would be lost (field ``role``).
    """
    with transaction.atomic():
        managers = _open_managers(membership.organisation_id)
        current = _lock_open(membership)
        if by.pk not in managers:
            raise MembershipError("Seul un responsable de l’organisation peut changer un rôle.")
        if current.role == role:
            return current
        _keep_a_manager(current, managers)
        _end(current, now)
        return Membership.objects.create(
            user_id=current.user_id, organisation_id=current.organisation_id, role=role, since=now
        )


def end_membership(*, membership: Membership, by: Membership, now: datetime) -> Membership:
    """End a membership, one's own or, for a manager, anyone's in her organisation. It gives no access any
    more.

    When it was the user's last one, all her sessions end. Two managers who end each other's membership at
    once: one succeeds, the other is told. Raises MembershipError when ``by`` may not, when it has already
    ended, or when the last manager would be lost.
    """
    with transaction.atomic():
        managers = _open_managers(membership.organisation_id)
        current = _lock_open(membership)
        if by.pk not in managers and by.pk != current.pk:
            raise MembershipError("Seul un responsable de l’organisation peut retirer un membre.")
        _keep_a_manager(current, managers)
        _end(current, now)
        User.objects.select_for_update().get(pk=current.user_id)
        if not Membership.objects.filter(user_id=current.user_id, until__isnull=True).exists():
            User.objects.filter(pk=current.user_id).update(session_epoch=F("session_epoch") + 1)
        return current


def require_manager(*, by: Membership) -> None:
    """Check that ``by`` is still a manager, until the transaction ends. Raises MembershipError."""
    if by.pk not in _open_managers(by.organisation_id):
        raise MembershipError("Seul un responsable de l’organisation peut inviter.")


def _open_managers(organisation_id: int) -> set[int]:
    """Lock the open managers of an organisation, always in the same order; return their membership ids."""
    rows = Membership.objects.select_for_update().filter(
        organisation_id=organisation_id, role=Role.MANAGER, until__isnull=True
    )
    return {membership.pk for membership in rows.order_by("pk")}


def _lock_open(membership: Membership) -> Membership:
    current = Membership.objects.select_for_update().filter(pk=membership.pk, until__isnull=True).first()
    if current is None:
        raise MembershipError("Cette personne ne fait plus partie de l’organisation, ou son rôle vient de changer.")
    return current


def _keep_a_manager(membership: Membership, managers: set[int]) -> None:
    if managers == {membership.pk}:
        raise MembershipError(
            "C’est la seule personne responsable de l’organisation. Nommez d’abord un autre responsable.",
            field="role",
        )


def _end(membership: Membership, now: datetime) -> None:
    membership.until = max(now, membership.since)
    membership.save(update_fields=["until"])
