"""The screens of contracts and companies."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.directory.models import Organisation
from essaim.employers.models import WorkContract
from essaim.journal.models import Fact
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import make_siret
from tests.factories.employers import make_company, make_contract
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(client_for, counsellor):
    return client_for(counsellor)


def cdd(enrolment, company, **values):
    return {
        "form_key": str(uuid4()),
        "participant": enrolment.ref,
        "organisation": company.ref,
        "type": "cdd",
        "term_months": "3",
        "signed_on": "2026-04-01",
        "starts": "2026-04-06",
        "source": "declared",
    } | values


def test_signing_correcting_ending_and_cancelling(client, counsellor):
    enrolment, company = make_enrolment(counsellor), make_company(name="Logis Express")
    ref = enrolment.action.ref
    url = reverse("employers:sign", args=[ref])
    assert client.get(url, {"parcours": enrolment.ref}).context["form"].initial == {"participant": enrolment.ref}
    data = cdd(enrolment, company)
    for _ in range(2):
        assert client.post(url, data).url == f"/actions/{ref}/?onglet=contracts"
    contract = WorkContract.objects.get()

    def send(name, **values):
        contract.refresh_from_db()
        response = client.post(
            reverse(f"employers:{name}", args=[ref, contract.ref]), values | {"version": contract.version}
        )
        assert response.status_code == 302, response.context["form"].errors
        contract.refresh_from_db()

    send("correct", **data | {"term_months": "6"})
    assert contract.term_months == 6
    send("end", on="2026-06-01", early="oui", initiator="employee")
    assert (contract.ended_on, contract.ended_early) == (date(2026, 6, 1), True)
    send("end", on="2026-06-02", early="oui")
    assert contract.ended_on == date(2026, 6, 2)
    assert "Rompu" in client.get(f"/actions/{ref}/", {"onglet": "contracts"}).content.decode()
    send("undo_end")
    assert contract.ended_on is None
    page = client.get(reverse("people:person", args=[contract.person.code]), {"onglet": "contracts"})
    assert "CDD</strong> de 6 mois" in page.content.decode()
    assert "Logis Express" in page.content.decode()
    send("cancel")
    assert not Fact.objects.filter(kind__startswith="contract_", live=True).exists()


def test_a_refused_contract_says_why_beside_the_field(client, counsellor):
    enrolment, company = make_enrolment(counsellor), make_company()
    url = reverse("employers:sign", args=[enrolment.action.ref])
    for wrong, field in [
        ({"term_months": ""}, "term_months"),
        ({"organisation": ""}, "organisation"),
        ({"signed_on": "2026-02-01"}, "signed_on"),
        ({"ends": "2026-04-01"}, "ends"),
        ({"participant": "E0"}, "participant"),
    ]:
        page = client.post(url, cdd(enrolment, company, **wrong))
        assert set(page.context["form"].errors) == {field}
    assert not WorkContract.objects.exists()


def test_the_second_editor_of_a_contract_is_told(client, counsellor):
    contract = make_contract(counsellor)
    url = reverse("employers:end", args=[contract.action.ref, contract.ref])
    data = {"version": 1, "on": "2026-06-01", "early": "oui"}
    assert client.post(url, data).status_code == 302
    assert "Quelqu’un d’autre" in client.post(url, data).content.decode()


def test_an_empty_action_says_what_to_do_first(client, counsellor):
    action = make_action(counsellor)
    assert "inscrivez-la d’abord" in client.get(reverse("employers:sign", args=[action.ref])).content.decode()


def test_companies_are_added_once_and_brought_up_to_date(client):
    data = {"form_key": str(uuid4()), "name": "Logis Express", "kind": "company", "siret": make_siret(7)}
    for _ in range(2):
        response = client.post("/entreprises/nouvelle/", data)
    company = Organisation.objects.get(name="Logis Express")
    assert response.url == reverse("employers:company", args=[company.ref])
    wrong = client.post("/entreprises/nouvelle/", data | {"form_key": str(uuid4()), "siret": "73282932000075"})
    assert "siret" in wrong.context["form"].errors
    edited = data | {"version": 1, "name": "Logis Express Nord"}
    assert client.post(reverse("employers:company_edit", args=[company.ref]), edited).status_code == 302
    assert "Logis Express Nord" in client.get("/entreprises/", {"q": "logis nord"}).content.decode()


def test_a_structure_with_members_keeps_its_own_fiche(client):
    organisation = MembershipFactory(organisation__kind="aci").organisation
    edit = reverse("employers:company_edit", args=[organisation.ref])
    assert client.get(edit).status_code == 404
    assert client.post(edit, {"name": "Autre nom", "kind": "aci", "version": 1}).status_code == 404
    page = client.get(reverse("employers:company", args=[organisation.ref]))
    assert edit not in page.content.decode()


def test_a_company_shows_only_the_contracts_of_the_viewers_people(client_for, client, counsellor):
    contract = make_contract(counsellor)
    url = reverse("employers:company", args=[contract.organisation.ref])
    name = contract.person.full_name
    assert name in client.get(url).content.decode()
    for other in (MembershipFactory(), colleague_of(counsellor, role="employer_relations")):
        page = client_for(other).get(url)
        assert page.status_code == 200
        assert name not in page.content.decode()


WRITES = ("correct", "end", "undo_end", "cancel")


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("colleague", True, True),
        ("partner who sees people", True, True),
        ("partner who does not", False, False),
        ("steering of the carrier", False, False),
        ("stranger", False, False),
    ],
)
def test_who_writes_contracts(client_for, counsellor, who, reads, writes):
    seeing, blind = MembershipFactory(), MembershipFactory()
    plans = [make_partner_plan(seeing.organisation, sees_people=True), make_partner_plan(blind.organisation)]
    action = make_action(counsellor, partners=plans)
    contract = make_contract(counsellor, make_enrolment(counsellor, action))
    membership = {
        "colleague": colleague_of(counsellor),
        "partner who sees people": seeing,
        "partner who does not": blind,
        "steering of the carrier": colleague_of(counsellor, role="steering"),
        "stranger": MembershipFactory(),
    }[who]
    client = client_for(membership)
    page = client.get(reverse("employers:contract_list", args=[action.ref]), follow=True)
    assert (contract.person.full_name in page.content.decode()) is reads
    statuses = {client.get(reverse("employers:sign", args=[action.ref])).status_code}
    statuses |= {
        client.get(reverse(f"employers:{name}", args=[action.ref, contract.ref])).status_code for name in WRITES
    }
    assert statuses == {200} if writes else statuses <= {403, 404}


def test_companies_are_for_those_who_work_with_them(client_for, counsellor):
    company = make_company()
    urls = ["/entreprises/", "/entreprises/nouvelle/", reverse("employers:company", args=[company.ref])]
    urls.append(reverse("employers:company_edit", args=[company.ref]))
    for role, status in [("employer_relations", 200), ("manager", 200), ("funder", 403), ("prescriber", 403)]:
        client = client_for(MembershipFactory(role=role))
        assert {client.get(url).status_code for url in urls} == {status}
    assert {Client().get(url).status_code for url in urls} == {302}
    assert client_for(counsellor).get("/entreprises/O0/").status_code == 404


def test_queries_do_not_grow_with_the_rows(client, counsellor):
    action, company = make_action(counsellor), make_company()
    pages = [
        ("/entreprises/", {}),
        (reverse("employers:company", args=[company.ref]), {}),
        (f"/actions/{action.ref}/", {"onglet": "contracts"}),
    ]

    def count(number):
        for _ in range(number):
            make_contract(counsellor, make_enrolment(counsellor, action, make_eligible(counsellor)), company)
            make_company()
        found = []
        for address, asked in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address, asked).status_code == 200
            found.append(len(captured))
        return found

    assert count(1) == count(2)


FIELDS = ("organisation", "type", "term_months", "signed_on", "starts", "ends", "total_hours", "sector", "source")


@pytest.fixture
def signing(counsellor):
    enrolment = make_enrolment(counsellor)
    return reverse("employers:sign", args=[enrolment.action.ref]), cdd(enrolment, make_company())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FIELDS), value=st.text(max_size=60))
def test_no_input_breaks_the_contract_form(client, signing, name, value):
    url, sent = signing
    assert client.post(url, sent | {"form_key": str(uuid4()), name: value}).status_code in (200, 302)
