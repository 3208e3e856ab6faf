"""What no browser sends: a NUL in an address, a form that cannot be read. Refused in plain words, never a failure."""

import pytest
from django.test import Client

from essaim.accounts.enums import Role
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/personnes/%00/",
    "/personnes/P%00/coordonnees/",
    "/actions/%00/",
    "/actions/A%00/bilan/",
    "/actions/A%00/bilan.csv",
    "/actions/A%00/fil/",
    "/entreprises/%00/",
    "/entreprises/%00/modifier/",
    "/guide/marseille%00/",
    "/invitation/%00/",
]
UNREADABLE = [
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-"),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_a_nul_names_nothing(client_for, address):
    client = client_for(MembershipFactory(role=Role.MANAGER))
    assert client.get(address).status_code == 404
    assert client.post(address).status_code in {404, 405}


@pytest.mark.parametrize(("content_type", "body"), UNREADABLE)
def test_an_unreadable_form_is_said_incomprehensible(content_type, body):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/connexion/")
    response = client.post("/connexion/", body, content_type=content_type)
    assert response.status_code == 400
    assert "Rien n’a été enregistré" in response.content.decode()
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
