"""What visitors and monitors see while the database is away: a plain page, answer 503, come back soon."""

import sys

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from essaim.kernel.access import PUBLIC, access

RETRY_AFTER_SECONDS = 10
# PostgreSQL's classes of errors in which the server is away, stopping, starting, full or out of connections.
AWAY = ("08", "53", "57P", "58")


@access(PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when a request reaches the database and comes back, else 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("en service\n", content_type="text/plain; charset=utf-8")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected error: 503 when the database is away, 500 otherwise.

    The page asks nothing of the database nor of the session.
    """
    if is_database_away(sys.exc_info()[1]):
        page = render_to_string("kernel/unavailable.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return HttpResponse(render_to_string("kernel/server_error.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 without reading the form again: it may be what could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def is_database_away(error: BaseException | None) -> bool:
    """Return whether an error means that the database cannot answer now, whatever was asked of it."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return state is None or state.startswith(AWAY)
