"""Every URL: a declared rule, a row in ``tests/support/routes/``, and the answer each role gets."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from essaim.accounts.enums import Role
from essaim.cli.commands.routes import list_routes
from essaim.kernel.access import AccessRule
from tests.support.routes import ROUTES, World, nothing

# Open to the whole world. Each one was decided.
PUBLIC_ROUTES = {
    "accounts:forgotten_password",
    "accounts:invitation",
    "accounts:new_password",
    "accounts:sign_in",
    "employers:open_sheet",
    "employers:open_sheet_pdf",
    "health",
    "journeys:sign_link",
    "kernel:gallery",
}


def walk(patterns, namespaces=()):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, (*namespaces, *filter(None, [pattern.namespace])))
        else:
            yield ":".join((*namespaces, pattern.name or str(pattern.pattern))), pattern.callback


VIEWS = dict(walk(get_resolver().url_patterns))


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_declares_its_rule_and_methods(name):
    view = VIEWS[name]
    assert isinstance(getattr(view, "access_rule", None), AccessRule), f"{name} declares no access rule"
    assert set(view.methods) <= {"GET", "POST", "PUT", "PATCH", "DELETE"} and view.methods


def test_public_pages_are_those_decided():
    assert {name for name, view in VIEWS.items() if view.access_rule.is_public} == PUBLIC_ROUTES


def test_every_url_has_a_row():
    assert set(VIEWS) - set(ROUTES) == set(), "add a row to tests/support/routes/"
    assert set(ROUTES) - set(VIEWS) == set(), "take off the rows of URLs that no longer exist"


def test_the_list_of_routes_says_the_same():
    listed = {row["name"]: row for row in list_routes()}
    assert set(listed) == set(VIEWS)
    for name, view in VIEWS.items():
        assert listed[name]["public"] == view.access_rule.is_public
        assert listed[name]["access"] == view.access_rule.words
        assert listed[name]["methods"] == list(view.methods)


def expected(route, reader):
    """The status this reader is owed; « served » is a page, or a redirection elsewhere than to sign-in."""
    if reader in route.answers:
        return str(route.answers[reader])
    role = Role.MANAGER if reader == "stranger" else reader
    if role not in route.who:
        return "sign in" if reader == "anonymous" else "403"
    is_foreign = reader == "stranger" and route.kwargs is not nothing and not route.is_shared
    return "404" if is_foreign else "served"


def answer(response):
    if response.status_code == 302:
        return "sign in" if response["Location"].startswith("/connexion/") else "served"
    return "served" if response.status_code == 200 else str(response.status_code)


def follow(client, response):
    """What a tab answers outside its page is that page."""
    if response.status_code == 302 and not response["Location"].startswith("/connexion/"):
        return client.get(response["Location"])
    return response


def open_route(client, name, kwargs, data):
    """Ask for the page; what a form changes is undone, so that each reader finds the same objects."""
    url = reverse(name, kwargs=kwargs)
    if "GET" in VIEWS[name].methods:
        return answer(follow(client, client.get(url)))
    with transaction.atomic():
        try:
            return answer(client.post(url, data))
        finally:
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(ROUTES) & set(VIEWS)))
def test_each_role_gets_what_it_is_owed(name, client_for, client_of):
    world, route = World(), ROUTES[name]
    clients = {
        **{role.value: client_for(member) for role, member in world.members.items()},
        "stranger": client_for(world.stranger),
        "leaver": client_of(world.leaver.user),
        "operator": client_of(world.operator),
        "anonymous": Client(),
    }
    kwargs, data = route.kwargs(world), route.data(world)
    got = {reader: open_route(client, name, kwargs, data) for reader, client in clients.items()}
    assert got == {reader: expected(route, reader) for reader in clients}
