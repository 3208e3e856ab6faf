"""`essaim journal import FILE…` and `essaim journal export`: journals in the format of FACTS.md."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from essaim.cli.errors import CommandError

HELP = "importer ou exporter des journaux de faits"
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the two sub-commands."""
    commands = parser.add_subparsers(dest="journal_command", metavar="ACTION", required=True)
    load = commands.add_parser("import", help="tout vérifier, puis tout enregistrer ou rien")
    load.add_argument("files", nargs="+", metavar="FICHIER", help="journal en JSON Lines")
    load.add_argument("--keep-valid", action="store_true", help="enregistrer les lignes valides malgré les erreurs")
    load.add_argument("--json", action="store_true", help="écrire un document JSON")
    save = commands.add_parser("export", help="écrire le journal d’une, de plusieurs ou de toutes les actions")
    save.add_argument("--action", action="append", default=[], metavar="REF", help="code ou référence de l’action")
    save.add_argument("--out", metavar="FICHIER", help="fichier à écrire (sortie standard par défaut)")
    save.add_argument("--json", action="store_true", help="en cas de refus, écrire un document JSON")


def run(options: argparse.Namespace) -> int:
    """Run the sub-command: 0 done, 1 refused with reasons, 2 a file that cannot be read or written."""
    if options.journal_command == "import":
        return _import(options.files, keep_valid=options.keep_valid, as_json=options.json)
    return _export(options.action, options.out)


def _import(paths: Sequence[str], *, keep_valid: bool, as_json: bool) -> int:
    from django.utils import timezone

    from essaim.journal.operations import import_journals

    with ExitStack() as stack:
        files = []
        for path in paths:
            try:
                files.append((path, stack.enter_context(Path(path).open("rb"))))
            except OSError as error:
                return _usage(f"{path} : fichier illisible ({error.strerror})", as_json=as_json)
        try:
            report = import_journals(files=files, keep_valid=keep_valid, now=timezone.now())
        except OSError as error:
            return _usage(f"fichier illisible ({error.strerror})", as_json=as_json)
    errors = [
        {"file": fault.file, "line": fault.line, "code": fault.code, "message": fault.message}
        for fault in report.faults
    ]
    if as_json:
        document = {"imported": report.imported, "already_known": report.already_known, "errors": errors}
        print(json.dumps(document))
    else:
        for row in errors:
            print("{file}:{line}: {code} {message}".format(**row), file=sys.stderr)
        print(f"{report.imported} faits enregistrés, {report.already_known} déjà connus, {len(errors)} erreurs.")
    return 1 if errors else 0


def _usage(message: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"imported": 0, "already_known": 0, "errors": [{"message": message}]}))
    else:
        print(message, file=sys.stderr)
    return 2


def _export(refs: Sequence[str], out: str | None) -> int:
    from django.db import connection, transaction

    from essaim.journal.models import Action
    from essaim.journal.queries.export import export_lines, freeze_snapshot, get_actions_to_export

    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            freeze_snapshot()
        try:
            actions = get_actions_to_export(refs)
        except Action.DoesNotExist as unknown:
            raise CommandError(f"Action inconnue : {unknown}.") from None
        lines = export_lines(actions)
        if out is None:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
            sys.stdout.writelines(f"{line}\n" for line in lines)
            return 0
        return _write(Path(out), lines)


def _write(path: Path, lines: Iterator[str]) -> int:
    """Write beside, then rename: an export cut short leaves no half file under the name asked for."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as output:
            output.writelines(f"{line}\n" for line in lines)
        part.replace(path)
    except OSError as error:
        return _usage(f"{path} : impossible à écrire ({error.strerror})", as_json=False)
    return 0
