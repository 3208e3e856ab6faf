import re
from fnmatch import fnmatch

import pytest
from django.contrib.staticfiles import finders

from essaim.cli import fingerprint, static_files
from essaim.cli.errors import CommandError

USE = re.compile(r"""\{% static ["']([^"']+)["']""")
TEMPLATES = list(fingerprint.PACKAGE.glob("**/templates/**/*.html"))


def used_files():
    return sorted({name for template in TEMPLATES for name in USE.findall(template.read_text())})


@pytest.mark.parametrize("name", used_files())
def test_no_file_that_a_page_uses_is_left_out(name):
    assert finders.find(name)
    assert not [p for p in static_files.UNUSED for part in name.split("/") if fnmatch(part, p)]


@pytest.fixture
def collect(monkeypatch, tmp_path):
    """Collect into an empty folder; gives the commands that were run."""
    monkeypatch.setenv("ESSAIM_DATA_DIR", str(tmp_path))
    runs = []

    class Ended:
        returncode = 0

    def run(command, **options):
        runs.append(command)
        (tmp_path / "static").mkdir(exist_ok=True)
        return Ended

    monkeypatch.setattr(static_files.subprocess, "run", run)
    return runs, Ended


def test_nothing_is_collected_twice(collect, monkeypatch):
    runs, _ = collect
    static_files.collect_static_files()
    static_files.collect_static_files()
    assert len(runs) == 1
    monkeypatch.setattr(fingerprint, "of_static_files", lambda: "changed")
    static_files.collect_static_files()
    assert len(runs) == 2


def test_failed_collection_is_done_again_next_time(collect):
    runs, ended = collect
    ended.returncode = 1
    for _ in range(2):
        with pytest.raises(CommandError, match="statiques"):
            static_files.collect_static_files()
    assert len(runs) == 2
