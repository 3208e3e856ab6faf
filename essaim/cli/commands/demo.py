"""`essaim demo`: an invented territory, its people and a club in its seventh month."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from essaim.cli.dates import day

if TYPE_CHECKING:
    from essaim.rehearsal.operations import Demonstration

HELP = "Remplit une instance vide de personnes et d’organisations inventées."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="un autre nombre donne d’autres personnes (1)")
    parser.add_argument("--on", type=day, help="jour de la démonstration, AAAA-MM-JJ (aujourd’hui)")
    parser.add_argument("--size", choices=("small", "agglo", "departement"), default="small")
    parser.add_argument("--manifest", type=Path, help="fichier JSON à écrire : comptes et références")
    parser.add_argument("--if-empty", action="store_true", help="ne rien faire si l’instance a déjà des comptes")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from essaim.accounts.queries import count_users
    from essaim.kernel.days import today
    from essaim.rehearsal.operations import demonstration_accounts, seed_demonstration

    if count_users():
        if not options.if_empty:
            print("Cette instance a déjà des comptes : la démonstration demande une base vide.", file=sys.stderr)
            return 1
        _print_accounts(demonstration_accounts())
        return 0
    demo = seed_demonstration(seed=options.seed, on=options.on or today(), size=options.size, now=timezone.now())
    if options.manifest:
        options.manifest.write_text(json.dumps(_manifest(demo), ensure_ascii=False, indent=1) + "\n")
    _print_accounts(_manifest(demo)["accounts"])
    return 0


def _manifest(demo: "Demonstration") -> dict[str, list[dict[str, Any]]]:
    return {
        "accounts": [
            {"role": member.role, "email": member.user.email, "password": demo.world.password}
            for member in demo.world.accounts.values()
        ],
        "organisations": [
            {"key": key, "ref": organisation.ref, "name": organisation.name}
            for key, organisation in demo.world.organisations.items()
        ],
        "actions": [{"ref": action.ref, "title": action.title} for action in demo.actions],
        "people": [{"code": person.code} for person in demo.people],
    }


def _print_accounts(accounts: list[dict[str, Any]]) -> None:
    if not accounts:
        return
    print("\nComptes de la démonstration (personnes inventées), mot de passe commun :")
    print(f"  « {accounts[0]['password']} »\n")
    for account in accounts:
        print(f"  {account['email']:<40} {account['role']}")
