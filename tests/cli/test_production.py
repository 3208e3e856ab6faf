"""A misconfigured production refuses to start and says why."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from essaim.kernel import checks

KEY = "c8Zt-kQ2vLr7mXw4-nBp9sYd3-hFg6jTe1-uAo5iRz0-KxWqVbNm-LcJ"
SOUND = {
    "ESSAIM_PRODUCTION": "1",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "essaim.exemple.fr",
    "DATABASE_URL": "postgres://essaim_app@127.0.0.1:1/essaim",
}


@pytest.fixture
def production(settings, monkeypatch):
    elsewhere = settings.DATABASES["default"] | {"HOST": "base.exemple.fr", "OPTIONS": {}}
    monkeypatch.setitem(settings.DATABASES, "default", elsewhere)
    settings.PRODUCTION = True
    settings.SECRET_KEY = KEY
    settings.ALLOWED_HOSTS = ["essaim.exemple.fr"]
    settings.DATABASE_IS_GIVEN = True
    return settings


def test_sound_production_has_no_fault(production):
    assert checks.list_faults() == []


def test_nothing_is_demanded_elsewhere(settings):
    settings.SECRET_KEY = ""
    settings.ALLOWED_HOSTS = []
    assert checks.list_faults() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY manque"),
        ("SECRET_KEY", "courte", "SECRET_KEY est trop faible"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY est trop faible"),
        ("SECRET_KEY", "django-insecure-" + KEY, "SECRET_KEY est trop faible"),
        ("DEBUG", True, "DEBUG doit être désactivé"),
        ("ALLOWED_HOSTS", [], "ALLOWED_HOSTS est vide"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS ne peut pas accepter tous les noms"),
        ("DATABASE_IS_GIVEN", False, "DATABASE_URL manque"),
    ],
)
def test_each_fault_is_said_in_plain_words(production, name, value, said):
    setattr(production, name, value)
    assert [said in fault for fault in checks.list_faults()] == [True]


def test_embedded_server_is_refused(production, monkeypatch):
    database = production.DATABASES["default"] | {"HOST": "", "OPTIONS": {"host": "/tmp/essaim-0-abc"}}
    monkeypatch.setitem(production.DATABASES, "default", database)
    assert ["serveur embarqué" in fault for fault in checks.list_faults()] == [True]


def act_as(role, options=""):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} {options}")
        cursor.execute(f"GRANT ALL ON SCHEMA public TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("SUPERUSER", "administrateur du serveur"),
        ("BYPASSRLS", "contourne la sécurité des lignes"),
        ("CREATEDB", "peut créer des bases"),
    ],
)
def test_role_with_too_many_rights_is_refused(production, options, said):
    act_as("essaim_test_rights", options)
    assert [said in fault for fault in checks.list_database_faults()] == [True]


@pytest.mark.django_db
def test_role_that_owns_tables_is_refused(production):
    act_as("essaim_test_owner")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE essaim_test_owned ()")
    assert ["possède les tables" in fault for fault in checks.list_database_faults()] == [True]


@pytest.mark.django_db
def test_plain_role_is_accepted(production):
    act_as("essaim_test_plain")
    assert checks.list_database_faults() == []


def test_faults_are_errors_of_the_system_check(production):
    production.ALLOWED_HOSTS = []
    found = [message.id for message in run_checks(tags=[Tags.security]) if "ALLOWED_HOSTS" in message.msg]
    assert "essaim.E001" in found


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_serve_refuses_to_start(essaim, tmp_path, missing):
    answer = essaim("serve", "--port", "0", ESSAIM_DATA_DIR=str(tmp_path), **(SOUND | {missing: ""}))
    assert answer.returncode == 1
    assert missing in answer.stderr
    assert "Traceback" not in answer.stderr


def test_web_server_refuses_to_load(essaim, tmp_path):
    broken = SOUND | {"SECRET_KEY": "courte"}
    answer = essaim("manage", "shell", "-c", "import config.wsgi", ESSAIM_DATA_DIR=str(tmp_path), **broken)
    assert answer.returncode == 1
    assert "refuse de démarrer en production" in answer.stderr


def test_deployment_check_is_clean_with_production_settings(essaim, tmp_path):
    answer = essaim("manage", "check", "--deploy", "--fail-level", "WARNING", ESSAIM_DATA_DIR=str(tmp_path), **SOUND)
    assert (answer.returncode, answer.stderr) == (0, "")
