"""`essaim prepare`: what a new version needs before it serves. Idempotent; run as the owner of the tables."""

import argparse

from essaim.cli.database import open_database
from essaim.cli.errors import CommandError

HELP = "Met la base à jour : tables, droits du rôle applicatif, guide. Sans effet quand tout est déjà prêt."
NEEDS_DATABASE = True
PREPARES_ITSELF = True
LOCK = 7_339_201_112


def configure(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    import django

    with open_database(as_owner=True):
        django.setup()
        _prepare()
    return 0


def _prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from essaim.cli.grants import grant_existing_tables, grant_future_tables, restrict_tables
    from essaim.directory.operations import load_reference_communes
    from essaim.guide.operations import load_practices

    with connection.cursor() as cursor:
        if connection.pg_version < 150000:  # type: ignore[attr-defined]
            raise CommandError("PostgreSQL 15 ou plus récent est nécessaire.")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            grant_future_tables(cursor, settings.APP_ROLE)
            call_command("migrate", interactive=False, verbosity=0)
            grant_existing_tables(cursor, settings.APP_ROLE)
            restrict_tables(cursor, settings.APP_ROLE)
            load_reference_communes(now=timezone.now())
            load_practices(now=timezone.now())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
