"""Nothing that names a person or opens a door gets into the logs."""

import io
import logging

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from config.settings import LOGGING
from essaim.accounts.logs import blot, hide_personal_data
from essaim.kernel.links import new_token
from tests.factories.accounts import UserFactory


@pytest.fixture
def logged():
    """What the product's own formatter writes of everything logged, whatever the level."""
    settings = dict(LOGGING["formatters"]["lines"])
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(settings.pop("()")(**settings))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "django", "django.request", "axes")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler.stream.getvalue
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not Found: /invitation/abcdefghijklmnopqrstuvwx_-1/", "Not Found: /invitation/[jeton]/"),
        (
            "/connexion/?next=%2Finvitation%2FabcdefghijklmnopqrstuvwxYZ%2F",
            "/connexion/?next=%2Finvitation%2F[jeton]%2F",
        ),
        ("token=abcdefghijklmnopqrstuvwx", "token=[jeton]"),
        ("refused for ines.k+x@exemple.co.fr.", "refused for [courriel]."),
        ("email=ines%40exemple.fr", "email=[courriel]"),
        ("x\nDETAIL:  Key (last_name)=(Kadrani) exists.\ny", "x\nDETAIL: …\ny"),
        ("/personnes/P7K3F9QX0TM/ took 3 ms", "/personnes/P7K3F9QX0TM/ took 3 ms"),
        (
            "/membres/0b0f2cde-6b8a-4a53-9d94-0d7cf7e0a001/role/",
            "/membres/0b0f2cde-6b8a-4a53-9d94-0d7cf7e0a001/role/",
        ),
    ],
)
def test_blotting(text, expected):
    assert blot(text) == expected


def test_fields_that_name_someone_are_hidden():
    event = hide_personal_data(None, "info", {"event": "x", "email": "a@b.fr", "count": 3})
    assert event == {"event": "x", "email": "[masqué]", "count": 3}


@pytest.mark.django_db
def test_a_wrong_link_leaves_no_token(logged):
    token = new_token()
    Client().get(f"/invitation/{token}/")
    Client().get(f"/inconnue/{token}/")
    Client(enforce_csrf_checks=True).post(f"/invitation/{token}/")
    text = logged()
    assert "[jeton]" in text
    assert token not in text


@pytest.mark.django_db
def test_failed_sign_ins_leave_no_address(logged):
    for _ in range(7):
        Client().post("/connexion/", {"email": "ines.kadrani@exemple.fr", "password": "secret de polichinelle"})
    text = logged()
    assert "ines" not in text.lower()
    assert "polichinelle" not in text


@pytest.mark.django_db
def test_an_error_of_the_database_leaves_no_value(logged):
    UserFactory(email="ines.kadrani@exemple.fr")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET last_name = NULL, email = 'kadrani@exemple.fr'")
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error")
    text = logged()
    assert "IntegrityError" in text
    assert "kadrani" not in text.lower()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.accounts.urls")
def test_a_view_without_rule_is_logged_by_name(logged, client):
    client.get("/sans-regle/")
    assert "tests.accounts.urls.without_rule" in logged()
