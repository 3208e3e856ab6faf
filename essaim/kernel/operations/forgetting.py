"""Nothing is left, in messages and links, of someone whose identity is erased."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Func, Q, Value

from essaim.kernel.models import AnswerLink, Message


@transaction.atomic
def forget_correspondence(*, refs: Iterable[str], recipients: Iterable[str], names: Iterable[str]) -> int:
    """Delete the messages about these public references, sent to these addresses or naming these people, and the
    links about them or a part of them (« reference:part ») with their answers. The files of the development outbox go
    once it is committed.

    Returns how many messages were deleted. Empty addresses and names are left aside.
    """
    refs = set(refs)
    wanted = Q(about_ref__in=refs) | Q(recipient__in={recipient for recipient in recipients if recipient})
    for name in names:
        if name.strip():
            wanted |= Q(subject__icontains=name) | Q(body__icontains=name)
    messages = Message.objects.filter(wanted)
    files = [f"{channel}-{uuid}" for channel, uuid in messages.values_list("channel", "uuid")]
    about = Func(F("subject_ref"), Value(":"), Value(1), function="split_part", output_field=CharField())
    AnswerLink.objects.alias(about=about).filter(about__in=refs).delete()
    deleted = len(files)
    messages.delete()
    transaction.on_commit(lambda: _clear_outbox(files))
    return deleted


def _clear_outbox(files: list[str]) -> None:
    for name in files:
        for suffix in (".txt", ".part"):
            (Path(settings.OUTBOX_DIR) / name).with_suffix(suffix).unlink(missing_ok=True)
