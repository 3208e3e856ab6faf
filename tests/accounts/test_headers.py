"""Security headers on every answer, and what production adds."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory

POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/connexion/", "/compte/", "/nulle-part/", "/deconnexion/"])
def test_every_answer_carries_the_headers(client_for, path):
    for client in (Client(), client_for(MembershipFactory())):
        response = client.get(path)
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
        assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.django_db
def test_pages_of_doors_are_not_kept(client, client_for):
    for path in ("/connexion/", "/mot-de-passe/", "/invitation/inconnue/"):
        assert "no-store" in client.get(path)["Cache-Control"]
    assert client_for(MembershipFactory()).get("/compte/")["Cache-Control"] == "no-store"


@pytest.fixture(scope="module")
def production():
    """The settings of a production, read by another Python."""
    names = [
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_DOMAIN", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG",
    ]  # fmt: skip
    program = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}))"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ESSAIM_PRODUCTION": "1",
        "SECRET_KEY": "une-cle-de-cinquante-caracteres-au-moins-0123456789abcdef",
        "ALLOWED_HOSTS": "essaim.exemple.fr",
        "DATABASE_URL": "postgres://web@db.exemple.fr/essaim",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_cookies_are_bound_to_the_host(production):
    for name in ("SESSION", "CSRF"):
        assert production[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{name}_COOKIE_SECURE"]
        assert production[f"{name}_COOKIE_HTTPONLY"]
        assert production[f"{name}_COOKIE_DOMAIN"] is None
    assert production["SESSION_COOKIE_PATH"] == "/"
    assert production["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_production_speaks_https_only(production):
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert not production["DEBUG"]
