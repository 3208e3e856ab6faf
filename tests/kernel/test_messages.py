import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from essaim.kernel.enums import Channel, MessageState
from essaim.kernel.messages import MessageRefusedError, NothingLeftError
from essaim.kernel.models import Message
from essaim.kernel.operations import (
    MessageError,
    decide_uncertain_message,
    dispatch_message,
    note_message_outcome,
    prepare_message,
    settle_interrupted_messages,
)
from essaim.kernel.operations.messages import LONGEST_SENDING, MOST_ATTEMPTS
from essaim.kernel.queries import list_messages_about, list_messages_to_decide
from essaim.kernel.tasks import send_message
from essaim.kernel.tasks import settle_interrupted_messages as settle_interrupted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db
calls = []


@pytest.fixture(autouse=True)
def outbox(db, settings, tmp_path):
    """Its own outbox; no jobs left by others (the queue's tables are not Django's to empty)."""
    calls.clear()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MESSAGE_TRANSPORTS = {"email": "essaim.kernel.messages.file_sink.deliver"}
    return settings.OUTBOX_DIR


def use(settings, name):
    settings.MESSAGE_TRANSPORTS = {"email": f"{__name__}.{name}"}


def deliver_seeing_the_state(message):
    calls.append(Message.objects.get(uuid=message.uuid).state)
    assert not transaction.get_connection().in_atomic_block
    return "provider-1"


def refuse(message):
    raise MessageRefusedError("adresse inconnue")


def unreachable(message):
    calls.append(message.uuid)
    raise NothingLeftError("serveur injoignable")


def cut(message):
    raise ConnectionResetError


def die(message):
    raise KeyboardInterrupt


def prepare(**changes):
    given = {
        "business_key": "accounts.invitation:1",
        "channel": Channel.EMAIL,
        "recipient": "a@exemple.fr",
        "subject": "Bienvenue",
        "body": "Bonjour,",
        "about_kind": "invitation",
        "about_ref": "1",
        "now": NOW,
    }
    return prepare_message(**(given | changes))


def dispatch(message):
    return dispatch_message(message_id=message.pk, clock=lambda: NOW)


def states(message):
    return [step.state for step in message.steps.all()]


def test_the_same_business_key_is_prepared_and_planned_once():
    first, second = prepare(), prepare(body="autre")
    assert first == second and Message.objects.get().body == "Bonjour,"
    job = ProcrastinateJob.objects.get()
    assert job.task_name == "kernel.send_message" and job.args == {"message_id": first.pk}
    assert list(list_messages_about("invitation", "1")) == [first]


def test_a_rolled_back_change_sends_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        prepare()
        1 / 0  # noqa: B018
    assert not Message.objects.exists() and not ProcrastinateJob.objects.exists()


def test_development_writes_a_file(outbox: Path):
    message = prepare()
    assert dispatch(message) == MessageState.SENT
    assert (outbox / f"email-{message.uuid}.txt").read_text() == "À : a@exemple.fr\nObjet : Bienvenue\n\nBonjour,\n"
    assert dispatch(message) == MessageState.SENT
    assert states(message) == ["preparing", "sending", "sent"]


@pytest.mark.django_db(transaction=True)
def test_sending_is_committed_before_the_provider_is_called(settings):
    use(settings, "deliver_seeing_the_state")
    message = prepare()
    assert dispatch(message) == MessageState.SENT
    assert calls == ["sending"]
    message.refresh_from_db()
    assert message.provider_ref == "provider-1"


@pytest.mark.django_db(transaction=True)
def test_a_crash_while_sending_ends_uncertain_and_never_sends_twice(settings):
    use(settings, "die")
    message = prepare()
    with pytest.raises(KeyboardInterrupt):
        dispatch(message)
    use(settings, "deliver_seeing_the_state")
    assert dispatch(message) == MessageState.SENDING and not calls
    assert settle_interrupted_messages(now=NOW + LONGEST_SENDING) == 0
    assert settle_interrupted_messages(now=NOW + LONGEST_SENDING + timedelta(seconds=1)) == 1
    assert dispatch(message) == MessageState.UNCERTAIN and not calls
    assert list(list_messages_to_decide()) == [message]


