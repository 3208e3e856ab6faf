"""`essaim practices check` and `list`: the practice files as they stand on the disk, without a database."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

HELP = "Les fiches du guide : vérifier leurs fichiers (check), les lister (list)."
NEEDS_DATABASE = False


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="subcommand", metavar="check|list", required=True)
    check = commands.add_parser("check", help="une ligne par faute : fichier, ligne, message")
    check.add_argument("--folder", type=Path, help="un autre dossier de fiches que celui d’Essaim")
    listing = commands.add_parser("list", help="les fiches, leurs réglages, étapes et indicateurs")
    listing.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    return _check(options.folder) if options.subcommand == "check" else _list(as_json=options.json)


def _check(folder: Path | None) -> int:
    from essaim.guide.engine.library import read_library
    from essaim.guide.queries import DATA, companion_faults, offered_by_instruments, practice_texts
    from essaim.journal.engine.schema import load_schema

    offered = replace(offered_by_instruments(), facts=frozenset(load_schema().kinds))
    practices, faults = read_library(practice_texts(folder or DATA), offered)
    if not folder and not faults:
        faults = companion_faults([practice.slug for practice in practices])
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{len(practices)} fiches lues, aucune faute.")
    return 1 if faults else 0


def _list(*, as_json: bool) -> int:
    from essaim.cli.errors import CommandError
    from essaim.guide.engine.library import read_library
    from essaim.guide.queries import practice_texts

    practices, faults = read_library(practice_texts())
    if faults:
        errors = [{"file": fault.file, "line": fault.line, "message": fault.message} for fault in faults]
        message = "\n".join(map(str, faults))
        raise CommandError(message, document={"practices": [_row(item) for item in practices], "errors": errors})
    if as_json:
        print(json.dumps({"practices": [_row(practice) for practice in practices]}, ensure_ascii=False))
        return 0
    for practice in practices:
        print(f"{practice.slug:<40} {len(practice.indicators):>2} indicateurs  {practice.title}")
    return 0


def _row(practice: Any) -> dict[str, Any]:
    """One practice in the shape of the command's document."""
    from essaim.guide.engine import defaults_of

    return {
        "slug": practice.slug,
        "title": practice.definition["title"],
        "theme": practice.theme,
        "settings": defaults_of(practice.settings),
        "steps": [{"key": step.key, "kind": step.kind} for step in practice.steps],
        "indicators": [
            {"id": item.id, "published": item.published, "unit": item.unit, "check": item.check}
            for item in practice.indicators
        ],
    }
