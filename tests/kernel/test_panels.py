"""Composed pages: tabs of several panels, counted together, chosen between on a second row."""

import re

import pytest
from django.urls import reverse

from tests.factories.accounts import MembershipFactory
from tests.factories.employers import make_approach
from tests.factories.journeys import make_action, make_prescription

pytestmark = pytest.mark.django_db


def navigation(page: str, name: str) -> list[str]:
    """The words of the links of a row of tabs, without their counts."""
    found = re.search(rf'<nav class="{name}.*?</nav>', page, re.S)
    return re.findall(r"<a[^>]*>([^<]+)", found[0]) if found else []


def page_of(client, member, action, tab=""):
    client.force_login(member.user)
    return client.get(reverse("journeys:action", args=[action.ref]), {"onglet": tab} if tab else {}).content.decode()


def test_panels_of_a_group_share_a_tab_that_counts_them_all(client):
    counsellor = MembershipFactory(counsellor=True)
    asked = make_prescription(counsellor)
    page = page_of(client, counsellor, asked.action)
    assert navigation(page, "tabs").count("Orientations") == 1
    assert navigation(page, "segmented subtabs") == []
    assert re.search(r'Orientations<span class="count">1</span>', page)


def test_a_tab_adds_up_only_what_can_be(client):
    counsellor = MembershipFactory(counsellor=True)
    approach = make_approach(counsellor)
    page = page_of(client, counsellor, approach.action, "approaches")
    assert re.search(r'page">Démarches<span class="count">1</span>', page)
    assert not re.search(r"Employeurs<span", page)


def test_the_open_tab_lets_choose_among_its_panels(client):
    manager = MembershipFactory(manager=True)
    page = page_of(client, manager, make_action(manager), "queue")
    assert navigation(page, "segmented subtabs") == ["À examiner", "Liste d’attente"]
    assert len(navigation(page, "tabs")) <= 8
    current = re.findall(r'aria-current="(true|page)">([^<]+)', page)
    assert ("true", "Orientations") in current and ("page", "Liste d’attente") in current


def test_a_group_left_with_one_panel_bears_its_name(client):
    funder = MembershipFactory(funder=True)
    action = make_action(MembershipFactory(manager=True, organisation=funder.organisation))
    page = page_of(client, funder, action, "contracts")
    assert "Employeurs" not in navigation(page, "tabs")
    assert navigation(page, "segmented subtabs") == []
