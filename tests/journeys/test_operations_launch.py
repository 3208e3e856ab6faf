"""Launching: everything the form says becomes rows and facts, or every wrong field is named."""

from datetime import date
from decimal import Decimal

import pytest

from essaim.guide.engine import Missing
from essaim.guide.queries import missing_instruments
from essaim.journal.models import Fact
from essaim.journeys.models import ActionPartner, BudgetLine, Target
from essaim.journeys.operations import BudgetPlan, LaunchRefused
from essaim.journeys.queries import settings_of
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory, TerritoryFactory
from tests.factories.journeys import club_definition, make_action, make_partner_plan

pytestmark = pytest.mark.django_db


def test_launch_freezes_the_practice_and_completes_its_settings():
    action = make_action(settings={"age_max": 25})

    assert action.definition == action.practice.definition
    assert action.settings["age_max"] == 25
    assert set(action.settings) == set(action.practice.definition["settings"])
    assert settings_of(action)["age_max"] == 25


def test_a_setting_that_follows_the_start_takes_its_year():
    assert make_action().settings["budget_year"] == 2026
    assert make_action(starts=date(2027, 1, 4), ends=date(2027, 12, 31)).settings["budget_year"] == 2027
    assert make_action(settings={"budget_year": 2009}).settings["budget_year"] == 2009


def test_partners_and_planned_budget_are_rows_and_facts():
    funder = OrganisationFactory()
    action = make_action(
        partners=[make_partner_plan(funder, "funder")],
        budget=[BudgetPlan("staff", 2026, Decimal("60000")), BudgetPlan("workshops", 2026, Decimal("1200.50"))],
        targets={"accompanied": Decimal(150)},
    )

    facts = {fact.kind: fact for fact in Fact.objects.filter(action=action)}
    partner = ActionPartner.objects.get(action=action)
    assert partner.committed_fact == facts["org_committed"]
    assert facts["org_committed"].organisation == funder
    assert facts["org_committed"].data == {"role": "funder", "starts": "2026-01-01"}
    assert facts["org_committed"].day == date(2026, 1, 1)
    lines = list(BudgetLine.objects.filter(action=action).order_by("amount"))
    assert [line.fact.data for line in lines] == [
        {"amount": 1200.5, "nature": "planned", "category": "workshops", "year": 2026},
        {"amount": 60000, "nature": "planned", "category": "staff", "year": 2026},
    ]
    assert Target.objects.get(action=action).value == 150


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(LaunchRefused) as refusal:
        make_action(
            title="  ",
            starts=date(2026, 6, 1),
            ends=date(2026, 5, 1),
            places=0,
            territory=TerritoryFactory(),
            settings={"age_max": -3, "age_mx": 1},
            targets={"nothing": Decimal(1), "accompanied": Decimal("NaN")},
            budget=[BudgetPlan("staff", 2026, Decimal("1.005"))],
        )

    assert set(refusal.value.errors) == {
        "title",
        "ends",
        "places",
        "territory",
        "settings.age_max",
        "settings.age_mx",
        "targets.nothing",
        "targets.accompanied",
        "budget.0",
    }
    assert Fact.objects.count() == 0


@pytest.mark.parametrize("role", ["funder", "prescriber", "employer_relations"])
def test_some_roles_do_not_launch(role):
    with pytest.raises(LaunchRefused):
        make_action(MembershipFactory(role=role))


def test_the_club_uses_nothing_that_this_house_lacks():
    assert missing_instruments(club_definition()) == ()


def test_a_practice_that_asks_what_is_missing_is_not_launched(monkeypatch):
    monkeypatch.setattr(
        "essaim.journeys.operations.launch.missing_instruments",
        lambda practice: [
            Missing("alert", "Sans nouvelles", "agenda.silent"),
            Missing("step", "Entretien", "agenda.interview"),
        ],
    )
    with pytest.raises(LaunchRefused, match="étapes : Entretien ; veilles : Sans nouvelles"):
        make_action()


def test_an_ended_membership_does_not_launch(now):
    left = MembershipFactory(manager=True, until=now)
    with pytest.raises(LaunchRefused):
        make_action(left)
