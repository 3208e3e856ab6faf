"""`essaim checksum`: the same sums on two instances that hold the same data."""

import argparse
import json

HELP = "L’empreinte de chaque table, pour comparer deux instances (une sauvegarde et sa restauration)."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    from django.db import connection, transaction

    from essaim.cli.archives.tables import compute_checksums

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables = compute_checksums(cursor)
    if options.json:
        print(json.dumps({"tables": tables}))
    else:
        width = max(len(name) for name in tables)
        for name, value in tables.items():
            print(f"{name:<{width}}  {value['rows']:>10}  {value['md5']}")
    return 0
