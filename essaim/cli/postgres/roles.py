"""The database of the embedded server and its two roles.

``essaim_owner`` owns everything and migrates; ``essaim_app`` serves the web and the worker: it owns nothing,
bypasses nothing, and reads and writes rows by default privileges.
"""

from dataclasses import dataclass
from pathlib import Path

from essaim.cli.postgres.server import PORT, SUPERUSER

DATABASE = "essaim"
OWNER = "essaim_owner"
APP = "essaim_app"
EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs of one database: for the web and worker, for migrations, and for tests that make databases."""

    app: str
    owner: str
    superuser: str


def addresses(socket_dir: Path) -> Addresses:
    """Return the URLs of the embedded database."""
    pattern = "postgres://{}@/{}?host={}&port={}"
    return Addresses(*(pattern.format(role, DATABASE, socket_dir, PORT) for role in (APP, OWNER, SUPERUSER)))


def make_database(socket_dir: Path) -> None:
    """Make the roles, the database and its extensions where they are missing."""
    import psycopg
    from psycopg import sql

    at = {"host": str(socket_dir), "port": PORT, "user": SUPERUSER, "autocommit": True}
    with psycopg.connect(dbname="postgres", **at) as connection:  # type: ignore[arg-type]
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        with psycopg.connect(dbname="template1", **at) as template:  # type: ignore[arg-type]
            for extension in EXTENSIONS:
                template.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        )