def test_a_human_decides_of_an_uncertain_message(settings):
    use(settings, "cut")
    left, lost = prepare(), prepare(business_key="accounts.invitation:2")
    assert dispatch(left) == dispatch(lost) == MessageState.UNCERTAIN
    assert decide_uncertain_message(message=left, was_sent=True, now=NOW).state == MessageState.SENT
    assert decide_uncertain_message(message=lost, was_sent=False, now=NOW).state == MessageState.PREPARING
    assert ProcrastinateJob.objects.filter(args={"message_id": lost.pk}).count() == 2
    with pytest.raises(MessageError):
        decide_uncertain_message(message=left, was_sent=False, now=NOW)


def test_a_refusal_is_final_and_says_why(settings):
    use(settings, "refuse")
    message = prepare()
    assert dispatch(message) == MessageState.FAILED
    assert message.steps.last().reason == "adresse inconnue"


def test_a_channel_without_provider_fails_plainly():
    message = prepare(channel=Channel.SMS)
    assert dispatch(message) == MessageState.FAILED


def test_while_nothing_left_it_is_tried_again_then_fails(settings):
    use(settings, "unreachable")
    message = prepare()
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(NothingLeftError):
            dispatch(message)
    assert dispatch(message) == MessageState.FAILED
    assert len(calls) == MOST_ATTEMPTS


def test_the_text_of_a_message_holding_a_link_is_erased_once_sent():
    message = prepare(holds_link=True)
    assert dispatch(message) == MessageState.SENT
    message.refresh_from_db()
    assert message.body == ""


def test_what_came_of_a_message_is_noted():
    message = prepare()
    with pytest.raises(MessageError):
        note_message_outcome(message=message, state=MessageState.DELIVERED, now=NOW)
    dispatch(message)
    note_message_outcome(message=message, state=MessageState.DELIVERED, now=NOW)
    note_message_outcome(message=message, state=MessageState.ANSWERED, now=NOW)
    assert states(message)[-2:] == ["delivered", "answered"]


def test_email_leaves_with_one_identifier(settings):
    settings.MESSAGE_TRANSPORTS = {"email": "essaim.kernel.messages.smtp.deliver"}
    message = prepare(subject="Deux\nlignes")
    assert dispatch(message) == MessageState.SENT
    assert mail.outbox[0].subject == "Deux lignes"
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{message.uuid}@essaim>"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@exemple.fr": (550, b"no")}), MessageState.FAILED),
        (smtplib.SMTPDataError(554, b"no"), MessageState.FAILED),
        (smtplib.SMTPServerDisconnected(), MessageState.UNCERTAIN),
        (TimeoutError(), MessageState.UNCERTAIN),
        (smtplib.SMTPDataError(451, b"later"), NothingLeftError),
    ],
)
def test_what_the_mail_server_says_decides(settings, monkeypatch, fault, state):
    settings.MESSAGE_TRANSPORTS = {"email": "essaim.kernel.messages.smtp.deliver"}

    def send(self, fail_silently=False):
        raise fault

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    message = prepare()
    if state is NothingLeftError:
        with pytest.raises(NothingLeftError):
            dispatch(message)
    else:
        assert dispatch(message) == state


def test_the_task_of_the_worker_sends_and_the_periodic_one_settles(outbox: Path):
    message = prepare()
    send_message(message_id=message.pk)
    message.refresh_from_db()
    assert message.state == MessageState.SENT and len(list(outbox.iterdir())) == 1
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING, state_at=NOW - timedelta(days=900))
    settle_interrupted(timestamp=0)
    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
