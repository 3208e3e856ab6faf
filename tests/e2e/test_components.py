"""The gallery and the shell, seen by a browser: axe, no sideways scrolling, menus with or without script."""

import pytest
from django.urls import reverse

from tests.factories.accounts import MembershipFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def sign_in(page, live_server, client):
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def test_the_gallery(page, live_server, look):
    page.goto(f"{live_server.url}{reverse('kernel:gallery')}")
    look("composants")


def test_the_shell_of_a_member_of_two_organisations(page, live_server, client_for, look):
    membership = MembershipFactory(manager=True)
    MembershipFactory(user=membership.user)
    sign_in(page, live_server, client_for(membership))
    page.goto(f"{live_server.url}{reverse('kernel:gallery')}?page=2&tri=-contact&q=a")
    menu = page.locator(".menu-account summary")
    menu.click()
    assert page.get_by_role("button", name="Se déconnecter").is_visible()
    look("coquille")
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Se déconnecter").is_visible()


def test_menus_open_without_a_script(browser, browser_context_args, live_server):
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{reverse('kernel:gallery')}")
        page.locator("#table summary", has_text="Exporter").click()
        assert page.get_by_role("link", name="Excel (XLSX)").is_visible()
