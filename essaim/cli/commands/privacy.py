"""`essaim privacy export|erase|retention`: what people may ask for, and the end of the keeping."""

import argparse
import json
from pathlib import Path
from typing import Any

from essaim.cli.dates import day
from essaim.cli.errors import CommandError

HELP = "Droits des personnes : copie de leurs données, effacement, fin de la durée de conservation."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="privacy_command", metavar="ACTION", required=True)
    export = commands.add_parser("export", help="écrire la copie des données d’une personne")
    export.add_argument("person", metavar="PERSONNE", help="l’identifiant montré sur son dossier")
    export.add_argument("--out", required=True, type=Path, metavar="ZIP", help="fichier à écrire")
    export.add_argument("--json", action="store_true", help="un document JSON, en cas de refus aussi")
    erase = commands.add_parser("erase", help="effacer l’identité d’une personne, définitivement")
    erase.add_argument("person", metavar="PERSONNE", help="l’identifiant montré sur son dossier")
    erase.add_argument("--json", action="store_true", help="un document JSON, en cas de refus aussi")
    keep = commands.add_parser("retention", help="dire, et faire, ce que la fin de la conservation demande un jour")
    keep.add_argument("--on", required=True, type=day, metavar="DATE", help="le jour")
    keep.add_argument("--apply", action="store_true", help="le faire (sans cela, le dire seulement)")
    keep.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    """Run the sub-command: 0 done, 1 refused with reasons."""
    if options.privacy_command == "retention":
        return _retention(options)
    person = _find(options.person)
    return _export(person, options) if options.privacy_command == "export" else _erase(person, options)


def _find(code: str) -> Any:
    from essaim.people.models import Person

    person = Person.objects.filter(code=code.strip().upper()).first()
    if person is None:
        raise CommandError(f"Personne ne porte l’identifiant « {code} ».")
    return person


def _export(person: Any, options: argparse.Namespace) -> int:
    from django.utils import timezone

    from essaim.privacy.operations import export_person

    packed = export_person(person=person, by=None, now=timezone.now())
    part = options.out.with_name(f"{options.out.name}.part")
    try:
        part.touch(mode=0o600)
        part.write_bytes(packed)
        part.replace(options.out)
    except OSError as error:
        raise CommandError(f"{options.out} : impossible à écrire ({error.strerror}).") from error
    done = {"person": person.code, "out": str(options.out), "bytes": len(packed)}
    print(json.dumps(done) if options.json else f"Copie des données de {person.code} : {options.out}")
    return 0


def _erase(person: Any, options: argparse.Namespace) -> int:
    from django.utils import timezone

    from essaim.privacy.enums import ErasureCause
    from essaim.privacy.operations import ErasureRefused, erase_person

    try:
        erase_person(person=person, cause=ErasureCause.REQUEST, by=None, now=timezone.now())
    except ErasureRefused as refusal:
        errors = [{"message": reason} for reason in refusal.reasons]
        raise CommandError("\n".join(refusal.reasons), document={"errors": errors}) from refusal
    print(json.dumps({"erased": person.code}) if options.json else f"L’identité de {person.code} est effacée.")
    return 0


def _retention(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from django.utils import timezone

    from essaim.privacy.operations import run_retention

    report = asdict(run_retention(on=options.on, apply=options.apply, now=timezone.now()))
    if options.json:
        print(json.dumps(report))
        return 0
    words = {"warn": "À prévenir", "archive": "À archiver", "anonymise": "À effacer"}
    for key, label in words.items():
        print(f"{label} : {', '.join(report[key]) or 'personne'}")
    print("C’est fait." if options.apply else "Rien n’a été changé : ajoutez --apply pour le faire.")
    return 0
