"""Messages: written with the change that causes them, sent once, their fate known or said unknown."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from essaim.kernel.enums import Channel, MessageState
from essaim.kernel.errors import OperationError
from essaim.kernel.messages import MessageRefusedError, NothingLeftError, Outgoing, transport_for
from essaim.kernel.models import Message, MessageStep
from essaim.kernel.tasks import send_message

MOST_ATTEMPTS = 5
# Longer than any transport waits: what is still `sending` after it was cut by a crash.
LONGEST_SENDING = timedelta(minutes=15)

_FOLLOWING_STATES = {
    MessageState.SENT: {MessageState.DELIVERED, MessageState.FAILED, MessageState.ANSWERED},
    MessageState.DELIVERED: {MessageState.ANSWERED},
    MessageState.UNCERTAIN: {MessageState.DELIVERED, MessageState.ANSWERED},
}


class MessageError(OperationError):
    """This message is not in a state that allows it."""


def prepare_message(
    *,
    business_key: str,
    channel: Channel,
    recipient: str,
    body: str,
    subject: str = "",
    about_kind: str = "",
    about_ref: str = "",
    holds_link: bool = False,
    now: datetime,
) -> Message:
    """Write a message and plan its sending, in the transaction of the operation that causes it.

    ``business_key`` says what it is for ("accounts.invitation:42"): met again, the first message is returned
    and nothing is sent twice. ``holds_link`` erases the text once sent, so that no open link stays readable
    here. Raises ValueError without key or recipient.
    """
    if not business_key or not recipient:
        raise ValueError("a message needs a business key and a recipient")
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            business_key=business_key,
            defaults={
                "channel": channel,
                "recipient": recipient,
                "subject": subject,
                "body": body,
                "holds_link": holds_link,
                "about_kind": about_kind,
                "about_ref": about_ref,
                "created_at": now,
                "state_at": now,
            },
        )
        if is_new:
            MessageStep.objects.create(message=message, state=MessageState.PREPARING, at=now)
            send_message.defer(message_id=message.pk)
        return message


def dispatch_message(*, message_id: int, clock: Callable[[], datetime]) -> MessageState:
    """Send one message and return its state. Called by the worker, never inside a transaction.

    ``sending`` is committed before the provider is called, so that a crash in between leaves a trace and
    never a second sending: only ``preparing`` messages leave. Raises NothingLeftError, for the task to be
    tried again, while nothing has left and fewer than MOST_ATTEMPTS were made.
    """
    message = _start_sending(message_id, clock())
    if message is None:
        return MessageState(Message.objects.values_list("state", flat=True).get(pk=message_id))
    outgoing = Outgoing(message.uuid, message.channel, message.recipient, message.subject, message.body)
    try:
        provider_ref = transport_for(message.channel)(outgoing)
    except MessageRefusedError as refusal:
        return _finish(message_id, MessageState.FAILED, clock(), reason=str(refusal))
    except NothingLeftError as fault:
        attempts = MessageStep.objects.filter(message_id=message_id, state=MessageState.SENDING).count()
        if attempts >= MOST_ATTEMPTS:
            return _finish(message_id, MessageState.FAILED, clock(), reason=str(fault))
        _finish(message_id, MessageState.PREPARING, clock(), reason=str(fault))
        raise
    except Exception as fault:
        return _finish(message_id, MessageState.UNCERTAIN, clock(), reason=type(fault).__name__)
    return _finish(message_id, MessageState.SENT, clock(), provider_ref=provider_ref)


def settle_interrupted_messages(*, now: datetime) -> int:
    """Say uncertain of every message a crash left ``sending``; return how many. None is sent again."""
    limit = now - LONGEST_SENDING
    with transaction.atomic():
        cut = Message.objects.select_for_update(skip_locked=True).filter(state=MessageState.SENDING, state_at__lt=limit)
        messages = list(cut)
        for message in messages:
            _enter(message, MessageState.UNCERTAIN, now, reason="envoi interrompu")
    return len(messages)


def decide_uncertain_message(*, message: Message, was_sent: bool, now: datetime) -> Message:
    """Write what a human found out about an uncertain message: it left, or it is sent again.

    Raises MessageError when it is not uncertain (any more), or when its text was erased and cannot leave
    again.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message.pk)
        if message.state != MessageState.UNCERTAIN:
            raise MessageError("Ce message n’est pas, ou plus, incertain.")
        if was_sent:
            _enter(message, MessageState.SENT, now, reason="confirmé à la main")
        else:
            _enter(message, MessageState.PREPARING, now, reason="à renvoyer")
            send_message.defer(message_id=message.pk)
        return message


def note_message_outcome(*, message: Message, state: MessageState, now: datetime, reason: str = "") -> Message:
    """Write what came of a message that left: delivered, failed, or answered. Raises MessageError if it
    cannot be.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message.pk)
        if state not in _FOLLOWING_STATES.get(MessageState(message.state), set()):
            raise MessageError("Ce message n’est pas dans un état qui le permet.")
        _enter(message, state, now, reason=reason)
        return message


def _start_sending(message_id: int, now: datetime) -> Message | None:
    """Commit ``sending`` and return the message, or None when it is not to be sent."""
    with transaction.atomic(durable=True):
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != MessageState.PREPARING:
            return None
        _enter(message, MessageState.SENDING, now)
        return message


def _finish(
    message_id: int, state: MessageState, now: datetime, *, reason: str = "", provider_ref: str = ""
) -> MessageState:
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state in {MessageState.SENDING, MessageState.UNCERTAIN}:
            message.provider_ref = provider_ref[:200]
            _enter(message, state, now, reason=reason)
        return MessageState(message.state)


def _enter(message: Message, state: MessageState, now: datetime, *, reason: str = "") -> None:
    message.state, message.state_at = state, now
    if message.holds_link and state in {MessageState.SENT, MessageState.FAILED}:
        message.body = ""
    message.save(update_fields=["state", "state_at", "body", "provider_ref"])
    MessageStep.objects.create(message=message, state=state, at=now, reason=reason[:200])
