"""`essaim backup --out F`: every table and every stored file in one archive."""

import argparse
import sys
from pathlib import Path

from essaim.cli.errors import CommandError

HELP = "Sauvegarder l’instance entière dans un fichier : données et documents, à un même instant."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="FICHIER", help="fichier à écrire")


def run(options: argparse.Namespace) -> int:
    from essaim.cli.archives.saving import save_instance

    try:
        missing = save_instance(options.out)
    except OSError as error:
        raise CommandError(f"{options.out} : impossible à écrire ({error.strerror}).") from error
    for name in missing:
        print(f"Document introuvable, non sauvegardé : {name}", file=sys.stderr)
    print(f"Sauvegarde écrite : {options.out} ({options.out.stat().st_size:,} octets).".replace(",", "\u202f"))
    return 0
