"""A backup holds everything, comes back whole or not at all, and brings no erased person back."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from essaim.cli.archives import restoring
from essaim.cli.archives.restoring import restore_instance, verify
from essaim.cli.archives.saving import save_instance
from essaim.cli.archives.tables import compute_checksums
from essaim.cli.database import project_root
from essaim.cli.errors import CommandError
from essaim.people.models import Document, Person
from essaim.people.operations import store_document
from essaim.privacy.operations import erase_person
from essaim.privacy.queries import erasures_path
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import make_contract
from tests.factories.journeys import make_enrolment
from tests.factories.people import NoteFactory, PersonFactory
from tests.privacy.test_erasing import PDF

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    storage = {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": storage}
    }
    return tmp_path


def sums():
    with connection.cursor() as cursor:
        return compute_checksums(cursor)


def lives():
    by = MembershipFactory(manager=True)
    enrolment = make_enrolment(by)
    make_contract(by, enrolment)
    document = store_document(
        person=enrolment.person, kind="cv", title="CV", upload=ContentFile(PDF, "cv.pdf"), by=by, now=NOW
    )
    return by, document


def test_what_is_restored_is_what_was_saved(tmp_path):
    by, document = lives()
    before, archive = sums(), tmp_path / "essaim.sauvegarde"
    assert save_instance(archive) == []
    name = document.file.name
    NoteFactory(text="écrite après la sauvegarde")
    default_storage.delete(name)
    default_storage.save("documents/ZZ/inconnu", ContentFile(b"x"))
    assert sums() != before
    assert restore_instance(archive) == 0
    assert sums() == before
    with default_storage.open(name) as kept:
        assert kept.read() == PDF
    assert not default_storage.exists("documents/ZZ/inconnu")
    assert PersonFactory(held_by=by).pk > document.person_id
    with connection.cursor() as cursor, pytest.raises(Exception, match="only added"):
        cursor.execute("DELETE FROM journal_fact")


def test_an_erased_person_does_not_come_back(tmp_path):
    by, archive = MembershipFactory(manager=True), tmp_path / "avant"
    person = PersonFactory(held_by=by, last_name="Quatrevaux")
    other = PersonFactory(held_by=by, last_name="Olivastre")
    save_instance(archive)
    erase_person(person=person, cause="request", by=by, now=NOW)
    assert restore_instance(archive) == 1
    assert Person.objects.get(code=person.code).last_name == "effacée"
    assert Person.objects.get(code=other.code).last_name == "Olivastre"
    assert restore_instance(archive) == 1
    assert erasures_path().read_text().count(person.code) >= 1


def test_the_list_of_erasures_beside_the_data_is_enough(tmp_path):
    by, archive = MembershipFactory(manager=True), tmp_path / "avant"
    person = PersonFactory(held_by=by, last_name="Quatrevaux")
    save_instance(archive)
    line = {"code": person.code, "at": "2026-11-23T09:00:00+00:00", "cause": "request"}
    erasures_path().write_text(json.dumps(line) + '\n{"code": "cou')
    assert restore_instance(archive) == 1
    assert Person.objects.get(code=person.code).last_name == "effacée"


def rewritten(source, target, change):
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            content = change(member.name, content)
            if content is None:
                continue
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("fault", ["cut", "bit", "row", "missing", "version", "other", "absent"])
def test_a_backup_that_is_not_whole_changes_nothing(tmp_path, fault):
    lives()
    good, bad = tmp_path / "bonne", tmp_path / "mauvaise"
    save_instance(good)
    content = good.read_bytes()
    if fault == "cut":
        bad.write_bytes(content[: len(content) // 2])
    elif fault == "bit":
        middle = len(content) // 2
        bad.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    elif fault == "row":
        rewritten(good, bad, lambda name, text: text.replace(b"a", b"b") if name == "tables/people_person" else text)
    elif fault == "missing":
        rewritten(good, bad, lambda name, text: None if name == "tables/people_note" else text)
    elif fault == "version":
        rewritten(
            good,
            bad,
            lambda name, text: text.replace(b"people.0001", b"people.9001") if name == "manifest.json" else text,
        )
    elif fault == "other":
        bad.write_bytes(b"nom;prenom\n")
    before = sums()
    with pytest.raises(CommandError, match=r"abîmée|autre version|n’existe pas"):
        restore_instance(bad)
    assert sums() == before
    assert verify(good)["format"]


def test_a_restore_that_fails_on_the_way_leaves_what_was(tmp_path, monkeypatch):
    lives()
    archive = tmp_path / "bonne"
    save_instance(archive)
    note = NoteFactory()
    before = sums()

    def fail(*args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(restoring, "_set_sequences", fail)
    with pytest.raises(RuntimeError):
        restore_instance(archive)
    assert sums() == before
    assert Document.objects.count() == 1
    assert note.pk


@pytest.mark.drill
def test_a_restore_killed_on_the_way_leaves_what_was(tmp_path):
    """The process dies by kill -9 while it fills the tables."""
    lives()
    archive = tmp_path / "bonne"
    save_instance(archive)
    NoteFactory()
    before = sums()
    slow = (
        "import os,sys,time,django;django.setup();"
        "from essaim.cli.archives import restoring;"
        "fill=restoring._fill;"
        "restoring._fill=lambda *a:(fill(*a),print('filled',flush=True),time.sleep(60));"
        "from pathlib import Path;restoring.restore_instance(Path(sys.argv[1]))"
    )
    settings_dict = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}/{NAME}".format(**settings_dict)
    environment = os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test", "ESSAIM_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    command = [sys.executable, "-c", slow, str(archive)]
    with subprocess.Popen(command, cwd=project_root(), env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"filled\n"
        process.kill()
    time.sleep(1)
    assert sums() == before
