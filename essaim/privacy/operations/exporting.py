"""The copy of her data that a person asks for."""

import io
import json
import zipfile
from datetime import datetime
from mimetypes import guess_extension
from pathlib import Path

from django.template.loader import render_to_string

from essaim.accounts.models import Membership
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.privacy.permissions import is_referent_of
from essaim.privacy.queries.export import Section, list_document_files, list_sections
from essaim.privacy.queries.reach import kept_file

STYLE = Path(__file__).resolve().parents[1] / "static" / "privacy" / "export.css"


class ExportRefused(OperationError):  # noqa: N818 - the words of the screen
    """A copy that may not be made."""


def export_person(*, person: Person, by: Membership | None, now: datetime) -> bytes:
    """Return a ZIP of everything kept about the person: a page to read and print, raw data, her documents.

    Files merged into hers are in it; nobody else is named but professionals. ``by`` is None for the operator.
    Refused (ExportRefused): someone outside the referent team, an identity already erased.
    """
    person = kept_file(person)
    if by is not None and not is_referent_of(by, person):
        raise ExportRefused("Seule l’équipe référente remet à la personne la copie de ses données.")
    if person.erased_at is not None:
        raise ExportRefused("L’identité de cette personne est effacée : il n’y a plus rien à lui remettre.")
    sections = list_sections(person)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        names = _add_documents(archive, person)
        context = {
            "person": person,
            "sections": sections,
            "documents": names,
            "now": now,
            "organisation": person.referent_organisation,
        }
        archive.writestr("index.html", render_to_string("privacy/export.html", context))
        archive.writestr("style.css", STYLE.read_text(encoding="utf-8"))
        archive.writestr("donnees.json", _as_json(person, sections, now))
    return packed.getvalue()


def _add_documents(archive: zipfile.ZipFile, person: Person) -> list[str]:
    names = []
    for name, stored, content_type in list_document_files(person):
        full = f"{name}{guess_extension(content_type) or ''}".replace("/", "-")
        with stored.open("rb") as content:
            archive.writestr(f"documents/{full}", content.read())
        names.append(full)
    return names


def _as_json(person: Person, sections: list[Section], now: datetime) -> str:
    document = {
        "person": person.code,
        "made_at": now.isoformat(),
        "data": {section.key: [line.values for line in section.lines] for section in sections},
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
