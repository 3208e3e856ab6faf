"""Each page, with something in it, opened once: axe finds nothing, nothing makes it scroll sideways.

The stories look at the pages they cross; here are all the others, down to the last form. A page made of the same
templates as one already seen, components aside, is not opened again.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from essaim.accounts.enums import Role
from essaim.cli.commands.routes import list_routes
from tests.e2e.conftest import TOO_WIDE
from tests.support.routes import ROUTES, World, nothing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Only faults are wanted: the rest of the report takes half of the time.
ONLY_FAULTS = {"resultTypes": ["violations"]}
PHONES = (390, 320)
READABLE = {row["name"] for row in list_routes() if "GET" in row["methods"]}


def test_every_page(page, live_server, client_for):
    found, seen = {}, set()
    for role in (Role.MANAGER, *(role for role in Role if role != Role.MANAGER)):
        for client, address, made_of in pages_of(role, client_for):
            if made_of in seen:
                continue
            seen.add(made_of)
            cookie = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            if faults := faults_of(page, f"{live_server.url}{address}"):
                found[f"{role} {address}"] = faults
    assert len(seen) > 80
    assert not found


def pages_of(role: Role, client_for) -> Iterator[tuple[Client, str, frozenset[str]]]:
    """The pages this role may open, with their templates, no file nor fragment: all for a manager, for the others
    those where she arrives.
    """
    world = World()
    client = client_for(world.members[role])
    for name, route in ROUTES.items():
        is_wanted = role == Role.MANAGER or name.startswith("web:")
        if name not in READABLE or role not in route.who or not is_wanted:
            continue
        if route.kwargs is not nothing:
            world = World()
            client = client_for(world.members[role])
        address = reverse(name, kwargs=route.kwargs(world))
        answer = client.get(address, follow=True)
        is_page = answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")
        if is_page and b"<main" in answer.content:
            address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            own = {template.name for template in answer.templates if not template.name.startswith("kernel/components/")}
            yield client, address, frozenset(own)


def faults_of(page, url: str) -> list[str]:
    """What is wrong with a page: for axe at the width of a desk, and at the widths of two phones."""
    page.goto(url)
    report = Axe().run(page, options=ONLY_FAULTS).response
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in report["violations"]]
    if page.locator("a:not([href]), a[href='']").count():
        found.append("a link leads nowhere")
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 900})
        if wide := page.evaluate(TOO_WIDE):
            found.append(f"too wide at {width} px: {wide}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
