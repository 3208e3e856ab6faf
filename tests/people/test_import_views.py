"""Importing on the screens: choose, say the columns, look, import once; the file never stays."""

import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.people.models import ImportMapping, Person, PersonImport
from essaim.people.operations.import_drafts import (
    LARGEST_FILE,
    cancel_import,
    confirm_import,
    forget_import_drafts,
    map_columns,
    start_import,
)
from essaim.people.operations.imports import ImportRefused
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

FILE = "Nom de famille;Prénom;Portable;Divers\nKadrani;Inès;06 12 34 56 78;x\nMarchand;Léo;12;y\n"
COLUMNS = ["nom", "prenom", "telephone", ""]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": options}
    return tmp_path


@pytest.fixture
def by():
    return MembershipFactory(role=Role.COUNSELLOR)


@pytest.fixture
def draft(by, now):
    started = start_import(content=FILE.encode(), file_name="mes gens.csv", by=by, now=now)
    return map_columns(draft=started, columns=COLUMNS, by=by, now=now)


def stored():
    return default_storage.listdir("imports")[1]


def post_file(client, content=FILE, name="gens.csv", **values):
    page = client.get(reverse("people:import_new"))
    key = page.context["form"]["form_key"].value()
    data = {"form_key": key, "file": SimpleUploadedFile(name, content.encode())} | values
    return client.post(reverse("people:import_new"), data)


def test_from_the_file_to_the_people(client_for, by, django_capture_on_commit_callbacks):
    client = client_for(by)
    response = post_file(client)
    draft = PersonImport.objects.get()
    assert response["Location"] == reverse("people:import_columns", args=[draft.ref])
    page = client.get(response["Location"])
    form = page.context["form"]
    assert [form[name].value() for name in form.fields] == COLUMNS and "Kadrani, Marchand" in page.text
    client.post(response["Location"], {f"column_{index}": field for index, field in enumerate(COLUMNS)})
    preview = client.get(reverse("people:import", args=[draft.ref]))
    assert "Importer 1 personne" in preview.text and "Numéro incomplet" in preview.text and not Person.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("people:import_confirm", args=[draft.ref]))
    assert Person.objects.get().phone == "+33612345678" and stored() == []
    done = client.get(reverse("people:import", args=[draft.ref]))
    assert "Import terminé" in done.text and "Numéro incomplet" in done.text
    export = client.get(reverse("people:import", args=[draft.ref]) + "?format=csv")
    assert "3;Portable;Numéro incomplet" in export.content.decode("utf-8-sig")
    draft.refresh_from_db()
    assert draft.file_name == "fichier.csv"


def test_the_same_upload_sent_twice_makes_one_draft(client_for, by):
    client = client_for(by)
    key = client.get(reverse("people:import_new")).context["form"]["form_key"].value()
    first, second = (post_file(client, form_key=key) for _ in range(2))
    assert first["Location"] == second["Location"] and PersonImport.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"), [("", "vide"), ("\n\n", "vide"), ("\x00\x01", "texte lisible"), ("PK\x03\x04xx", "abîmé")]
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(client_for, by, content, words):
    response = post_file(client_for(by), content)
    assert response.status_code == 200 and words in str(response.context["form"].errors["file"])
    assert not PersonImport.objects.exists()


def test_a_file_too_large_is_refused(by, now):
    with pytest.raises(ImportRefused, match="10 Mo"):
        start_import(content=b"x" * (LARGEST_FILE + 1), file_name="x.csv", by=by, now=now)


def test_columns_that_are_not_clear_are_told(client_for, by, draft):
    columns = reverse("people:import_columns", args=[draft.ref])
    response = client_for(by).post(columns, {"column_0": "nom", "column_1": "nom"})
    assert "Deux colonnes donnent le même champ" in response.text and "Il manque la colonne prenom" in response.text


def test_the_columns_are_remembered_for_the_next_file(client_for, by, draft):
    choice = ["nom", "prenom", "", "identifiant_externe"]
    map_columns(draft=draft, columns=choice, by=by, now=timezone.now())
    client = client_for(by)
    page = client.get(post_file(client)["Location"])
    assert [page.context["form"][name].value() for name in page.context["form"].fields] == choice
    assert ImportMapping.objects.get().mapping == choice


def test_confirmed_twice_it_is_imported_once(by, draft, now):
    first = confirm_import(draft=draft, by=by, now=now)
    second = confirm_import(draft=draft, by=by, now=now)
    assert (first.created, second.created, Person.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_import_once(by, draft, now):
    ready, results = threading.Barrier(4), []

    def confirm():
        try:
            ready.wait()
            results.append(confirm_import(draft=draft, by=by, now=now).created)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1, 1, 1, 1] and Person.objects.count() == 1


def test_abandoned_the_file_is_deleted(client_for, by, draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client_for(by).post(reverse("people:import_cancel", args=[draft.ref]))
    assert stored() == [] and not PersonImport.objects.exists() and not Person.objects.exists()


def test_an_import_done_is_not_abandoned(by, draft, now):
    confirm_import(draft=draft, by=by, now=now)
    with pytest.raises(ImportRefused, match="déjà importé"):
        cancel_import(draft=draft, by=by, now=now)
    with pytest.raises(ImportRefused, match="déjà fait"):
        map_columns(draft=draft, columns=COLUMNS, by=by, now=now)


def test_drafts_are_kept_a_day(by, draft, now, django_capture_on_commit_callbacks):
    assert forget_import_drafts(now=now + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_import_drafts(now=now + timedelta(hours=24)) == 1
    assert stored() == [] and not PersonImport.objects.exists()


def test_a_file_that_no_draft_claims_is_deleted(by, draft, now):
    PersonImport.objects.all().delete()
    assert len(stored()) == 1
    forget_import_drafts(now=timezone.now() + timedelta(days=400))
    assert stored() == []


def test_a_draft_whose_file_is_gone_says_so(client_for, by, draft):
    default_storage.delete(draft.file.name)
    client = client_for(by)
    assert "n’est plus là" in client.get(reverse("people:import", args=[draft.ref])).text
    page = client.post(reverse("people:import_confirm", args=[draft.ref]), follow=True)
    assert "n’est plus là" in page.text and not Person.objects.exists()
    assert client.get(reverse("people:import_columns", args=[draft.ref]))["Location"] == reverse("people:import_new")


def test_another_organisation_sees_nothing(client_for, draft):
    stranger = client_for(MembershipFactory(manager=True))
    for name in ("people:import", "people:import_columns"):
        assert stranger.get(reverse(name, args=[draft.ref])).status_code == 404
    for name in ("people:import_confirm", "people:import_cancel"):
        assert stranger.post(reverse(name, args=[draft.ref])).status_code == 404
    assert not Person.objects.exists()


def test_the_list_and_the_model_open(client_for, by, draft):
    client = client_for(by)
    assert "À terminer" in client.get(reverse("people:import_new")).text
    assert client.get(reverse("people:import_template"))["Content-Disposition"].endswith('.xlsx"')
