"""`essaim journal`: shapes and exit codes of CLI.md."""

import argparse
import json

import pytest

from essaim.cli.commands import journal
from essaim.cli.errors import CommandError
from tests.factories.guide import PracticeFactory
from tests.journal.files import PRACTICE, fact, to_lines

pytestmark = pytest.mark.django_db


def run(*arguments):
    parser = argparse.ArgumentParser()
    journal.configure(parser)
    return journal.run(parser.parse_args(arguments))


@pytest.fixture
def write(tmp_path):
    PracticeFactory(slug=PRACTICE)

    def write(name, *rows):
        path = tmp_path / name
        path.write_bytes(b"\n".join(to_lines(*rows)))
        return str(path)

    return write


def test_import_and_export(write, tmp_path, capsys):
    path = write("a.jsonl", fact("F1"), fact("F1"))
    assert run("import", path, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"imported": 1, "already_known": 1, "errors": []}
    out = tmp_path / "out.jsonl"
    assert run("export", "--action", "A1", "--out", str(out)) == 0
    assert [json.loads(line).get("id") for line in out.read_text().splitlines()] == [None, "F1"]
    assert list(tmp_path.glob("*.part")) == []


def test_faults_carry_the_path_as_given_and_exit_1(write, capsys):
    good, bad = write("good.jsonl", fact("F1")), write("bad.jsonl", fact("F2"), fact("F3", at="x"))
    assert run("import", good, bad, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["imported"], document["already_known"]) == (0, 0)
    [error] = document["errors"]
    assert {key: error[key] for key in ("file", "line", "code")} == {"file": bad, "line": 3, "code": "E_DATE"}
    assert run("import", good, bad, "--keep-valid", "--json") == 1
    assert json.loads(capsys.readouterr().out)["imported"] == 2
    assert run("import", bad) == 1
    captured = capsys.readouterr()
    assert f"{bad}:3: E_DATE" in captured.err
    assert "1 erreur" in captured.out


def test_unreadable_file_is_a_usage_error(write, tmp_path, capsys):
    assert run("import", write("a.jsonl", fact()), str(tmp_path / "none.jsonl"), "--json") == 2
    assert json.loads(capsys.readouterr().out)["imported"] == 0
    assert run("import", str(tmp_path)) == 2


def test_empty_file_is_a_header_fault(tmp_path, capsys):
    (tmp_path / "empty").touch()
    assert run("import", str(tmp_path / "empty"), "--json") == 1
    assert json.loads(capsys.readouterr().out)["errors"][0]["code"] == "E_HEADER"


def test_unknown_action_is_refused():
    with pytest.raises(CommandError, match="NOPE"):
        run("export", "--action", "NOPE")
