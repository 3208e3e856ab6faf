"""Targets with what is reached, in words; costs as the fiche counts them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from essaim.journeys.operations.targets import set_target
from essaim.steering.queries.targets import get_targets_for
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.money import make_budget_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = date(2026, 11, 23)


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def action(manager):
    return make_action(manager, targets={"accompanied": Decimal(10)}, settings={"planned_persons": 40})


def test_a_target_says_what_is_missing_and_the_pace(manager, action):
    for _ in range(2):
        make_enrolment(manager, action)
    (line,) = get_targets_for(manager, action, TODAY).lines
    assert (line.id, line.target, line.reached, line.state) == ("accompanied", "10", "2", "En retard sur le calendrier")
    assert line.pace.startswith("il manque 8, soit 6,4 par mois")
    for _ in range(8):
        make_enrolment(manager, action)
    (line,) = get_targets_for(manager, action, TODAY).lines
    assert (line.state, line.pace, line.tone) == ("Atteinte", "", "success")


def test_the_cost_is_counted_as_the_fiche_does(manager, action):
    make_budget_line(manager, action, amount=Decimal(24000))
    costs = {line.row.id: line for line in get_targets_for(manager, action, TODAY).costs}
    unit = costs["unit_cost"]
    assert unit.row.value == 600
    assert unit.definition == "budget rapporté aux personnes prévues"
    assert "24\u202f000" in unit.base and "40" in unit.base


def test_a_change_is_dated_and_signed(client_for, manager, action):
    given = {"indicator": "accompanied", "by": manager, "now": timezone.now()}
    set_target(action=action, value=Decimal(30), version=action.version, **given)
    client = client_for(manager)
    page = client.get(reverse("journeys:action", args=[action.ref], query={"onglet": "targets"}))
    assertContains(page, f"10 jusqu’au 23/11/2026, par {manager.user.full_name}")
    listed = client.get(reverse("steering:targets_file", args=[action.ref])).content.decode("utf-8-sig")
    assert listed.splitlines()[1].startswith("accompanied;")


def test_a_target_is_set_on_screen(client_for, manager, action):
    client, url = client_for(manager), reverse("journeys:target", args=[action.ref, "durable_rate"])
    version = client.get(url).context["form"]["version"].value()
    assert client.post(url, {"version": version, "value": "40"}).status_code == 302
    assert client.post(url, {"version": version, "value": "45"}).status_code == 200
    assert {line.id for line in get_targets_for(manager, action, TODAY).lines} == {"accompanied", "durable_rate"}
    assert client.get(reverse("journeys:target", args=[action.ref, "gold"])).status_code == 404


def test_who_does_not_steer_reads_none(client_for, action):
    stranger = client_for(MembershipFactory(manager=True))
    assert stranger.get(reverse("steering:targets_file", args=[action.ref])).status_code == 404
