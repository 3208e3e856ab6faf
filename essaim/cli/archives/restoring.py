"""A backup put back: checked whole first, then every table in one transaction, or nothing."""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from psycopg import sql

from essaim.cli.archives.saving import FORMAT, MANIFEST, stored_files
from essaim.cli.archives.tables import Table, list_migrations, list_tables
from essaim.cli.errors import CommandError
from essaim.privacy.operations import replay_erasures
from essaim.privacy.queries import list_known_erasures

CHUNK = 1024 * 1024
DAMAGED = "Cette sauvegarde est abîmée ou incomplète ({}) : rien n’a été changé."


def restore_instance(path: Path) -> int:
    """Put the backup in the place of everything the instance holds. Returns how many people were erased again.

    Refused (CommandError), nothing changed: a file that is no backup, damaged or cut short; one of another version.
    People whose erasure the instance knows are erased again in the same transaction. Stored files are added before
    it is committed and the others removed after: a death in between leaves the former data.
    """
    manifest = verify(path)
    known = list_known_erasures()
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _check_version(cursor, manifest)
        with _emptied(cursor, tables):
            _fill(path, tables)
        _set_sequences(cursor, manifest)
        _add_files(path)
        again = replay_erasures(known=known)
    _remove_strangers()
    return again


def verify(path: Path) -> dict[str, Any]:
    """Read the whole file and return its manifest. Raises CommandError when anything in it is not as it was written."""
    found: dict[str, dict[str, Any]] = {}
    manifest = None
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    raise CommandError(DAMAGED.format(member.name))
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
                    found[member.name] = {"size": member.size, "sha256": digest}
    except FileNotFoundError:
        raise CommandError(f"{path} : ce fichier n’existe pas.") from None
    except (OSError, EOFError, tarfile.TarError, ValueError, zlib.error) as fault:
        raise CommandError(DAMAGED.format(type(fault).__name__)) from fault
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise CommandError(DAMAGED.format("sans sommaire"))
    if manifest["parts"] != found:
        raise CommandError(DAMAGED.format("un contenu a changé"))
    return manifest


def _check_version(cursor: Any, manifest: dict[str, Any]) -> list[Table]:
    tables = list_tables(cursor)
    mine, theirs = set(list_migrations(cursor)), set(manifest["migrations"])
    if mine != theirs or {table.name: list(table.columns) for table in tables} != manifest["tables"]:
        newer = sorted(theirs - mine) or sorted(mine - theirs) or ["tables"]
        raise CommandError(
            "Cette sauvegarde vient d’une autre version d’Essaim"
            f" ({newer[0]}) : restaurez-la avec sa version, puis mettez à jour."
        )
    return tables


@contextmanager
def _emptied(cursor: Any, tables: list[Table]) -> Iterator[None]:
    """Empty the tables and put their triggers to sleep for the time of the block; foreign keys stay checked."""
    names = sql.SQL(", ").join(table.identifier for table in tables)
    cursor.execute(sql.SQL("TRUNCATE {}").format(names))
    for table in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table.identifier))
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table.identifier))
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _fill(path: Path, tables: list[Table]) -> None:
    """COPY each table in the order of the archive."""
    by_name = {f"tables/{table.name}": table for table in tables}
    raw: Any = connection.connection
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if (table := by_name.get(member.name)) is None:
                continue
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.identifier, table.column_list())
            content: Any = archive.extractfile(member)
            with raw.cursor() as cursor, cursor.copy(statement) as copy:
                while piece := content.read(CHUNK):
                    copy.write(piece)


def _set_sequences(cursor: Any, manifest: dict[str, Any]) -> None:
    for name, (last, is_called) in manifest["sequences"].items():
        cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', last, is_called])


def _add_files(path: Path) -> None:
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = member.name.removeprefix("files/")
            if member.name != name and not default_storage.exists(name):
                content: Any = archive.extractfile(member)
                default_storage.save(name, File(content))


def _remove_strangers() -> None:
    """Remove the stored files that no row speaks of any more."""
    wanted = set(stored_files())
    for name in walk_storage(""):
        if name not in wanted:
            default_storage.delete(name)


def walk_storage(folder: str) -> Iterable[str]:
    """Yield the name of every stored file."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}{name}"
    for inner in folders:
        yield from walk_storage(f"{folder}{inner}/")
