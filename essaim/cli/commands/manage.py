"""`essaim manage …`: Django's own commands, on the same database as the others."""

import argparse

from essaim.cli.database import open_database

HELP = "Les commandes de Django (migrate, shell, check…)."
NEEDS_DATABASE = True
PREPARES_ITSELF = True
AS_OWNER = {"migrate", "createcachetable", "flush", "sqlflush", "makemigrations", "dbshell", "loaddata"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    with open_database(as_owner=bool(options.arguments) and options.arguments[0] in AS_OWNER):
        execute_from_command_line(["essaim manage", *options.arguments])
    return 0
