import argparse
import json

import pytest

from essaim.cli.commands import directory
from essaim.cli.errors import CommandError
from essaim.directory.models import Commune, Zone

pytestmark = pytest.mark.django_db

COMMUNES = "code;nom;codesPostaux;departement;region\n13055;Marseille;13001;13;93\n"
ZONES = "code_qp;lib_qp;insee_com\nQN01301M;Saint Mauront;13055\n"


@pytest.fixture
def run(tmp_path, capsys):
    """``run("import-communes", content, …)``: the command on a file of that content; what it prints."""

    def call(name, content, *options):
        path = tmp_path / "liste.csv"
        path.write_text(content, encoding="utf-8")
        parser = argparse.ArgumentParser()
        directory.configure(parser)
        assert directory.run(parser.parse_args([name, str(path), *options])) == 0
        return capsys.readouterr().out

    return call


def test_communes_then_zones_are_imported_and_counted(run):
    assert json.loads(run("import-communes", COMMUNES, "--json")) == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "errors": [],
    }
    assert run("import-communes", COMMUNES) == "0 ajoutées, 0 modifiées, 1 inchangées\n"
    run("import-zones", ZONES, "--since", "2024-01-01")
    zone = Zone.objects.get()
    assert (zone.kind, zone.code, str(zone.since)) == ("qpv", "QN01301M", "2024-01-01")


def test_a_refusal_gives_each_row_with_its_column(run):
    with pytest.raises(CommandError) as caught:
        run("import-communes", COMMUNES + "xxx;Ailleurs;13001;13;93\n", "--json")
    (fault,) = caught.value.document["errors"]
    assert (fault["line"], fault["column"]) == (3, "code") and fault["file"].endswith("liste.csv")
    assert "ligne 3, colonne code" in caught.value.message
    assert not Commune.objects.exists()


def test_a_file_that_is_not_there_is_told(run, tmp_path):
    parser = argparse.ArgumentParser()
    directory.configure(parser)
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        directory.run(parser.parse_args(["import-communes", str(tmp_path / "absent.json")]))


def test_a_wrong_day_is_a_usage_error(run):
    with pytest.raises(SystemExit):
        run("import-zones", ZONES, "--since", "01/01/2024")
