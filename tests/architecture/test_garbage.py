"""Whatever a form is sent, it answers with its page or a refusal: never a failure, and nothing is written."""

import re

import pytest
from django.urls import reverse

from essaim.cli.commands.routes import list_routes
from essaim.journal.models import Fact
from tests.support.routes import ROUTES, World

pytestmark = pytest.mark.django_db

WRITING = sorted(row["name"] for row in list_routes() if "POST" in row["methods"])
READABLE = {row["name"] for row in list_routes() if "GET" in row["methods"]}
GARBAGE = ["\x00", "31/02/2024", "🐝" * 3_000, "-1", "9" * 60, "NaN", "٣٣", "0001-01-01", "P00000000", "[]"]
# What the pages without a form of their own read.
USUAL = {"version", "form_key", "on", "words", "people", "personne", "state", "answer", "kept", "file"}


def fields_of(client, name, url, data):
    """The names that this address reads, as far as one can tell."""
    page = client.get(url, follow=True).content.decode(errors="replace") if name in READABLE else ""
    return sorted({*re.findall(r'<(?:input|select|textarea)[^>]*?\bname="([^"]+)"', page), *data, *USUAL} - {"q"})


@pytest.mark.parametrize("name", WRITING)
def test_garbage_is_refused(name, client_for):
    world, route = World(), ROUTES[name]
    url = reverse(name, kwargs=route.kwargs(world))
    fields = fields_of(client_for(world.manager), name, url, route.data(world))
    facts = set(Fact.objects.values_list("pk", flat=True))
    for shift in (0, 3, 6):
        sent = {field: GARBAGE[(number + shift) % len(GARBAGE)] for number, field in enumerate(fields)}
        answer = client_for(world.manager).post(url, sent | {"form_key": "no", "version": "no"})
        assert answer.status_code < 500, sent
    assert client_for(world.manager).post(url, {}).status_code < 500
    assert set(Fact.objects.values_list("pk", flat=True)) == facts
