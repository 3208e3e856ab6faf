"""`essaim routes`: every URL, what it accepts and who may call it."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

HELP = "Liste toutes les adresses : nom, méthodes, règle d’accès, publique ou non."
NEEDS_DATABASE = False
UNDECLARED = "refusé : aucune règle déclarée"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")


def run(options: argparse.Namespace) -> int:
    rows = list_routes()
    if options.json:
        print(json.dumps({"routes": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['path']:<50} {row['name']:<30} {','.join(row['methods']):<10} {row['access']}")
    return 0


def list_routes() -> list[dict[str, Any]]:
    """Return every URL pattern in the order Django tries them."""
    from django.urls import get_resolver

    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(patterns: list[Any], prefix: str, namespaces: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, path, inner)
            continue
        rule = getattr(pattern.callback, "access_rule", None)
        yield {
            "path": path,
            "name": ":".join((*namespaces, pattern.name)) if pattern.name else "",
            "methods": list(getattr(pattern.callback, "methods", ())),
            "access": rule.words if rule else UNDECLARED,
            "public": bool(rule and rule.is_public),
        }
