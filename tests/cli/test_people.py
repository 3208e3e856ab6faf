import argparse
import json

import pytest

from essaim.cli.commands import people
from essaim.people.models import Person
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory, make_siret

pytestmark = pytest.mark.django_db

FILE = "nom;prenom;telephone\nKadrani;Inès;0612345678\nMarchand;Léo;12\n"


@pytest.fixture
def member():
    return MembershipFactory(manager=True, organisation=OrganisationFactory(siret=make_siret(7)))


@pytest.fixture
def run(tmp_path, capsys, member):
    """``run(content, *options)``: the exit code and the document of the command on a file of that content."""

    def call(content, *options, siret=member.organisation.siret, email=member.user.email):
        path = tmp_path / "gens.csv"
        path.write_bytes(content.encode())
        status = call_command("import", str(path), "--organisation", siret, "--as", email, "--json", *options)
        return status, json.loads(capsys.readouterr().out)

    return call


def call_command(*options):
    parser = argparse.ArgumentParser()
    people.configure(parser)
    return people.run(parser.parse_args(options))


def test_rows_are_imported_or_told(run):
    status, document = run(FILE)
    assert status == 1 and Person.objects.get().full_name == "Inès Kadrani"
    assert {name: document[name] for name in ("created", "updated", "unchanged")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
    }
    (refused,) = document["refused"]
    assert (refused["line"], refused["column"]) == (3, "telephone") and "Numéro" in refused["reason"]
    assert set(document) == {"created", "updated", "unchanged", "refused"}


def test_a_file_without_fault_is_exit_0_and_replayed_changes_nothing(run):
    good = "".join(FILE.splitlines(keepends=True)[:2])
    assert run(good)[0] == 0
    assert run(good) == (0, {"created": 0, "updated": 0, "unchanged": 1, "refused": []})


def test_a_dry_run_writes_nothing(run):
    assert run(FILE, "--dry-run")[1]["created"] == 1 and not Person.objects.exists()


def test_a_mapping_names_the_columns(run, tmp_path):
    mapping = tmp_path / "m.json"
    mapping.write_text('{"N": "nom", "P": "prenom"}', encoding="utf-8")
    assert run("N;P\nKadrani;Inès\n", "--mapping", str(mapping))[1]["created"] == 1


@pytest.mark.parametrize("text", ["{", "[1]", '{"N": 1}'])
def test_a_malformed_mapping_is_a_usage_error(run, tmp_path, text):
    mapping = tmp_path / "m.json"
    mapping.write_text(text, encoding="utf-8")
    status, document = run(FILE, "--mapping", str(mapping))
    assert status == 2 and document["errors"] and not Person.objects.exists()


@pytest.mark.parametrize("wrong", [{"siret": make_siret(8)}, {"siret": ""}, {"email": "inconnu@exemple.fr"}])
def test_an_account_that_is_no_member_imports_nothing(run, wrong):
    status, document = run(FILE, **wrong)
    assert status == 1 and "n’est pas membre" in document["errors"][0]["message"] and not Person.objects.exists()


def test_a_missing_column_refuses_the_file(run):
    status, document = run("nom;telephone\nA;\n")
    assert (status, document["refused"]) == (
        1,
        [{"line": 1, "column": "prenom", "reason": "Il manque la colonne prenom."}],
    )
    assert document["errors"] and document["created"] == 0


def test_a_file_that_is_not_there_is_exit_2(tmp_path, capsys):
    absent = str(tmp_path / "absent.csv")
    assert call_command("import", absent, "--organisation", "1", "--as", "a@b.fr", "--json") == 2
    assert json.loads(capsys.readouterr().out)["errors"]
