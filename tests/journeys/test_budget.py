"""Budget lines: planned and spent, by funder; their sums; their cash; corrections that the fil follows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from essaim.journal.models import Fact
from essaim.journeys.engine.money import Line, months_of, sum_lines
from essaim.journeys.models import BudgetLine
from essaim.journeys.operations.budget import (
    BudgetRefused,
    cancel_budget_line,
    correct_budget_line,
    record_budget_line,
)
from essaim.journeys.queries.budget import get_budget_for, list_cash_months_for
from essaim.kernel.edit_versions import EditConflict
from essaim.steering.queries import compute_bilan
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_partner_plan
from tests.factories.money import budget_details, make_agreement, make_budget_line, make_funder, make_instalment

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def action(manager):
    return make_action(manager)


def cost_of(action):
    rows = {row.id: row for row in compute_bilan(action).rows}
    return rows["unit_cost"].value


def live(action):
    return list(Fact.objects.filter(action=action, kind="budget_line_recorded", live=True).order_by("pk"))


def test_sums_by_year_post_and_funder():
    lines = [
        Line(2026, "staff", "Ville", False, Decimal(100)),
        Line(2026, "staff", "Ville", True, Decimal("120.50")),
        Line(2026, "other", "", False, Decimal(7)),
        Line(2027, "staff", "Ville", False, Decimal(50)),
    ]
    by_year = sum_lines(lines, "year")
    assert (by_year[2026,].planned, by_year[2026,].actual) == (Decimal(107), Decimal("120.50"))
    assert by_year[2026,].is_exceeded and by_year[2026,].left == Decimal("-13.50")
    assert sum_lines(lines, "year", "category", "funder")[2026, "staff", "Ville"].share == Decimal("1.205")
    assert sum_lines(lines)[()].planned == Decimal(157)
    assert sum_lines([]) == {}


def test_months_run_without_a_hole_and_say_who_advances_the_money():
    spent = [(date(2026, 2, 1), Decimal(80))]
    months = months_of([(date(2026, 1, 9), Decimal(100))], [(date(2026, 3, 2), Decimal(60))], spent)
    assert [month.first for month in months] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert [month.left for month in months] == [Decimal(0), Decimal(-80), Decimal(-20)]
    assert months[-1].total_expected == 100
    assert months_of([], [], []) == []


def test_a_line_is_a_row_and_a_fact_of_its_funder(manager):
    funder = make_funder()
    action = make_action(manager, partners=[make_partner_plan(funder, "funder")])
    spent = {"nature": "actual", "day": date(2026, 3, 4), "amount": Decimal("9.5")}
    line = make_budget_line(manager, action, funder=funder, **spent)
    assert line.fact.organisation == funder and line.fact.day == date(2026, 3, 4)
    assert line.fact.data == {"amount": 9.5, "nature": "actual", "category": "staff", "year": 2026}


def test_a_correction_moves_the_bilan_and_leaves_the_former_fact(manager, action):
    line = make_budget_line(manager, action, amount=Decimal(7500))
    before = cost_of(action)
    given = {"details": budget_details(amount=Decimal(15000)), "by": manager, "now": timezone.now()}
    fixed = correct_budget_line(line=line, version=1, **given)
    assert cost_of(action) == 2 * before
    assert [fact.pk for fact in live(action)] == [fixed.fact_id] != [line.fact_id]
    with pytest.raises(EditConflict):
        correct_budget_line(line=line, version=1, **given)


def test_a_cancelled_line_leaves_budget_and_bilan(manager, action):
    line = make_budget_line(manager, action)
    cancel_budget_line(line=line, version=1, by=manager, now=timezone.now())
    assert live(action) == [] and not get_budget_for(manager, action).has_lines
    with pytest.raises(BudgetRefused, match="annulée"):
        cancel_budget_line(line=line, version=2, by=manager, now=timezone.now())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nature": "both"}, "nature"),
        ({"category": "gold"}, "category"),
        ({"year": 1989}, "year"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"nature": "actual"}, "day"),
        ({"nature": "actual", "day": date(2026, 11, 24)}, "day"),
        ({"nature": "actual", "day": date(2024, 11, 24)}, "day"),
    ],
)
def test_a_wrong_line_is_refused_beside_its_field(manager, action, values, field):
    with pytest.raises(BudgetRefused) as refused:
        make_budget_line(manager, action, **values)
    assert refused.value.field == field
    assert not BudgetLine.objects.exists()


def test_a_funder_takes_part_in_the_action(manager, action):
    with pytest.raises(BudgetRefused) as refused:
        make_budget_line(manager, action, funder=make_funder())
    assert refused.value.field == "funder"
    agreement = make_agreement(manager, action, signed=False)
    assert make_budget_line(manager, action, funder=agreement.funder).funder == agreement.funder


def test_who_does_not_steer_neither_writes_nor_reads(manager, action):
    stranger = MembershipFactory(manager=True)
    with pytest.raises(BudgetRefused):
        record_budget_line(action=action, details=budget_details(), by=stranger, now=timezone.now())
    make_budget_line(manager, action)
    assert not get_budget_for(stranger, action).has_lines
    assert list_cash_months_for(stranger, action) == []


def test_the_tab_sums_draws_and_exports(client_for, manager, action):
    make_budget_line(manager, action, amount=Decimal(20000))
    make_budget_line(manager, action, nature="actual", day=date(2026, 2, 3), amount=Decimal(5000), label="Salaires")
    make_instalment(manager, make_agreement(manager, action))
    client = client_for(manager)
    page = client.get(reverse("journeys:action", args=[action.ref], query={"onglet": "budget"}))
    assertContains(page, "25\u00a0% du prévu")
    assertContains(page, 'class="cash"')
    assertContains(page, "avancé par la structure")
    lines = client.get(reverse("journeys:budget_file", args=[action.ref])).content.decode("utf-8-sig")
    assert "2026;réalisé;personnel;Salaires;fonds propres ou non affecté;5000,00;03/02/2026" in lines
    cash = client.get(reverse("journeys:cash_file", args=[action.ref])).content.decode("utf-8-sig")
    assert cash.splitlines()[1].startswith("01/02/2026;0;0;5000")


def test_the_tab_makes_as_many_queries_with_1_and_3_lines(client_for, manager, action):
    client, url = client_for(manager), reverse("journeys:action", args=[action.ref], query={"onglet": "budget"})
    make_budget_line(manager, action)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    funder = make_agreement(manager, action).funder
    for day in (3, 4):
        make_budget_line(manager, action, nature="actual", funder=funder, day=date(2026, 2, day))
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_a_line_is_written_corrected_and_cancelled_on_screen(client_for, manager, action):
    client = client_for(manager)
    key = client.get(reverse("journeys:budget_new", args=[action.ref])).context["form"]["form_key"].value()
    typed = {"form_key": key, "nature": "planned", "category": "staff", "year": "2026", "amount": "1 200,50 €"}
    assert client.post(reverse("journeys:budget_new", args=[action.ref]), typed).status_code == 302
    assert client.post(reverse("journeys:budget_new", args=[action.ref]), typed).status_code == 302
    line = BudgetLine.objects.get()
    edit = reverse("journeys:budget_line", args=[action.ref, line.pk])
    typed = {"version": 1, "nature": "actual", "category": "staff", "year": "2026", "amount": "1300", "day": ""}
    assertContains(client.post(edit, typed), "Indiquez le jour de la dépense.")
    assert client.post(edit, typed | {"day": "2026-05-04"}).status_code == 302
    assertContains(client.post(edit, typed | {"day": "2026-05-04"}), "Quelqu’un d’autre a modifié")
    assert client.post(reverse("journeys:budget_cancel", args=[action.ref, line.pk]), {"version": 2}).status_code == 302
    assert BudgetLine.objects.get().cancelled_at is not None


def test_a_partner_reads_no_budget(client_for, manager):
    partner = MembershipFactory(manager=True)
    action = make_action(manager, partners=[make_partner_plan(partner.organisation, "host", sees_people=True)])
    make_budget_line(manager, action, label="Loyer secret")
    client = client_for(partner)
    assertNotContains(client.get(reverse("journeys:action", args=[action.ref], query={"onglet": "budget"})), "Loyer")
    assert client.get(reverse("journeys:budget_file", args=[action.ref])).status_code == 404
