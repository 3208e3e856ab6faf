"""`essaim bilan`: the indicators of one action, for an operator of the instance."""

import argparse
import json
from typing import Any

from essaim.cli.dates import day

HELP = "Le bilan d’une action : chaque indicateur, sa cible et le chiffre publié."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--action", required=True, metavar="REF", help="le code de l’action")
    parser.add_argument("--from", dest="since", type=day, metavar="DATE", help="début de la période")
    parser.add_argument("--to", dest="until", type=day, metavar="DATE", help="fin de la période")
    parser.add_argument("--on", type=day, metavar="DATE", help="la date des faits (par défaut, la fin)")
    parser.add_argument("--known-on", type=day, metavar="DATE", help="ce qui était enregistré à cette date")
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    from essaim.cli.errors import CommandError
    from essaim.journal.models import Action
    from essaim.steering.queries import compute_bilan, get_action

    try:
        action = get_action(options.action)
    except Action.DoesNotExist:
        raise CommandError(f"Aucune action ne porte le code « {options.action} ».") from None
    since, until = options.since or action.starts, options.until or action.ends
    if since > until:
        raise CommandError(f"La période commence le {since} et finit avant, le {until}.")
    bilan = compute_bilan(action, since=since, until=until, on=options.on, known_on=options.known_on)
    if options.json:
        print(json.dumps(bilan.document(), ensure_ascii=False))
    else:
        print_table(action.title, bilan)
    return 0


def print_table(title: str, bilan: Any) -> None:
    print(f"{title} · {bilan.practice}")
    print(f"Du {bilan.since} au {bilan.until}, observé le {bilan.on}\n")
    lines = [("indicateur", "valeur", "cible", "publié", "unité")]
    for row in bilan.rows:
        approx = "≈ " if row.approx else ""
        published = "–" if row.published is None else f"{approx}{_figure(row.published)}"
        label = f"  ↳ {row.label} (réalisé)" if row.id.endswith(".realised") else row.label
        lines.append((label, _figure(row.value), _figure(row.target), published, row.unit))
    label_width, *widths = (max(len(line[rank]) for line in lines) for rank in range(4))
    for label, *figures, unit in lines:
        columns = "  ".join(f"{text:>{width}}" for text, width in zip(figures, widths, strict=True))
        print(f"{label:<{label_width}}  {columns}  {unit}".rstrip())


def _figure(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    text = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
    return text.replace(",", "\u202f").replace(".", ",")
