"""Transports: how a message leaves. ``settings.MESSAGE_TRANSPORTS`` names one function a channel.

A transport is ``deliver(message: Outgoing) -> str``, the provider's reference. It raises
``MessageRefusedError`` when the provider said no for good, ``NothingLeftError`` when nothing has left and
trying later is safe. Anything else it raises means that nobody knows: the message becomes uncertain and a
human decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a transport needs; ``uuid`` lets a provider recognise a message met again."""

    uuid: UUID
    channel: str
    recipient: str
    subject: str
    body: str


class MessageRefusedError(Exception):
    """The provider refused for good; the text is a reason without name, address or content."""


class NothingLeftError(Exception):
    """Nothing has left: trying again later cannot send twice."""


def transport_for(channel: str) -> Callable[[Outgoing], str]:
    """Return the transport set for a channel. Raises MessageRefusedError when there is none."""
    path = settings.MESSAGE_TRANSPORTS.get(channel)
    if not path:
        raise MessageRefusedError("aucun prestataire n’est réglé pour ce canal")
    transport: Callable[[Outgoing], str] = import_string(path)
    return transport
