"""Everything that is kept about a person, for her: rows in words, raw values, documents; nobody else's data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db.models import BooleanField, Field, ForeignKey, Model, Q, QuerySet
from django.utils.text import slugify

from essaim.accounts.models import ReadAudit, User
from essaim.agenda.models import Room
from essaim.directory.models import Commune, Organisation
from essaim.guide.models import Practice
from essaim.journal.models import Action, Fact, Session
from essaim.journeys.models import Group
from essaim.kernel.days import paris_day
from essaim.kernel.formats import clock, long_day
from essaim.kernel.models import Message
from essaim.people.models import Document, Person
from essaim.privacy.queries.reach import files_of, lookups_to_person, personal_models, rows_about

# What may be named beside her: professionals, structures, places, actions. Anyone else is left out.
NAMED = (User, Organisation, Commune, Room, Group, Action, Session, Practice)
# Keys of the machine, and copies of what other columns say.
UNSAID = {"id", "version", "search_key", "moved", "content_digest", "sha256", "file", "at_text"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: (label, words) pairs to read, and the raw values by column."""

    words: list[tuple[str, str]]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Every row of one nature."""

    key: str
    title: str
    lines: list[Line]


def list_sections(person: Person) -> list[Section]:
    """Return everything kept about the person, model by model: her file, her parcours, her facts, who read it."""
    keys = files_of(person)
    files = Person.objects.filter(pk__in=keys).order_by("pk")
    sections = [_section(Person, files)]
    sections += [_section(model, _ordered(model, keys)) for model in personal_models()]
    codes = list(files.values_list("code", flat=True))
    sections.append(_readings(codes))
    sections.append(_section(Message, _messages(files, codes)))
    return [section for section in sections if section.lines]


def list_document_files(person: Person) -> Iterator[tuple[str, File[bytes], str]]:
    """Yield the name to give, the content and its type of each document of the person."""
    for document in Document.objects.filter(person__in=files_of(person)).order_by("pk"):
        yield f"{document.ref}-{slugify(document.get_kind_display())}", document.file, document.content_type


def _ordered(model: type[Model], keys: list[int]) -> QuerySet[Any]:
    related = [field.name for field in _fields(model) if isinstance(field, ForeignKey)]
    return rows_about(model, keys).select_related(*related) if related else rows_about(model, keys)


def _messages(files: QuerySet[Person], codes: list[str]) -> QuerySet[Message]:
    addresses = {value for one in files for value in (one.email, one.phone) if value}
    return Message.objects.filter(Q(about_ref__in=codes) | Q(recipient__in=addresses)).order_by("pk")


def _readings(codes: list[str]) -> Section:
    """Who opened her file, and when."""
    reads = list(ReadAudit.objects.filter(kind="person", object_ref__in=codes).order_by("pk"))
    users = {user.uuid: user.full_name for user in User.objects.filter(uuid__in={read.user_uuid for read in reads})}
    lines = []
    for read in reads:
        name, when = users.get(read.user_uuid, ""), f"{long_day(paris_day(read.at))}, {clock(read.at)}"
        lines.append(Line([("Le", when), ("Par", name)], {"at": read.at.isoformat(), "by": name}))
    return Section("accounts.ReadAudit", "Qui a ouvert le dossier", lines)


def _section(model: type[Model], rows: Any) -> Section:
    fields = _fields(model)
    lines = [Line(_words(row, fields), _values(row, fields)) for row in rows]
    return Section(model._meta.label, str(model._meta.verbose_name).capitalize(), lines)


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns to show: her own key left out, and every key to a row that could name someone else."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in UNSAID
        and not field.name.startswith("data_")
        and not (isinstance(field, ForeignKey) and not _is_shown(field))
    ]


def _is_shown(field: ForeignKey[Any, Any]) -> bool:
    target = field.related_model
    if target in NAMED:
        return True
    has_ref = isinstance(target, type) and any(one.name == "ref" for one in target._meta.concrete_fields)
    return has_ref and (target is Fact or bool(lookups_to_person(target)))


def _values(row: Model, fields: list[Field[Any, Any]]) -> dict[str, Any]:
    return {field.name: _raw(row, field) for field in fields}


def _raw(row: Model, field: Field[Any, Any]) -> Any:
    value = getattr(row, field.name)
    if isinstance(value, Model):
        return _name_of(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value if _is_plain(value) else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str | list | dict)


def _name_of(value: Model) -> str:
    if isinstance(value, User):
        return value.full_name
    return str(value) if isinstance(value, NAMED) else str(value.ref)  # type: ignore[attr-defined]


def _words(row: Model, fields: list[Field[Any, Any]]) -> list[tuple[str, str]]:
    said = [("En clair", row.sentence)] if isinstance(row, Fact) else []
    for field in fields:
        words = _in_words(row, field)
        if words and not (said and field.name in {"data", "kind"}):
            said.append((str(field.verbose_name).capitalize(), words))
    return said


def _in_words(row: Model, field: Field[Any, Any]) -> str:
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, Model):
        return _name_of(value)
    if isinstance(field, BooleanField):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{long_day(paris_day(value))}, {clock(value)}"
    if isinstance(value, date):
        return long_day(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        base = getattr(field, "base_field", None)
        known = dict(base.flatchoices) if base is not None and base.choices else {}
        return ", ".join(str(known.get(each, each)) for each in value)
    if isinstance(value, dict):
        return " ; ".join(f"{key} : {each}" for key, each in value.items())
    return str(value)
