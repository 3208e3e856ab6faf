"""What a funder reads, and what she cannot find out."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from essaim.journeys.operations import BudgetPlan, plan_budget_line
from essaim.journeys.operations.budget import cancel_budget_line
from essaim.steering.operations import publish_due_cohorts
from essaim.steering.queries.funders import read_funded_for
from tests.factories.accounts import MembershipFactory
from tests.factories.steering import make_entries, make_funded_action, make_funder
from tests.steering.engine.test_suppression import PROFILES, Attack, see_tables, shown_as_tables

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
FUNDED = reverse("steering:funded")


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def funder():
    return make_funder()


@pytest.fixture
def club(manager, funder, frozen):
    action = make_funded_action(manager, funder)
    make_entries(manager, action, women=12, men=8, jobs=6)
    publish_due_cohorts(now=frozen)
    return action


def test_a_funder_reads_aggregates_and_nobody(client_for, manager, funder, club):
    response = client_for(funder).get(FUNDED)
    assertContains(response, "20 entrées publiées")
    assertNotContains(response, "Kadrani")
    found = re.findall(r'<td class="end"[^>]*><span[^>]*>([^<]*)</span>', response.content.decode())
    assert found
    assert all(cell == "masqué" or int(cell.removeprefix("au moins ")) >= 5 for cell in found)


def test_a_funder_takes_her_report_away(client_for, funder, club):
    client = client_for(funder)
    files = {fmt: client.get(reverse("steering:funded_file", args=[fmt])) for fmt in ("csv", "xlsx", "pdf")}
    rows = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Réponse"]: row["Nombre"] for row in rows if row["Sexe"] == "Ensemble"}["Encore dans l’action"] == "14"
    assert all(row["Nombre"] == "" or int(row["Nombre"]) >= 5 for row in rows)
    assert load_workbook(io.BytesIO(files["xlsx"].content)).active["D2"].value == 20
    assert files["pdf"].content.startswith(b"%PDF")
    assert client.get(reverse("steering:funded_file", args=["exe"])).status_code == 404


def test_before_the_first_publication_nothing_is_said_to_be_hidden(client_for, manager, funder):
    make_entries(manager, make_funded_action(manager, funder), women=4)
    page = client_for(funder).get(FUNDED)
    assertContains(page, "pas encore publié", count=2)
    assertNotContains(page, "masqué")
    rows = client_for(funder).get(reverse("steering:funded_file", args=["csv"])).content.decode("utf-8-sig")
    assert "masqué" not in rows
    assert client_for(funder).get(reverse("steering:funded_file", args=["pdf"])).content.startswith(b"%PDF")


def test_a_cancelled_budget_line_is_not_counted(manager, funder):
    action = make_funded_action(manager, funder)
    now = timezone.now()
    for amount in (900, 100):
        line = plan_budget_line(action=action, line=BudgetPlan("general", 2026, Decimal(amount)), by=manager, now=now)
    cancel_budget_line(line=line, version=line.version, by=manager, now=now)
    assert [each.planned for each in read_funded_for(funder).actions] == [Decimal(900)]


def test_what_another_funds_does_not_exist(client_for, manager, club):
    stranger = make_funder()
    assertNotContains(client_for(stranger).get(FUNDED), club.title)
    assert client_for(stranger).get(FUNDED, {"action": club.ref}).status_code == 404


def test_a_funder_still_opens_no_live_bilan(client_for, funder, club):
    assert client_for(funder).get(reverse("steering:bilan", args=[club.ref])).status_code == 403


def test_what_is_entered_later_moves_nothing(client_for, manager, funder, club, frozen):
    before = client_for(funder).get(FUNDED).context["reading"].figures
    make_entries(manager, club, men=3, jobs=2)
    publish_due_cohorts(now=frozen)
    assert client_for(funder).get(FUNDED).context["reading"].figures == before


def test_filters_of_the_url_narrow_the_cohorts(client_for, funder, club):
    client = client_for(funder)
    assert client.get(FUNDED, {"annee": "2026"}).context["reading"].figures.total == 20
    assert client.get(FUNDED, {"annee": "2025"}).context["reading"].figures.total == 0
    assert client.get(FUNDED, {"annee": "jadis"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_queries_whatever_the_actions(
    client_for, manager, funder, frozen, number, django_assert_num_queries
):
    for rank in range(number):
        make_entries(manager, make_funded_action(manager, funder, title=f"Club {rank}"), women=16)
    publish_due_cohorts(now=frozen)
    client = client_for(funder)
    client.get(FUNDED)
    with django_assert_num_queries(FUNDED_QUERIES):
        client.get(FUNDED)


def test_no_difference_between_actions_periods_and_filters_gives_a_count_back(manager, funder, frozen):
    """Everything the filters can show of two actions over two quarters, known at once: the people are free."""
    rng = Random(4)
    for title in ("Club des Tilleuls", "Club du Port"):
        action = make_funded_action(manager, funder, title=title)
        for month in (2, 5):
            women, men = rng.randint(9, 13), rng.randint(6, 10)
            make_entries(manager, action, women=women, men=men, jobs=rng.randint(1, 9), on=date(2026, month, 2))
    assert len(publish_due_cohorts(now=frozen)) == 4
    cohorts = read_funded_for(funder).cohorts
    attack = Attack(len(PROFILES) * len(cohorts))
    for place, cohort in enumerate(cohorts):
        see_tables(attack, shown_as_tables(cohort.figures), place, len(cohorts))
    assert len(attack.hidden) > 40
    assert attack.learns(5) == []


FUNDED_QUERIES = 10
