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
from typing import NoReturn

from django.db import OperationalError as DatabaseUnreachable

from essaim.cli import commands
from essaim.cli.errors import CommandError
from essaim.kernel.errors import OperationError

SETTINGS = "config.settings"


class UsageError(Exception):
    """The command line itself is wrong: exit 2."""


class Parser(argparse.ArgumentParser):
    """A parser that leaves to the frame how a wrong command line is told."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.format_usage().strip()}\n{message}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _write_utf8()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if arguments[:1] == ["manage"]:
        return _protected(import_module("essaim.cli.commands.manage"), argparse.Namespace(arguments=arguments[1:]))
    parser, modules = _build_parser()
    try:
        options = parser.parse_args(arguments)
    except UsageError as fault:
        _refuse(CommandError(str(fault)), argparse.Namespace(json="--json" in arguments))
        return 2
    except SystemExit as asked_for_help:
        return int(asked_for_help.code or 0)
    return _protected(modules[options.command], options)


def _write_utf8() -> None:
    """Documents are UTF-8 whatever the locale; text that is not is written escaped rather than lost."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _build_parser() -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    parser = Parser(prog="essaim", description="Essaim : personne n’est perdu de vue.")
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
    except UnicodeEncodeError:
        return _refuse(CommandError("Un argument de la commande n’est pas en UTF-8."), options)
    except DatabaseUnreachable as failure:
        return _refuse(CommandError(f"La base de données ne répond pas : {failure}".strip()), options)
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
