"""Default deny, current membership, read-only GET, read audit."""

import pytest
from django.db.utils import InternalError
from django.test import Client
from django.utils import timezone

from essaim.accounts.models import ReadAudit, User
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]


def test_a_view_without_rule_is_refused_to_everybody(client, client_for):
    assert client.get("/sans-regle/").status_code == 403
    assert client_for(MembershipFactory(operator=True)).get("/sans-regle/").status_code == 403


def test_a_public_view_needs_no_account(client):
    assert client.get("/publique/").status_code == 200


def test_an_anonymous_reader_is_asked_to_sign_in_and_comes_back(client):
    response = client.get("/membre/?q=a b")
    assert response.status_code == 302
    assert response["Location"] == "/connexion/?next=%2Fmembre%2F%3Fq%3Da%2520b"


def test_an_anonymous_fragment_request_sends_the_whole_page_to_sign_in(client):
    response = client.get("/membre/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/connexion/?next=%2Fmembre%2F"


@pytest.mark.parametrize(
    ("page", "back"),
    [("http://testserver/dossier/P1/?onglet=fil", "%2Fdossier%2FP1%2F%3Fonglet%3Dfil"), ("http://[", "%2Fmembre%2F")],
)
def test_a_fragment_sends_back_to_the_page_around_it(client, page, back):
    response = client.get("/membre/", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert response["HX-Redirect"] == f"/connexion/?next={back}"


def test_a_rule_not_met_is_refused_in_words(client_for):
    response = client_for(MembershipFactory(funder=True)).get("/dossier/P1/")
    assert response.status_code == 403
    assert "Vous n’avez pas accès à cette page" in response.content.decode()
    assert not ReadAudit.objects.exists()


def test_the_chosen_organisation_is_the_current_one(client_for):
    first = MembershipFactory()
    second = MembershipFactory(user=first.user)
    assert client_for(second).get("/membre/").content.decode() == second.organisation.ref
    assert client_for(first).get("/membre/").content.decode() == first.organisation.ref


def test_an_ended_membership_gives_no_access_at_the_next_request(client_for):
    membership = MembershipFactory()
    client = client_for(membership)
    assert client.get("/membre/").status_code == 200
    membership.until = timezone.now()
    membership.save()
    assert client.get("/membre/").status_code == 403


def test_when_one_membership_ends_the_other_is_used(client_for):
    left = MembershipFactory()
    kept = MembershipFactory(user=left.user)
    client = client_for(left)
    left.until = timezone.now()
    left.save()
    assert client.get("/membre/").content.decode() == kept.organisation.ref


def test_an_inactive_user_is_signed_out(client_for):
    membership = MembershipFactory()
    client = client_for(membership)
    membership.user.is_active = False
    membership.user.save()
    assert client.get("/membre/").status_code == 302


def test_reading_cannot_write():
    client = Client(raise_request_exception=True)
    with pytest.raises(InternalError, match="read-only transaction"):
        client.get("/ecrit/")
    assert not User.objects.filter(email="ecrit@exemple.fr").exists()


def test_sending_may_write(client):
    assert client.post("/ecrit/").status_code == 200
    assert User.objects.filter(email="ecrit@exemple.fr").exists()


def test_opening_a_file_is_recorded(client_for):
    membership = MembershipFactory()
    client_for(membership).get("/dossier/P7K3F9QX0TM/")
    audit = ReadAudit.objects.get()
    assert (audit.kind, audit.object_ref) == ("person", "P7K3F9QX0TM")
    assert audit.user_uuid == membership.user.uuid
    assert audit.organisation_ref == membership.organisation.ref


def test_signed_in_pages_are_kept_out_of_caches(client, client_for):
    assert client_for(MembershipFactory()).get("/connectee/")["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.get("/publique/")


@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "patch", "delete"])
def test_no_method_escapes_the_default_deny(client, method):
    assert getattr(client, method)("/membre/").status_code == 302


def test_a_user_without_membership_is_not_a_member(client_of):
    client = client_of(UserFactory())
    assert client.get("/connectee/").status_code == 200
    assert client.get("/membre/").status_code == 403
