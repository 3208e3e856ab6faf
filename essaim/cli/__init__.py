"""The `essaim` command: finds the command modules, prepares what the chosen one needs, runs it.

Exit codes: 0 done, 1 refused with reasons, 2 usage.
"""

import argparse
import json
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from essaim.cli import commands
from essaim.cli.errors import CommandError
from essaim.kernel.errors import OperationError

SETTINGS = "config.settings"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if arguments[:1] == ["manage"]:
        return _protected(import_module("essaim.cli.commands.manage"), argparse.Namespace(arguments=arguments[1:]))
    parser, modules = _build_parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return _protected(modules[options.command], options)


def _build_parser() -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    parser = argparse.ArgumentParser(prog="essaim", description="Essaim : personne n’est perdu de vue.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMANDE", required=True)
    modules = {}
    for found in sorted(pkgutil.iter_modules(commands.__path__), key=lambda module: module.name):
        module = import_module(f"{commands.__name__}.{found.name}")
        name = found.name.replace("_", "-")
        module.configure(subparsers.add_parser(name, help=module.HELP, description=module.HELP))
        modules[name] = module
    return parser, modules


def _protected(module: ModuleType, options: argparse.Namespace) -> int:
    """Run the command; print a refusal in the shape asked for."""
    try:
        return _run(module, options)
    except OperationError as refusal:
        return _refuse(CommandError(refusal.message), options)
    except CommandError as refusal:
        return _refuse(refusal, options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _refuse(refusal: CommandError, options: argparse.Namespace) -> int:
    if getattr(options, "json", False):
        print(json.dumps(refusal.document, ensure_ascii=False))
    else:
        print(refusal.message, file=sys.stderr)
    return 1


def _run(module: ModuleType, options: argparse.Namespace) -> int:
    if getattr(module, "PREPARES_ITSELF", False):
        return int(module.run(options))
    import django

    if not module.NEEDS_DATABASE:
        django.setup()
        return int(module.run(options))
    from essaim.cli.database import check_prepared, ready_database

    with ready_database() as cluster:
        django.setup()
        if cluster is None:
            check_prepared()
        return int(module.run(options))
