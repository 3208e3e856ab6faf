"""What should never be in the data: looked for everywhere, said without a name."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F, FileField, Model, Q, QuerySet
from psycopg import sql

from essaim.cli.archives.restoring import walk_storage
from essaim.journal.models import Fact
from essaim.kernel.contract import Fault
from essaim.kernel.instruments import all_instruments
from essaim.people.models import Document, Person
from essaim.privacy.queries import direct_keys, personal_models, rows_left_behind

SHOWN = 20


def find_faults() -> list[Fault]:
    """Return every fault of the instance: constraints, orphans, facts against rows, files, identities, derived data."""
    faults: list[Fault] = []
    for find in (_constraints, _orphans, _facts, _rows_and_facts, _facts_without_row, _files, _identities, _declared):
        faults += find()
    return faults


def _constraints() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint c"
            " WHERE NOT convalidated AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        for table, name in cursor.fetchall():
            yield Fault("contrainte non vérifiée", table, name)
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
            " WHERE tgenabled = 'D' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        for table, name in cursor.fetchall():
            yield Fault("garde-fou désactivé", table, name)


def _orphans() -> Iterator[Fault]:
    """Rows that point to nothing: foreign keys say it is impossible, a damaged disk or a forced load do not."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.relname, ac.attname, b.relname, bc.attname
            FROM pg_constraint c
            JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid
            JOIN pg_attribute ac ON ac.attrelid = a.oid AND ac.attnum = c.conkey[1]
            JOIN pg_attribute bc ON bc.attrelid = b.oid AND bc.attnum = c.confkey[1]
            WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1 AND c.connamespace = 'public'::regnamespace
            ORDER BY 1, 2
            """
        )
        for table, column, target, key in cursor.fetchall():
            statement = sql.SQL(
                "SELECT count(*) FROM {} t WHERE t.{} IS NOT NULL AND NOT EXISTS (SELECT FROM {} s WHERE s.{} = t.{})"
            )
            names = [sql.Identifier(name) for name in (table, column, target, key, column)]
            cursor.execute(statement.format(*names))
            if quantity := cursor.fetchone()[0]:
                yield Fault("orphelin", f"{table}.{column}", f"{quantity} ligne(s) sans {target}")


def _facts() -> Iterator[Fault]:
    void = Q(data={"void": True})
    wrong = {
        "fait corrigé encore en vigueur": Q(live=True, corrected_by__isnull=False),
        "fait sorti du bilan sans correction": Q(live=False, corrected_by__isnull=True) & ~void,
        "annulation en vigueur": Q(live=True) & void,
    }
    for what, condition in wrong.items():
        yield from _told(what, Fact.objects.filter(condition), "ref")


def _rows_and_facts() -> Iterator[Fault]:
    for model, name, kind in _held_facts():
        where = f"{model._meta.label}.{name}"
        rows = model._default_manager.filter(**{f"{name}__isnull": False})
        cancelled = _cancelled(model)
        yield from _told("fait d’une autre nature", rows.exclude(_kind(name, kind)), where=where)
        in_force, gone = rows.filter(**{f"{name}__live": True}), rows.filter(**{f"{name}__live": False})
        yield from _told("ligne dont le fait n’est plus en vigueur", gone.exclude(cancelled), where=where)
        yield from _told("ligne annulée dont le fait reste en vigueur", in_force.filter(cancelled), where=where)
        columns = {field.name: field for field in model._meta.concrete_fields}
        if "action" in columns:
            other = rows.exclude(**{f"{name}__action": F("action")})
            yield from _told("ligne et fait de deux actions", other, where=where)
        if "person" in columns:
            known = rows.filter(**{f"{name}__subject__person__isnull": False})
            other = known.exclude(**{f"{name}__subject__person": F("person")})
            yield from _told("ligne et fait de deux personnes", other, where=where)


def _facts_without_row() -> Iterator[Fault]:
    by_kind: dict[str, list[tuple[type[Model], str]]] = {}
    for model, name, kind in _held_facts():
        by_kind.setdefault(kind, []).append((model, name))
    for kind, holders in by_kind.items():
        facts = Fact.objects.filter(kind=kind, live=True, action__is_imported=False)
        for model, name in holders:
            held = model._default_manager.filter(**{f"{name}__isnull": False}).values(name)
            facts = facts.exclude(pk__in=held)
        yield from _told("fait sans ligne", facts, "ref", where=kind)


def _files() -> Iterator[Fault]:
    known = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, FileField):
                continue
            for name in model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True):
                known.add(name)
                if not default_storage.exists(name):
                    yield Fault("fichier introuvable", model._meta.label, name)
    for name, size in Document.objects.values_list("file", "size"):
        if default_storage.exists(name) and default_storage.size(name) != size:
            yield Fault("fichier d’une autre taille", "people.Document", name)
    for name in walk_storage(""):
        if name not in known:
            yield Fault("fichier sans document", "stockage", name)


def _identities() -> Iterator[Fault]:
    left = Person.objects.filter(erased_at__isnull=False).exclude(phone="", email="", address="", birth_date=None)
    yield from _told("identité effacée à moitié", left, "code")
    for model in personal_models():
        for name in direct_keys(model):
            behind = rows_left_behind(model, name)
            yield from _told("ligne restée sur un dossier fusionné", behind, where=f"{model._meta.label}.{name}")


def _declared() -> Iterator[Fault]:
    for instrument in all_instruments().values():
        for check in instrument.checks:
            yield from check()


def _held_facts() -> Iterable[tuple[type[Model], str, str]]:
    for instrument in all_instruments().values():
        for path, kind in instrument.facts.items():
            label, _, name = path.rpartition(".")
            yield apps.get_model(label), name, kind


def _kind(name: str, kind: str) -> Q:
    """Of the declared kind, or local: said in the fil only."""
    return Q(**{f"{name}__kind": kind}) | Q(**{f"{name}__kind__contains": "."})


def _cancelled(model: type[Model]) -> Q:
    names = {field.name for field in model._meta.concrete_fields}
    found = Q(pk__in=[])
    if "cancelled_at" in names:
        found |= Q(cancelled_at__isnull=False)
    if "state" in names:
        found |= Q(state="cancelled")
    return found


def _told(what: str, rows: QuerySet[Any], name: str = "pk", *, where: str = "") -> Iterator[Fault]:
    found = list(rows.order_by("pk").values_list(name, flat=True)[: SHOWN + 1])
    if found:
        more = " …" if len(found) > SHOWN else ""
        yield Fault(what, where or rows.model._meta.label, ", ".join(map(str, found[:SHOWN])) + more)
