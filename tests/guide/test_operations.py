import shutil
from datetime import UTC, datetime

import pytest

from essaim.guide.models import Practice
from essaim.guide.operations import PracticeFilesError, load_practices
from essaim.guide.queries import DATA, get_practice, list_practices, practice_file

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    """A copy of two practice files."""
    for path in sorted(DATA.glob("*.yaml"))[:2]:
        shutil.copy(path, tmp_path)
    first = next(tmp_path.glob("01-*.yaml"))
    first.write_text("\n".join(line for line in first.read_text().splitlines() if " see: " not in line))
    return tmp_path


def change(folder, words):
    path = next(folder.glob("02-*.yaml"))
    lines = path.read_text().splitlines()
    lines = [f'title: "{words}"' if line.startswith("title:") else line for line in lines]
    path.write_text("\n".join(lines))
    return path.stem[3:]


def test_loading_the_guide_puts_27_practices_in_force():
    loaded = load_practices(now=NOW)
    assert len(loaded.added) == 27
    practices = list_practices()
    assert [practice.position for practice in practices] == list(range(1, 28))
    assert all(practice_file(practice).slug == practice.slug for practice in practices)


def test_loading_again_changes_nothing():
    load_practices(now=NOW)
    before = list(Practice.objects.order_by("pk").values())
    loaded = load_practices(now=LATER)
    assert len(loaded.unchanged) == 27
    assert (loaded.added, loaded.changed, loaded.withdrawn) == ((), (), ())
    assert list(Practice.objects.order_by("pk").values()) == before


def test_changed_file_makes_a_new_version_and_keeps_the_old_one(folder):
    load_practices(now=NOW, folder=folder)
    slug = change(folder, "Nouveau titre")
    loaded = load_practices(now=LATER, folder=folder)
    assert loaded.changed == (slug,)
    versions = list(Practice.objects.filter(slug=slug).order_by("version"))
    assert [(found.version, found.is_current) for found in versions] == [(1, False), (2, True)]
    assert versions[0].title != "Nouveau titre"
    assert (versions[1].title, versions[1].definition["title"]) == ("Nouveau titre", "Nouveau titre")
    assert get_practice(slug) == versions[1]
    assert practice_file(versions[0]).title != practice_file(versions[1]).title


def test_file_put_back_as_it_was_returns_to_its_version(folder):
    load_practices(now=NOW, folder=folder)
    path = next(folder.glob("02-*.yaml"))
    original = path.read_text()
    slug = change(folder, "Nouveau titre")
    load_practices(now=LATER, folder=folder)
    path.write_text(original)
    load_practices(now=LATER, folder=folder)
    assert get_practice(slug).version == 1
    assert Practice.objects.filter(slug=slug).count() == 2


def test_practice_without_a_file_is_withdrawn_until_it_comes_back(folder):
    load_practices(now=NOW, folder=folder)
    path = next(folder.glob("02-*.yaml"))
    slug, text = path.stem[3:], path.read_text()
    path.unlink()
    assert load_practices(now=LATER, folder=folder).withdrawn == (slug,)
    with pytest.raises(Practice.DoesNotExist):
        get_practice(slug)
    path.write_text(text)
    assert load_practices(now=LATER, folder=folder).added == (slug,)
    assert get_practice(slug).version == 1


def test_one_faulty_file_loads_nothing(folder):
    path = next(folder.glob("02-*.yaml"))
    path.write_text(path.read_text() + "colour: red\n")
    with pytest.raises(PracticeFilesError, match="colour") as refused:
        load_practices(now=NOW, folder=folder)
    assert [fault.file for fault in refused.value.faults] == [path.name]
    assert not Practice.objects.exists()
