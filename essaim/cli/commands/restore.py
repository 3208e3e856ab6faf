"""`essaim restore F`: a backup in the place of what the instance holds, all or nothing; as the owner of the tables."""

import argparse
from pathlib import Path

from essaim.cli.database import check_prepared, open_database, prepare_embedded

HELP = "Remettre une sauvegarde à la place de tout ce que l’instance contient, en entier ou pas du tout."
NEEDS_DATABASE = True
PREPARES_ITSELF = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FICHIER", help="sauvegarde écrite par « essaim backup »")


def run(options: argparse.Namespace) -> int:
    import django

    with open_database(as_owner=True) as cluster:
        if cluster is not None:
            prepare_embedded(cluster)
        django.setup()
        if cluster is None:
            check_prepared()
        from essaim.cli.archives.restoring import restore_instance

        again = restore_instance(options.file)
    told = f" {again} identité(s) déjà effacée(s) l’ont été de nouveau." if again else ""
    print(f"Sauvegarde restaurée : {options.file}.{told}")
    return 0
