"""Documents: what is kept, who reads them, how they go."""

from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from essaim.accounts.models import ReadAudit
from essaim.people.engine.filetypes import LARGEST_FILE
from essaim.people.models import Document
from essaim.people.operations import DocumentRefused, delete_document, store_document
from essaim.people.queries import get_document_for, list_documents_for
from tests.factories.accounts import MembershipFactory
from tests.factories.people import PDF, AccessGrantFactory, PersonFactory, colleague_of, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def person(counsellor):
    return PersonFactory(held_by=counsellor)


@pytest.fixture
def attached(person):
    membership = MembershipFactory()
    AccessGrantFactory(person=person, organisation=membership.organisation)
    return membership


def store(person, by, now, **values):
    return store_document(
        **{"person": person, "kind": "cv", "title": "CV", "upload": PDF, "by": by, "now": now} | values
    )


def test_a_document_is_kept_under_a_name_that_says_nothing(person, counsellor, now):
    document = store(person, counsellor, now, upload=SimpleUploadedFile("CV Inès Kadrani.exe", PDF))
    assert (document.content_type, document.size, document.title) == ("application/pdf", len(PDF), "CV")
    assert document.file.name == f"documents/{document.ref[1:3]}/{document.ref}"
    assert document.file.read() == PDF
    assert (document.organisation, document.uploaded_by) == (counsellor.organisation, counsellor.user)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"upload": b""}, "upload"),
        ({"upload": SimpleUploadedFile("cv.pdf", b"MZ\x90" + bytes(90), content_type="application/pdf")}, "upload"),
        ({"upload": b"<svg onload=alert(1)>"}, "upload"),
        ({"upload": PDF.ljust(LARGEST_FILE + 1)}, "upload"),
        ({"kind": "photo"}, "kind"),
    ],
    ids=["empty", "renamed exe", "svg", "too large", "unknown kind"],
)
def test_what_is_not_a_document_is_refused(person, counsellor, now, values, field):
    with pytest.raises(DocumentRefused) as refusal:
        store(person, counsellor, now, **values)
    assert refusal.value.field == field
    assert not Document.objects.exists()


def test_without_title_its_kind_is_its_title(person, counsellor, now):
    assert store(person, counsellor, now, title=" ").title == "Cv"


def test_health_papers_are_for_the_referent_team(person, counsellor, attached, now):
    health = store(person, counsellor, now, kind="health")
    shared, kept = store(person, counsellor, now), store(person, counsellor, now, is_sensitive=True)
    assert health.is_sensitive
    assert set(list_documents_for(counsellor, person)) == {health, shared, kept}
    assert list(list_documents_for(attached, person)) == [shared]
    with pytest.raises(Document.DoesNotExist):
        get_document_for(attached, person.code, health.ref)
    with pytest.raises(DocumentRefused):
        store(person, attached, now, kind="health")
    assert store(person, attached, now).organisation == attached.organisation


def test_the_documents_of_a_protected_person_are_for_the_referent_team(counsellor, now):
    person = PersonFactory(held_by=counsellor, protected=True)
    membership = MembershipFactory()
    AccessGrantFactory(person=person, organisation=membership.organisation)
    store(person, counsellor, now)
    assert not list_documents_for(membership, person)


def test_a_stranger_keeps_and_reads_nothing(person, counsellor, now):
    stranger = MembershipFactory()
    with pytest.raises(DocumentRefused):
        store(person, stranger, now)
    with pytest.raises(Document.DoesNotExist):
        get_document_for(stranger, person.code, make_document(counsellor, person).ref)


def test_a_document_removed_leaves_the_storage(person, counsellor, attached, now, django_capture_on_commit_callbacks):
    document = store(person, counsellor, now)
    name = document.file.name
    with pytest.raises(DocumentRefused):
        delete_document(document=document, by=attached, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        delete_document(document=document, by=counsellor, now=now)
        assert default_storage.exists(name)
    assert not default_storage.exists(name)
    assert not Document.objects.exists()


# The screens ------------------------------------------------------------------------------------------------------


def test_a_document_is_added_once_and_given_back_as_a_file(client_for, counsellor, person):
    client, url = client_for(counsellor), reverse("people:document_new", args=[person.code])
    key = str(uuid4())
    for _ in range(2):
        upload = SimpleUploadedFile("x.pdf", PDF)
        data = {"form_key": key, "kind": "cv", "title": "CV d’été", "upload": upload}
        assert client.post(url, data).url.endswith("?onglet=documents")
    document = Document.objects.get()
    assert (
        "CV d’été" in client.get(reverse("people:person", args=[person.code]), {"onglet": "documents"}).content.decode()
    )

    given = client.get(reverse("people:document", args=[person.code, document.ref]))
    assert b"".join(given.streaming_content) == PDF
    assert given["Content-Disposition"].startswith("attachment;")
    assert given["Content-Type"] == "application/pdf"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in given["Cache-Control"]
    assert ReadAudit.objects.filter(kind="document", object_ref=document.ref).count() == 1


def test_a_refused_file_is_told_beside_its_field(client_for, counsellor, person):
    data = {"form_key": str(uuid4()), "kind": "cv", "upload": SimpleUploadedFile("cv.pdf", b"MZ" + bytes(60))}
    page = client_for(counsellor).post(reverse("people:document_new", args=[person.code]), data)
    assert "Ce type de fichier n’est pas accepté" in page.content.decode()
    empty = data | {"upload": SimpleUploadedFile("cv.pdf", b"")}
    page = client_for(counsellor).post(reverse("people:document_new", args=[person.code]), empty)
    assert "Ce fichier est vide" in page.content.decode()


def test_who_is_given_a_document(client_for, counsellor, person, attached):
    shared, kept = make_document(counsellor, person), make_document(counsellor, person, is_sensitive=True)

    def status(who, document, name="document"):
        return client_for(who).get(reverse(f"people:{name}", args=[person.code, document.ref])).status_code

    assert [status(who, shared) for who in (counsellor, colleague_of(counsellor), attached)] == [200, 200, 200]
    assert [status(who, kept) for who in (counsellor, attached, MembershipFactory())] == [200, 404, 404]
    assert status(MembershipFactory(), shared) == 404
    assert status(MembershipFactory(role="funder"), shared) == 403
    assert status(attached, shared, "document_delete") == 404
    other = PersonFactory(held_by=counsellor)
    assert client_for(counsellor).get(reverse("people:document", args=[other.code, shared.ref])).status_code == 404


def test_a_document_lost_by_the_storage_is_not_found(client_for, counsellor, person):
    document = make_document(counsellor, person)
    default_storage.delete(document.file.name)
    assert client_for(counsellor).get(reverse("people:document", args=[person.code, document.ref])).status_code == 404


def test_removing_is_asked_before_it_is_done(client_for, counsellor, person):
    document = make_document(counsellor, person)
    client, url = client_for(counsellor), reverse("people:document_delete", args=[person.code, document.ref])
    assert "Supprimer ce document" in client.get(url).content.decode()
    client.post(url)
    assert not Document.objects.exists()
