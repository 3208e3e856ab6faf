"""`essaim people import FILE`: a file of people, each row imported exactly or refused with its reason."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HELP = "importer un fichier de personnes (CSV ou XLSX) pour une organisation"
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-command."""
    commands = parser.add_subparsers(dest="people_command", metavar="ACTION", required=True)
    load = commands.add_parser("import", help="créer et mettre à jour des personnes, ligne à ligne")
    load.add_argument("file", metavar="FICHIER", help="CSV ou XLSX ; première ligne : les noms des colonnes")
    load.add_argument("--organisation", required=True, metavar="SIRET", help="l’organisation qui suit ces personnes")
    load.add_argument("--as", dest="email", required=True, metavar="COURRIEL", help="le compte qui importe")
    load.add_argument("--mapping", metavar="M.json", help='{"colonne du fichier": "champ"}')
    load.add_argument("--dry-run", action="store_true", help="tout vérifier sans rien écrire")
    load.add_argument("--json", action="store_true", help="écrire un document JSON")


def run(options: argparse.Namespace) -> int:
    """Import: 0 done, 1 refused with reasons (the other rows are imported), 2 a file that cannot be opened."""
    from django.utils import timezone

    from essaim.kernel.errors import OperationError
    from essaim.people.operations.imports import ImportRefused, import_people

    try:
        content = Path(options.file).read_bytes()
        mapping = _read_mapping(options.mapping)
    except OSError as error:
        return _refuse(f"{error.filename} : fichier illisible ({error.strerror})", options, code=2)
    except ValueError as error:
        return _refuse(str(error), options, code=2)
    try:
        report = import_people(
            content=content,
            mapping=mapping,
            dry_run=options.dry_run,
            by=_membership(options.organisation, options.email),
            now=timezone.now(),
        )
    except ImportRefused as refusal:
        return _refuse(refusal.message, options, refused=[_row(row) for row in refusal.refused])
    except OperationError as refusal:
        return _refuse(refusal.message, options)
    counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
    _print({**counts, "refused": [_row(row) for row in report.refused]}, options)
    return 1 if report.refused else 0


def _membership(siret: str, email: str) -> Any:
    from essaim.accounts.models import Membership
    from essaim.accounts.queries import get_acting_membership
    from essaim.people.operations.imports import ImportRefused

    try:
        return get_acting_membership(email=email, siret=siret)
    except Membership.DoesNotExist:
        raise ImportRefused(f"Le compte {email} n’est pas membre d’une organisation de SIRET {siret}.") from None


def _read_mapping(path: str | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except ValueError:
        raise ValueError(f"{path} : ce JSON est mal formé.") from None
    if not isinstance(mapping, dict) or not all(isinstance(field, str) for field in mapping.values()):
        raise ValueError(f'{path} : un objet {{"colonne du fichier": "champ"}} est attendu.')
    return mapping


def _row(refused: Any) -> dict[str, Any]:
    return {"line": refused.line, "column": refused.column, "reason": refused.reason}


def _refuse(
    message: str, options: argparse.Namespace, *, refused: list[dict[str, Any]] | None = None, code: int = 1
) -> int:
    document = {"created": 0, "updated": 0, "unchanged": 0, "refused": refused or [], "errors": [{"message": message}]}
    _print(document, options)
    return code


def _print(document: dict[str, Any], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(document, ensure_ascii=False))
        return
    for error in document.get("errors", []):
        print(error["message"], file=sys.stderr)
    for row in document["refused"]:
        column = f", colonne {row['column']}" if row["column"] else ""
        print(f"ligne {row['line']}{column} : {row['reason']}", file=sys.stderr)
    print("{created} créées, {updated} modifiées, {unchanged} inchangées".format(**document))
