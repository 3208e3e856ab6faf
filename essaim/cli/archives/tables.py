"""The tables that hold the instance, their columns and their checksums."""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from psycopg import sql

# What a migration writes on each instance for itself.
NOT_KEPT = {"django_migrations"}
# Work in progress of the worker: kept by a backup, but never twice the same.
NOT_COMPARED = "procrastinate_"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the columns it stores, and those that the database derives itself."""

    name: str
    columns: tuple[str, ...]
    derived: tuple[str, ...]

    @property
    def is_compared(self) -> bool:
        return not self.name.startswith(NOT_COMPARED)

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier("public", self.name)

    def column_list(self) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(column) for column in self.columns)


def list_tables(cursor: Any) -> list[Table]:
    """Return every table of the instance, by name."""
    cursor.execute(
        """
        SELECT c.relname,
               array_agg(a.attname::text ORDER BY a.attname::text) FILTER (WHERE a.attgenerated = ''),
               array_agg(a.attname::text ORDER BY a.attname::text) FILTER (WHERE a.attgenerated <> '')
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        GROUP BY c.relname ORDER BY c.relname
        """
    )
    rows = cursor.fetchall()
    return [Table(name, tuple(kept), tuple(derived or ())) for name, kept, derived in rows if name not in NOT_KEPT]


def list_migrations(cursor: Any) -> list[str]:
    """Return what was migrated: two instances with the same list have the same tables."""
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return sorted({row[0] for row in cursor.fetchall()})


def compute_checksums(cursor: Any) -> dict[str, dict[str, Any]]:
    """Return the number of rows and the md5 of each table, whatever the order of rows and columns."""
    return {table.name: _checksum(cursor, table) for table in list_tables(cursor) if table.is_compared}


def _checksum(cursor: Any, table: Table) -> dict[str, Any]:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in sorted(table.columns + table.derived))
    cursor.execute(
        sql.SQL(
            "SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), md5(''))"
            ' FROM (SELECT md5(ROW({})::text) COLLATE "C" AS line FROM {}) AS lines'
        ).format(columns, table.identifier)
    )
    rows, md5 = cursor.fetchone()
    return {"rows": rows, "md5": md5}


def in_order(cursor: Any, tables: list[Table]) -> list[Table]:
    """Return the tables so that each comes after those it points to by a key checked at once."""
    cursor.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid"
    )
    needs: dict[str, set[str]] = {}
    for table, target in cursor.fetchall():
        needs.setdefault(table, set()).add(target)
    by_name = {table.name: table for table in tables}
    order = TopologicalSorter({table.name: needs.get(table.name, set()) for table in tables}).static_order()
    return [by_name[name] for name in order if name in by_name]
