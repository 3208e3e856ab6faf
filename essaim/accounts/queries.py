"""Reads of the accounts: whoever asks says for whom."""

from essaim.accounts.models import Membership, User


def list_open_memberships(user: User) -> list[Membership]:
    """The memberships under which this user may act now, oldest first, each with its organisation."""
    return list(
        Membership.objects.filter(user=user, until__isnull=True).select_related("organisation").order_by("pk")
    )
