"""One file holds the instance: every table as PostgreSQL writes it, every stored file, and what they must be.

A gzipped tar: ``tables/<name>`` in the text format of COPY, ``files/<name>``, and last ``manifest.json`` with the
SHA-256 of each part: a file cut short has no manifest, a part that changed no longer answers to it.
"""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import FileField
from psycopg import sql

from essaim.cli.archives.tables import Table, in_order, list_migrations, list_tables

FORMAT = "essaim-sauvegarde/1"
MANIFEST = "manifest.json"
IN_MEMORY = 16 * 1024 * 1024


def save_instance(path: Path) -> list[str]:
    """Write the archive, complete or not at all. Returns the names of stored files that could not be found.

    Everything is read in one snapshot: what is written meanwhile is in the next backup.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as output:
            part.chmod(0o600)
            with tarfile.open(fileobj=output, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as archive:
                missing = _write(archive)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return missing


def _write(archive: tarfile.TarFile) -> list[str]:
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), "parts": {}}
    missing = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables = in_order(cursor, list_tables(cursor))
        manifest["migrations"] = list_migrations(cursor)
        manifest["sequences"] = read_sequences(cursor)
        manifest["tables"] = {table.name: list(table.columns) for table in tables}
        for table in tables:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as rows:
                _copy_out(table, rows)
                _add(archive, manifest, f"tables/{table.name}", rows)
        for name in stored_files():
            if not default_storage.exists(name):
                missing.append(name)
                continue
            with default_storage.open(name, "rb") as content, tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
                copy.writelines(content.chunks())
                _add(archive, manifest, f"files/{name}", copy)
    text = json.dumps(manifest, ensure_ascii=False).encode()
    archive.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))
    return missing


def stored_files() -> Iterator[str]:
    """Yield the names of the stored files that rows of the instance speak of."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                yield from (
                    name
                    for name in model._default_manager.order_by("pk").values_list(field.name, flat=True).iterator()
                    if name
                )


def read_sequences(cursor: Any) -> dict[str, list[Any]]:
    """Return where each sequence stands: (last value, whether it was given)."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    names = [row[0] for row in cursor.fetchall()]
    found = {}
    for name in names:
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier("public", name)))
        found[name] = list(cursor.fetchone())
    return found


def _copy_out(table: Table, rows: IO[bytes]) -> None:
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(table.column_list(), table.identifier)
    raw: Any = connection.connection
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            rows.write(piece)


def _add(archive: tarfile.TarFile, manifest: dict[str, Any], name: str, content: IO[bytes]) -> None:
    size = content.tell()
    content.seek(0)
    manifest["parts"][name] = {"size": size, "sha256": hashlib.file_digest(content, "sha256").hexdigest()}  # type: ignore[arg-type]
    content.seek(0)
    archive.addfile(_header(name, size), content)


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header
