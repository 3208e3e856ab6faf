import json

from essaim.cli import main
from essaim.cli.commands.routes import UNDECLARED, list_routes


def test_routes_are_one_json_document(capsys):
    assert main(["routes", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["routes"]
    assert {"path", "name", "methods", "access", "public"} == set(rows[0])


def test_health_is_public_and_only_read():
    health = next(row for row in list_routes() if row["name"] == "health")
    assert health == {
        "path": "/sante/",
        "name": "health",
        "methods": ["GET"],
        "access": "public",
        "public": True,
    }


def test_every_route_declares_its_rule_and_its_methods():
    rows = list_routes()
    assert [row["path"] for row in rows if row["access"] == UNDECLARED or not row["methods"]] == []


def test_names_carry_their_app():
    assert "accounts:sign_in" in {row["name"] for row in list_routes()}


def test_routes_need_no_database(essaim, tmp_path):
    answer = essaim("routes", "--json", ESSAIM_DATA_DIR=str(tmp_path / "rien"))
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["routes"]
    assert not (tmp_path / "rien").exists()
