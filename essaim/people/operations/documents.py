"""Files about a person: kept when their content is what it says, given back by one view, removed for good."""

import hashlib
from datetime import date, datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from essaim.accounts.models import Membership
from essaim.kernel.errors import OperationError
from essaim.people.engine.filetypes import LARGEST_FILE, FileFault, recognise
from essaim.people.enums import SENSITIVE_DOCUMENTS, DocumentKind
from essaim.people.models import Document, Person
from essaim.people.permissions import is_of_referent_team
from essaim.people.queries import scope_for

MEGABYTE = 1024 * 1024
# What each fault of the engine means to the person who chose the file.
WORDS = {
    FileFault.EMPTY: "Ce fichier est vide.",
    FileFault.TOO_LARGE: f"Ce fichier dépasse {LARGEST_FILE // MEGABYTE} Mo : choisissez-en un plus léger.",
    FileFault.UNKNOWN: "Ce type de fichier n’est pas accepté. Choisissez un PDF, une image (JPEG, PNG, WebP), un"
    " document Word (DOCX) ou LibreOffice (ODT).",
    FileFault.MACROS: "Ce document contient des macros. Enregistrez-le en PDF, puis choisissez le PDF.",
    FileFault.BOMB: "Ce document, une fois ouvert, serait démesuré. Enregistrez-le en PDF, puis choisissez le PDF.",
    FileFault.DAMAGED: "Ce fichier est abîmé ou protégé par un mot de passe : il ne s’ouvrirait pas.",
    FileFault.DOUBLE: "Ce fichier en cache un autre. Enregistrez-le en PDF, puis choisissez le PDF.",
}


class DocumentRefused(OperationError):  # noqa: N818 - the words of the screen
    """A document that may not be kept or removed."""


def store_document(
    *,
    person: Person,
    kind: str,
    title: str,
    upload: "File[bytes] | bytes",
    valid_until: date | None = None,
    is_sensitive: bool = False,
    by: Membership,
    now: datetime,
) -> Document:
    """Keep a file in a person's file; its type is read from its content, never from its name.

    Health papers are for the referent team whatever ``is_sensitive`` says. Refused (DocumentRefused): a file that
    ``by`` does not see, a sensitive paper from outside the referent team, an unknown kind, no title, a content that is
    empty, larger than ``LARGEST_FILE`` bytes or not one of the types of ``engine.filetypes``.
    """
    scope = scope_for(by, person)
    sensitive = is_sensitive or kind in SENSITIVE_DOCUMENTS
    if scope is None:
        raise DocumentRefused("Ce dossier ne vous est pas ouvert.")
    if sensitive and not is_of_referent_team(scope):
        raise DocumentRefused("Seule l’équipe référente garde ce document.", field="is_sensitive")
    if kind not in DocumentKind.values:
        raise DocumentRefused("Choisissez la nature du document.", field="kind")
    words = " ".join(title.split())[:120] or str(DocumentKind(kind).label).capitalize()
    content = upload if isinstance(upload, bytes) else upload.read(LARGEST_FILE + 1)
    found = recognise(content)
    if isinstance(found, FileFault):
        raise DocumentRefused(WORDS[found], field="upload")
    with transaction.atomic():
        document = Document(
            person=person,
            organisation_id=by.organisation_id,
            kind=kind,
            title=words,
            content_type=found.content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            is_sensitive=sensitive,
            valid_until=valid_until,
            uploaded_at=now,
            uploaded_by=by.user,
        )
        document.file.save("", ContentFile(content), save=True)
    return document


@transaction.atomic
def delete_document(*, document: Document, by: Membership, now: datetime) -> None:
    """Remove a document for good; its file leaves the storage once the removal is certain.

    Refused (DocumentRefused): outside the referent team, a scan that a signed commitment points to.
    """
    if not is_of_referent_team(scope_for(by, document.person)):
        raise DocumentRefused("Seule l’équipe référente supprime un document.")
    name = str(document.file.name)
    try:
        document.delete()
    except ProtectedError as used:
        raise DocumentRefused("Ce document prouve un engagement signé : il reste au dossier.") from used
    transaction.on_commit(lambda: default_storage.delete(name))
