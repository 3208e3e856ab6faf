"""A funder signs in, reads what she funds, opens the bilan that she was sent: nobody named, no count under five."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from essaim.steering.operations import publish_due_cohorts
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.steering import make_entries, make_funded_action, make_funder, make_sent_bilan

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def check_cells(page: Page) -> None:
    cells = page.locator("section:has(> .card-top) td .sub, section:has(> .card-top) td > span:first-child")
    words = [text for text in cells.all_inner_texts() if "%" not in text]
    assert words
    assert all(text == "masqué" or int(text.removeprefix("au moins ")) >= 5 for text in words)
    expect(page.get_by_role("main")).not_to_contain_text("Kadrani")


def test_a_funder_reads_without_seeing_anyone(page: Page, live_server, look):
    manager, funder = MembershipFactory(manager=True), make_funder()
    club = make_funded_action(manager, funder)
    make_entries(manager, club, women=12, men=8, jobs=6)
    publish_due_cohorts(now=timezone.now())
    make_sent_bilan(manager, funder, club, message="Le point du comité")
    page.goto(live_server.url)
    page.get_by_label("Adresse électronique").fill(funder.user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Pilotage", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Actions que vous financez")
    expect(page.get_by_role("main")).to_contain_text("20 entrées publiées")
    check_cells(page)
    look("financements")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("region", name="Bilans que vous avez reçus").get_by_role(
        "link", name=re.compile(club.title)
    ).click()
    expect(page.get_by_role("main")).to_contain_text("Le point du comité")
    check_cells(page)
    look("bilan-recu")
