"""`essaim directory`: the official lists of communes, zones and addresses, imported whole or reported row by row."""

import argparse
import json
from pathlib import Path
from typing import Any

from essaim.cli.dates import day
from essaim.cli.errors import CommandError

HELP = "Importe les listes officielles : communes, quartiers prioritaires, zones franches, adresses."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")
    lists = parser.add_subparsers(dest="list", metavar="LISTE", required=True)
    communes = lists.add_parser("import-communes", help="communes du découpage administratif, JSON ou CSV")
    communes.add_argument("file", metavar="FICHIER")
    zones = lists.add_parser("import-zones", help="quartiers ou zones d’un fichier officiel, CSV ou GeoJSON")
    zones.add_argument("file", metavar="FICHIER")
    zones.add_argument("--kind", choices=("qpv", "zfu", "zus"), default="qpv", help="type des zones")
    zones.add_argument("--since", type=day, help="en vigueur depuis ce jour, sauf si une ligne le dit")
    zones.add_argument("--until", type=day, help="jusqu’à ce jour compris, sauf si une ligne le dit")
    addresses = lists.add_parser("import-addresses", help="coordonnées d’adresses, CSV")
    addresses.add_argument("file", metavar="FICHIER")
    for each in (communes, zones, addresses):
        each.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from essaim.directory.enums import ZoneKind
    from essaim.directory.operations import import_addresses, import_communes, import_zones

    content, now = _content_of(options.file), timezone.now()
    if options.list == "import-communes":
        report = import_communes(content=content, now=now)
    elif options.list == "import-addresses":
        report = import_addresses(content=content, now=now)
    else:
        kind = ZoneKind(options.kind)
        report = import_zones(content=content, kind=kind, since=options.since, until=options.until, now=now)
    faults = [
        {"file": options.file, "line": fault.line, "column": fault.column, "message": fault.message}
        for fault in report.errors
    ]
    counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
    document: dict[str, Any] = {**counts, "errors": faults}
    if faults:
        raise CommandError("\n".join(_in_words(fault) for fault in faults), document=document)
    print(json.dumps(document, ensure_ascii=False) if options.json else _summary(counts))
    return 0


def _content_of(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise CommandError(f"{name} ne peut pas être lu : {fault.strerror}") from None


def _in_words(fault: dict[str, Any]) -> str:
    column = f", colonne {fault['column']}" if fault["column"] else ""
    return f"{fault['file']}, ligne {fault['line']}{column} : {fault['message']}"


def _summary(counts: dict[str, int]) -> str:
    return f"{counts['created']} ajoutées, {counts['updated']} modifiées, {counts['unchanged']} inchangées"
