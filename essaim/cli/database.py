"""Which database a command works on, and making it ready: server up, tables migrated, guide loaded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from essaim.cli import fingerprint
from essaim.cli.errors import CommandError
from essaim.cli.postgres.cluster import Cluster
from essaim.cli.postgres.users import using_server


def is_production() -> bool:
    """Return whether this instance is declared in production."""
    return os.environ.get("ESSAIM_PRODUCTION", "").strip().lower() in {
        "1",
        "true",
        "yes",
        "on",
        "y",
        "t",
        "ok",
    }


@contextmanager
def open_database(*, as_owner: bool = False) -> Iterator[Cluster | None]:
    """Point Django at the database for the time of the block.

    ``DATABASE_URL`` when it is set, else the embedded server of the data folder, started if need be; gives
    its cluster, or None. ``as_owner`` connects as the role that migrates (``DATABASE_OWNER_URL``).
    """
    if os.environ.get("DATABASE_URL"):
        with _environment(DATABASE_URL=_owner_url() if as_owner else os.environ["DATABASE_URL"]):
            yield None
        return
    if is_production():
        raise CommandError("En production, la variable DATABASE_URL est obligatoire.")
    with using_server() as (cluster, urls):
        url = urls.owner if as_owner else urls.app
        with _environment(DATABASE_URL=url, DATABASE_OWNER_URL=urls.owner):
            yield cluster


@contextmanager
def ready_database() -> Iterator[Cluster | None]:
    """Open the database and, on the embedded server, bring tables and guide up to date if anything changed.

    On ``DATABASE_URL`` the frame calls ``check_prepared`` once Django is up.
    """
    with open_database() as cluster:
        if cluster is not None:
            prepare_embedded(cluster)
        yield cluster


def prepare_embedded(cluster: Cluster) -> None:
    """Prepare the embedded database unless it already was with the same migrations and the same guide."""
    stamp, wanted = cluster.base / "prepared", fingerprint.of_database()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run_prepare()
    stamp.write_text(wanted)


def check_prepared() -> None:
    """On ``DATABASE_URL``, migrate an empty or late database; in production refuse it instead.

    Django must be up.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if is_production():
        raise CommandError("La base de données n’est pas à jour : lancez « essaim prepare ».")
    run_prepare()


def run_prepare() -> None:
    """Run `essaim prepare` in its own process, as the owner of the tables."""
    print("Préparation de la base de données…", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "essaim", "prepare"]
    if subprocess.run(command, stdout=sys.stderr, check=False, cwd=project_root()).returncode:
        raise CommandError("La base de données n’a pas pu être préparée.")


def project_root() -> Path:
    """Return the folder that holds the package."""
    return Path(__file__).resolve().parents[2]


def _owner_url() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
