import json
from types import ModuleType

import pytest
from django.db import OperationalError

from essaim import cli
from essaim.cli import main
from essaim.cli.errors import CommandError


@pytest.fixture
def command(monkeypatch):
    """``command(run)``: make a command named « essai » whose run is that function."""

    def add(run):
        module = ModuleType("essai")
        module.HELP = "Un essai."
        module.NEEDS_DATABASE = False
        module.configure = lambda parser: parser.add_argument("--json", action="store_true")
        module.run = run
        real = cli._build_parser

        def build():
            parser, modules = real()
            subparsers = next(action for action in parser._actions if action.dest == "command")
            module.configure(subparsers.add_parser("essai"))
            return parser, modules | {"essai": module}

        monkeypatch.setattr(cli, "_build_parser", build)

    return add


def refuse(options):
    raise CommandError("Ce fichier est illisible.")


def test_no_command_is_a_usage_error(capsys):
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_unknown_command_is_a_usage_error(capsys):
    assert main(["inconnue"]) == 2


def test_usage_error_is_one_document_when_asked_in_json(capsys):
    assert main(["bilan", "--action", "A1", "--on", "2008-W01-1", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert "n’est pas une date AAAA-MM-JJ" in document["errors"][0]["message"]


@pytest.mark.parametrize(
    "failure", [OperationalError("connection refused"), UnicodeEncodeError("utf-8", "x", 0, 1, "x")]
)
def test_a_broken_database_or_argument_is_one_document_when_asked_in_json(command, capsys, failure):
    def fail(options):
        raise failure

    command(fail)
    assert main(["essai", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["errors"]


def test_help_lists_the_commands(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "routes" in shown
    assert "serve" in shown


def test_exit_code_is_the_one_of_the_command(command):
    command(lambda options: 1)
    assert main(["essai"]) == 1


def test_refusal_is_said_on_stderr(command, capsys):
    command(refuse)
    assert main(["essai"]) == 1
    assert capsys.readouterr() == ("", "Ce fichier est illisible.\n")


def test_refusal_with_json_is_one_document_on_stdout(command, capsys):
    command(refuse)
    assert main(["essai", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"errors": [{"message": "Ce fichier est illisible."}]}
    assert err == ""


def test_refusal_may_carry_its_own_document(command, capsys):
    def refuse_in_detail(options):
        raise CommandError("refusé", document={"imported": 0, "errors": [{"line": 3}]})

    command(refuse_in_detail)
    assert main(["essai", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"imported": 0, "errors": [{"line": 3}]}


def test_manage_reaches_the_commands_of_django(capsys, settings, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@/nothing")
    assert main(["manage", "--version"]) == 0
    assert capsys.readouterr().out.startswith("5.2")
