"""`essaim replay`: a practice run through its operations, its figures beside the published ones."""

import argparse
import json

HELP = "Joue une fiche avec des personnes inventées et compare ses chiffres à ceux du guide."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", help="la fiche, par exemple celle que donne « essaim practices list »")
    parser.add_argument("--seed", type=int, default=1, help="un autre nombre donne d’autres personnes (1)")
    parser.add_argument("--scale", type=_scale, default=1.0, help="part des effectifs : 0.05 pour un essai rapide (1)")
    parser.add_argument("--keep", action="store_true", help="garder ce qui a été joué (sinon rien ne reste)")
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def _scale(text: str) -> float:
    scale = float(text)
    if not 0 < scale <= 10:
        raise argparse.ArgumentTypeError("un nombre entre 0 et 10")
    return scale


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from essaim.cli.commands.bilan import print_table
    from essaim.cli.errors import CommandError
    from essaim.rehearsal.operations import ReplayRefused, find_scenario, replay_scenario

    try:
        scenario = find_scenario(slug=options.slug)
    except ReplayRefused as refusal:
        raise CommandError(refusal.message) from None
    if options.scale != 1:
        scenario = scenario.scaled(options.scale)
    performance, bilan = replay_scenario(scenario=scenario, seed=options.seed, keep=options.keep, now=timezone.now())
    if options.json:
        print(json.dumps(bilan.document(), ensure_ascii=False))
        return 0
    print_table(performance.action.title, bilan)
    kept = f"gardé sous le code {performance.action.ref}" if options.keep else "rien n’a été gardé"
    print(f"\n{len(performance.people)} personnes inventées, {len(performance.played)} étapes jouées ; {kept}.")
    return 0
