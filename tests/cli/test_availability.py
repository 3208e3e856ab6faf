"""What is answered while the database is away."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from essaim.kernel import availability
from essaim.kernel.availability import is_database_away


def caused_by(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("couldn't get a connection"), True),
        (InterfaceError("connection already closed"), True),
        (caused_by(OperationalError(), psycopg.errors.AdminShutdown()), True),
        (caused_by(OperationalError(), psycopg.errors.CannotConnectNow()), True),
        (caused_by(OperationalError(), psycopg.errors.ConnectionFailure()), True),
        (caused_by(OperationalError(), psycopg.errors.DiskFull()), True),
        (caused_by(OperationalError(), psycopg.errors.TooManyConnections()), True),
        (caused_by(OperationalError(), psycopg.errors.DeadlockDetected()), False),
        (caused_by(OperationalError(), psycopg.errors.QueryCanceled()), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_only_a_database_that_cannot_answer_is_away(error, away):
    assert is_database_away(error) is away


@pytest.fixture
def failing_client(monkeypatch):
    """``failing_client(error)``: a client whose requests meet that error as soon as they ask the database."""

    def fail(error):
        class Broken:
            def cursor(self):
                raise error

        monkeypatch.setattr(availability, "connection", Broken())
        return Client(raise_request_exception=False)

    return fail


@pytest.mark.django_db
def test_health_is_for_everybody():
    answer = Client().get("/sante/")
    assert (answer.status_code, answer.content.decode()) == (200, "en service\n")


@pytest.mark.django_db
def test_database_away_is_a_plain_page_that_says_when_to_come_back(failing_client):
    answer = failing_client(OperationalError("gone")).get("/sante/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "momentanément indisponible" in answer.content.decode()


@pytest.mark.django_db
def test_other_errors_are_errors(failing_client):
    answer = failing_client(ValueError("bug")).get("/sante/")
    assert answer.status_code == 500
    assert "rencontré une erreur" in answer.content.decode()
