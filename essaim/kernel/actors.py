"""Who acts, as the layers under ``accounts`` may know it: by shape, without importing it."""

from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest


class SignedIn(Protocol):
    """The shape of ``accounts.User``."""

    uuid: UUID


class Actor(Protocol):
    """The shape of ``accounts.Membership``: ``by`` and ``viewer`` in this app and in ``directory``."""

    user: Any
    organisation_id: int
    role: str


class MemberRequest(HttpRequest):
    """A request that passed an access rule, as views annotate it: signed in, acting under a membership.

    Only a type: Django builds plain requests and the middleware of ``accounts`` sets the two attributes.
    """

    user: Any
    membership: Any
