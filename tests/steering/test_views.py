"""The bilan as its readers see it."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from essaim.accounts.models import ReadAudit
from essaim.employers.operations import ContractTerms, correct_contract
from essaim.journeys.operations import BudgetPlan
from essaim.people.operations import close_grants
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import CDD, make_contract
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def club(manager):
    return make_action(
        manager,
        targets={"durable_rate": Decimal(40)},
        budget=[BudgetPlan("general", 2026, Decimal(45000))],
        settings={"planned_persons": 72, "budget_year": 2026},
    )


def bilan_url(action, **asked):
    return reverse("steering:bilan", args=[action.ref], query=asked or None)


def line_of(response, indicator):
    return next(line for line in response.context["page"].lines if line.row.id == indicator)


def test_bilan_stands_beside_the_published_figures(client_for, manager, club):
    lasting, short = make_enrolment(manager, club), make_enrolment(manager, club)
    make_enrolment(manager, club)
    make_contract(manager, lasting)
    make_contract(manager, short, **CDD)
    response = client_for(manager).get(bilan_url(club))
    rate = line_of(response, "durable_rate")
    assert (rate.value, rate.base, rate.target, rate.guide) == ("33,3\u00a0%", "1 sur 3", "40\u00a0%", "43\u00a0%")
    assert line_of(response, "unit_cost").row.value == 625
    situations = response.context["page"].situations
    assert (situations.entered, situations.lasting, situations.short, situations.inside) == (3, 1, 1, 1)
    assertContains(response, "Chiffres du guide à lire avec prudence")


def test_bilan_follows_a_correction_but_not_what_was_known_before(client_for, manager, club, frozen):
    contract = make_contract(manager, make_enrolment(manager, club), now=frozen.replace(day=20), **CDD)
    terms = ContractTerms(**(CDD | {"term_months": 6}))
    correct_contract(
        contract=contract,
        organisation=contract.organisation,
        terms=terms,
        version=contract.version,
        by=manager,
        now=frozen,
    )
    client = client_for(manager)
    assert line_of(client.get(bilan_url(club)), "durable").row.value == 1
    assert line_of(client.get(bilan_url(club, connu="2026-11-21")), "durable").row.value == 0
    assert line_of(client.get(bilan_url(club, vu="2026-03-31")), "durable").row.value == 0


@pytest.mark.parametrize("asked", [{"du": "2026-12-01", "au": "2026-01-01"}, {"vu": "demain"}, {"vu": "1400-01-01"}])
def test_bilan_tells_wrong_dates_and_still_answers(client_for, manager, club, asked):
    response = client_for(manager).get(bilan_url(club, **asked))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert line_of(response, "accompanied").row.value == 0


def test_bilan_leaves_as_csv_workbook_and_pdf(client_for, manager, club):
    make_enrolment(manager, club)
    client = client_for(manager)
    files = {fmt: client.get(reverse("steering:bilan_file", args=[club.ref, fmt])) for fmt in ("csv", "xlsx", "pdf")}
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:4] == ["accompanied", "Jeunes accompagnés", "personnes", "1"]
    by_code = {row[0]: row for row in rows}
    assert by_code["accompanied"][9] == "Déclaré"
    assert by_code["training"][3] == "0"
    sheet = load_workbook(io.BytesIO(files["xlsx"].content)).active
    assert sheet["D2"].value == 1
    assert files["pdf"].content.startswith(b"%PDF")
    assert all("attachment" in answer["Content-Disposition"] for answer in files.values())
    assert client.get(reverse("steering:bilan_file", args=[club.ref, "exe"])).status_code == 404


def test_people_behind_a_figure_are_those_i_may_see(client_for, manager, club):
    seen, hidden = make_eligible(manager), make_eligible(manager)
    for person in (seen, hidden):
        make_enrolment(manager, club, person)
    close_grants(origin=club.ref, person=hidden, by=manager, now=manager.since)
    close_grants(origin="referent", person=hidden, by=manager, now=manager.since)
    response = client_for(manager).get(reverse("steering:people_behind", args=[club.ref, "accompanied"]))
    assertContains(response, seen.full_name)
    assertNotContains(response, hidden.full_name)
    assert response.context["behind"].hidden == 1
    assert ReadAudit.objects.filter(kind="steering.people_behind").count() == 1


def test_people_behind_an_unknown_figure_do_not_exist(client_for, manager, club):
    assert client_for(manager).get(reverse("steering:people_behind", args=[club.ref, "nothing"])).status_code == 404


def test_a_partner_reads_the_figures_without_the_people(client_for, manager):
    partner = MembershipFactory(manager=True)
    club = make_action(manager, partners=[make_partner_plan(partner.organisation)])
    person = make_eligible(manager)
    make_enrolment(manager, club, person)
    client = client_for(partner)
    assert line_of(client.get(bilan_url(club)), "accompanied").row.value == 1
    assertNotContains(client.get(reverse("steering:people_behind", args=[club.ref, "accompanied"])), person.full_name)


def test_an_organisation_that_only_funds_reads_no_live_bilan(client_for, manager):
    funder = MembershipFactory(manager=True)
    club = make_action(manager, partners=[make_partner_plan(funder.organisation, "funder")])
    make_enrolment(manager, club)
    client = client_for(funder)
    addresses = [
        bilan_url(club),
        reverse("steering:bilan_file", args=[club.ref, "csv"]),
        reverse("steering:people_behind", args=[club.ref, "accompanied"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assertNotContains(client.get(reverse("steering:home")), club.ref)


def test_an_organisation_that_funds_and_prescribes_reads_the_bilan(client_for, manager):
    partner = MembershipFactory(manager=True)
    plans = [make_partner_plan(partner.organisation, role) for role in ("funder", "prescriber")]
    club = make_action(manager, partners=plans)
    assert client_for(partner).get(bilan_url(club)).status_code == 200


def test_names_behind_a_figure_that_leave_as_a_file_are_noted(client_for, manager, club):
    make_enrolment(manager, club)
    address = reverse("steering:people_behind", args=[club.ref, "accompanied"], query={"format": "csv"})
    assert client_for(manager).get(address).status_code == 200
    assert ReadAudit.objects.filter(kind="steering.people_behind").count() == 1


def test_a_steering_member_has_no_link_to_people(client_for, manager, club):
    steering = MembershipFactory(role=Role.STEERING, organisation=manager.organisation)
    make_enrolment(manager, club)
    client = client_for(steering)
    assertNotContains(client.get(bilan_url(club)), "/bilan/accompanied/")
    assert client.get(reverse("steering:people_behind", args=[club.ref, "accompanied"])).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_bilan_reads_the_facts_once_whatever_their_number(client_for, manager, club, number, django_assert_num_queries):
    for _ in range(number):
        make_contract(manager, make_enrolment(manager, club))
    client = client_for(manager)
    client.get(bilan_url(club))
    with django_assert_num_queries(BILAN_QUERIES):
        client.get(bilan_url(club))


@pytest.mark.parametrize("number", [1, 3])
def test_home_lists_actions_with_the_same_queries(client_for, manager, number, django_assert_num_queries):
    for rank in range(number):
        make_action(manager, title=f"Club {rank}", starts=date(2026, 1 + rank, 1))
    client = client_for(manager)
    client.get(reverse("steering:home"))
    with django_assert_num_queries(HOME_QUERIES):
        response = client.get(reverse("steering:home"))
    assertContains(response, f"Club {number - 1}")


BILAN_QUERIES = 11
HOME_QUERIES = 9
