"""`essaim check`: the integrity of the data, for an operator; nothing is changed."""

import argparse
import json
from dataclasses import asdict

HELP = "Vérifier les données : contraintes, faits et lignes, fichiers, dates déduites. Ne change rien."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    from django.db import connection, transaction

    from essaim.cli.integrity import find_faults

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        faults = find_faults()
    if options.json:
        print(json.dumps({"ok": not faults, "faults": [asdict(fault) for fault in faults]}, ensure_ascii=False))
    else:
        for fault in faults:
            print(f"{fault.what} · {fault.where} · {fault.detail}")
        print(f"{len(faults)} faute(s)." if faults else "Rien à signaler.")
    return 1 if faults else 0
