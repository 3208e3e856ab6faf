"""Files of imports waiting for an answer: they name people."""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction

from essaim.directory.models import Organisation
from essaim.people.models import PersonImport


@transaction.atomic
def discard_drafts(*, organisations: Iterable[Organisation]) -> int:
    """Drop the files of the imports that these organisations have not finished: an erased person may be in one.

    The rows stay, without their file. Returns how many were dropped; the storage is emptied once committed.
    """
    drafts = PersonImport.objects.select_for_update().filter(organisation__in=organisations).exclude(file="")
    names = list(drafts.values_list("file", flat=True))
    drafts.update(file="", file_name="effacé")
    transaction.on_commit(lambda: _remove(names))
    return len(names)


def _remove(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
