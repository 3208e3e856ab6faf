"""Imports prepared on the screens: a file kept for a day at most, its columns, then one import and no more."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from essaim.accounts.models import Membership
from essaim.people.engine.import_columns import ColumnsError, columns_digest, place_chosen
from essaim.people.models import ImportMapping, PersonImport
from essaim.people.operations.imports import ImportRefused, ImportReport, import_people
from essaim.people.permissions import works_with_people
from essaim.people.queries.imports import FileRefusedError, read_draft, read_headings

KEPT = timedelta(hours=24)
LARGEST_FILE = 10 * 1024 * 1024  # bytes; larger ones go by the command
FOLDER = "imports"


def start_import(*, content: bytes, file_name: str, by: Membership, now: datetime) -> PersonImport:
    """Keep a file until it is imported or given up, ``KEPT`` at most.

    Refused (ImportRefused, on ``file``): a role that does not work with people, a file that is empty, too large,
    or cannot be read.
    """
    if not works_with_people(by):
        raise ImportRefused("Votre rôle ne donne pas accès aux dossiers des personnes.")
    if len(content) > LARGEST_FILE:
        largest = LARGEST_FILE // 1024 // 1024
        raise ImportRefused(f"Ce fichier dépasse {largest} Mo. Partagez-le en plusieurs fichiers.", field="file")
    try:
        read_headings(content)
    except FileRefusedError as refusal:
        raise ImportRefused(str(refusal), field="file", refused=refusal.refused) from None
    draft = PersonImport(organisation_id=by.organisation_id, by=by.user, created_at=now)
    draft.file_name = PurePath(file_name).name[:120] or "fichier"
    draft.file.save("", ContentFile(content), save=False)
    draft.save()
    return draft


@transaction.atomic
def map_columns(*, draft: PersonImport, columns: Sequence[str], by: Membership, now: datetime) -> PersonImport:
    """Say which field each column is, remember it for the next file with these columns, and try the import.

    The draft then holds what the import would do. Refused (ImportRefused): columns that cannot be read so, a
    draft already imported or gone.
    """
    locked = _locked_draft(draft)
    content = _content_of(locked)
    headings = read_headings(content)
    try:
        place_chosen(headings, columns)
    except ColumnsError as error:
        raise ImportRefused(" ".join(fault.message for fault in error.faults)) from None
    ImportMapping.objects.update_or_create(
        organisation_id=locked.organisation_id,
        columns_digest=columns_digest(headings),
        defaults={"mapping": list(columns), "used_at": now},
    )
    locked.mapping = list(columns)
    _keep(locked, import_people(content=content, mapping=locked.mapping, dry_run=True, by=by, now=now))
    locked.save()
    return locked


@transaction.atomic
def confirm_import(*, draft: PersonImport, by: Membership, now: datetime) -> PersonImport:
    """Import the file of a draft, once: confirmed again, or twice at once, it returns what the first import did.

    The file is then deleted; only the counts and the refused lines remain. Refused as ``import_people``, and
    (ImportRefused) a draft whose columns were not said, or gone.
    """
    locked = PersonImport.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is not None and locked.done_at is not None:
        return locked
    locked = _locked_draft(draft)
    if not locked.mapping:
        raise ImportRefused("Indiquez d’abord ce que contient chaque colonne.")
    content = _content_of(locked)
    _keep(locked, import_people(content=content, mapping=locked.mapping, by=by, now=now))
    locked.done_at = now
    # The name someone gave to her file may be a person's.
    locked.file_name = f"fichier{PurePath(locked.file_name).suffix.lower()[:8]}"
    _forget_file(locked)
    locked.save()
    return locked


@transaction.atomic
def cancel_import(*, draft: PersonImport, by: Membership, now: datetime) -> None:
    """Give up a draft: it is deleted with its file. Refused (ImportRefused) once imported; gone, nothing to do."""
    locked = PersonImport.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        return
    if locked.done_at is not None:
        raise ImportRefused("Ce fichier est déjà importé.")
    _forget_file(locked)
    locked.delete()


def forget_import_drafts(*, now: datetime) -> int:
    """Delete the drafts older than ``KEPT`` with their files, and the files that no draft claims. Return how
    many drafts.
    """
    with transaction.atomic():
        old = list(PersonImport.objects.select_for_update().filter(done_at=None, created_at__lte=now - KEPT))
        for draft in old:
            _forget_file(draft)
            draft.delete()
    claimed = set(PersonImport.objects.exclude(file="").values_list("file", flat=True))
    for name in _stored_names():
        if name not in claimed and default_storage.get_modified_time(name) <= now - KEPT:
            default_storage.delete(name)
    return len(old)


def _content_of(draft: PersonImport) -> bytes:
    try:
        return read_draft(draft)
    except FileRefusedError as gone:
        raise ImportRefused(str(gone)) from None


def _locked_draft(draft: PersonImport) -> PersonImport:
    locked = PersonImport.objects.select_for_update().filter(pk=draft.pk, done_at=None).first()
    if locked is None:
        raise ImportRefused("Cet import est déjà fait, ou abandonné.")
    return locked


def _keep(draft: PersonImport, report: ImportReport) -> None:
    draft.created, draft.updated, draft.unchanged = report.created, report.updated, report.unchanged
    draft.refused = [asdict(row) for row in report.refused]


def _forget_file(draft: PersonImport) -> None:
    name, draft.file.name = draft.file.name, ""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _stored_names() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []
