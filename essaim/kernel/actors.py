"""Who acts, as the layers under ``accounts`` may know it: the shape of ``accounts.Membership``, without
importing it.
"""

from typing import Any, Protocol
from uuid import UUID


class SignedIn(Protocol):
    """The shape of ``accounts.User``."""

    uuid: UUID


class Actor(Protocol):
    """The shape of ``accounts.Membership``: what ``by`` and ``viewer`` are in this app and in ``directory``.
    """

    user: Any
    organisation_id: int
    role: str
