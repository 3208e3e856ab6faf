"""E-mail by Django's mail backend (``EMAIL_URL``)."""

import smtplib

from django.core.mail import EmailMessage, get_connection

from essaim.kernel.messages import MessageRefusedError, NothingLeftError, Outgoing

_PERMANENT = 500


def deliver(message: Outgoing) -> str:
    """Hand the message over to the mail server and return its Message-ID, always the same for the same
    message.

    Raises NothingLeftError when the server cannot be reached or asks to come back later, MessageRefusedError
    when it refuses for good; a connection cut while handing over is left as it is: nobody knows.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        raise NothingLeftError("serveur de courriel injoignable") from fault
    message_id = f"<{message.uuid}@essaim>"
    mail = EmailMessage(
        subject=" ".join(message.subject.split()),
        body=message.body,
        to=[message.recipient],
        headers={"Message-ID": message_id},
        connection=connection,
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        _raise_refusal(max(code for code, _ in fault.recipients.values()), fault)
    except smtplib.SMTPResponseException as fault:
        _raise_refusal(fault.smtp_code, fault)
    finally:
        connection.close()
    return message_id


def _raise_refusal(code: int, fault: Exception) -> None:
    if code >= _PERMANENT:
        raise MessageRefusedError(f"refusé par le serveur de courriel ({code})") from fault
    raise NothingLeftError(f"le serveur de courriel demande de réessayer ({code})") from fault
