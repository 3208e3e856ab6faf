"""The transport of development: each message is a text file of ``settings.OUTBOX_DIR``, and nothing leaves."""

from pathlib import Path

from django.conf import settings

from essaim.kernel.messages import Outgoing


def deliver(message: Outgoing) -> str:
    """Write the message as ``<channel>-<uuid>.txt``, complete or not at all. Return the name of the file."""
    outbox = Path(settings.OUTBOX_DIR)
    outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = outbox / f"{message.channel}-{message.uuid}.txt"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(f"À : {message.recipient}\nObjet : {message.subject}\n\n{message.body}\n", encoding="utf-8")
    unfinished.replace(path)
    return path.name
