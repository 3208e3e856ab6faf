import json
import shutil

from essaim.cli import main
from essaim.guide.queries import DATA
from tests.factories.guide import FILES


def test_check_accepts_the_files_of_essaim(capsys):
    assert main(["practices", "check"]) == 0
    assert "27 fiches" in capsys.readouterr().out


def test_check_tells_each_fault_with_file_and_line(tmp_path, capsys):
    source = sorted(DATA.glob("*.yaml"))[1]
    shutil.copy(source, tmp_path)
    path = tmp_path / source.name
    text = path.read_text().replace("status: complete", "status: sure").replace("of: ", "of: party_given # ", 1)
    path.write_text(text + "colour: red\n")
    assert main(["practices", "check", "--folder", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith(f"{source.name}:") for line in lines)


def test_list_has_the_shape_of_the_command_document(capsys):
    assert main(["practices", "list", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["practices"]
    assert [row["slug"] for row in document["practices"]] == list(FILES)
    first = document["practices"][0]
    assert set(first) == {"slug", "title", "theme", "settings", "steps", "indicators"}
    assert first["settings"]["planned_persons"] == 150
    assert first["indicators"][0] == {
        "id": "accompanied",
        "published": 416,
        "unit": "personnes",
        "check": "stated",
    }
    assert first["steps"][0] == {"key": "orientation", "kind": "journeys.prescription"}


def test_usage_is_told_without_a_subcommand():
    assert main(["practices"]) == 2
