"""The rights of the role of the web and the worker: it reads and writes rows, and owns nothing.

A migration may take rights back on its own tables (the journal's facts are never updated nor deleted): rights
given by default before the migration, and only to tables that have none afterwards, never undo that.
"""

from typing import Any

from psycopg import sql


def grant_future_tables(cursor: Any, role: str) -> None:
    """Give ``role`` its rights on whatever the current role will create. Nothing to do if it does not
    exist."""
    if not _is_other_role(cursor, role):
        return
    name = sql.Identifier(role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {}",
    ):
        cursor.execute(sql.SQL(statement).format(name))


def grant_existing_tables(cursor: Any, role: str) -> None:
    """Give ``role`` its rights on the tables and sequences on which it has none yet."""
    if not _is_other_role(cursor, role):
        return
    cursor.execute(
        """
        SELECT c.relname, c.relkind = 'S' FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(%(role)s, c.oid, 'USAGE')
                       ELSE has_table_privilege(%(role)s, c.oid, 'SELECT') END
        """,
        {"role": role},
    )
    for relation, is_sequence in cursor.fetchall():
        rights = "USAGE, SELECT ON SEQUENCE" if is_sequence else "SELECT, INSERT, UPDATE, DELETE ON TABLE"
        statement = sql.SQL("GRANT {} {} TO {}").format(sql.SQL(rights), sql.Identifier(relation), sql.Identifier(role))
        cursor.execute(statement)


# What the web and the worker have no business writing: what is migrated, and who read what.
_READ_ONLY = {"django_migrations": "INSERT, UPDATE, DELETE", "accounts_readaudit": "UPDATE"}


def restrict_tables(cursor: Any, role: str) -> None:
    """Take from ``role`` the rights it never needs: migrations are only read, the read audit is never rewritten."""
    if not _is_other_role(cursor, role):
        return
    for table, rights in _READ_ONLY.items():
        statement = sql.SQL("REVOKE {} ON TABLE {} FROM {}").format(
            sql.SQL(rights), sql.Identifier(table), sql.Identifier(role)
        )
        cursor.execute(statement)


def _is_other_role(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
    return cursor.fetchone() is not None
