"""A bilan sent to a funder stays as it was; corrections show beside it."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.employers.operations import ContractTerms, correct_contract
from essaim.steering.models import FrozenBilan
from essaim.steering.operations import BilanNotSent
from essaim.steering.queries.frozen import list_changes
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import CDD, make_contract
from tests.factories.journeys import make_enrolment
from tests.factories.steering import make_funded_action, make_funder, make_sent_bilan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def funder():
    return make_funder()


@pytest.fixture
def club(manager, funder):
    return make_funded_action(manager, funder)


def send(manager, funder, club, frozen, **values):
    given = {"observed_on": date(2026, 11, 23), "now": frozen} | values
    return make_sent_bilan(manager, funder, club, **given)


def test_a_correction_shows_beside_what_was_sent(manager, funder, club, frozen):
    contract = make_contract(manager, make_enrolment(manager, club), now=frozen.replace(day=20), **CDD)
    sent = send(manager, funder, club, frozen)
    terms = ContractTerms(**(CDD | {"term_months": 6}))
    later = frozen.replace(hour=15)
    correct_contract(
        contract=contract,
        organisation=contract.organisation,
        terms=terms,
        version=contract.version,
        by=manager,
        now=later,
    )
    changes = {change.id: change for change in list_changes(FrozenBilan.objects.get(pk=sent.pk))}
    durable = changes["durable"]
    assert (durable.then, durable.now, durable.has_changed) == ("0", "1", True)
    assert {fact.kind for fact in durable.facts} == {"contract_signed"}
    assert not changes["accompanied"].has_changed
    assert changes["accompanied"].facts == ()


@pytest.mark.parametrize("write", ["UPDATE {} SET message = 'autre'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_it(manager, funder, club, frozen, write):
    send(manager, funder, club, frozen)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        connection.cursor().execute(write.format("steering_frozenbilan"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"until": date(2025, 12, 31)}, "until"),
        ({"observed_on": date(2026, 11, 24)}, "observed_on"),
        ({"observed_on": date(2025, 12, 31)}, "observed_on"),
    ],
)
def test_dates_that_make_no_bilan_are_refused(manager, funder, club, frozen, values, field):
    with pytest.raises(BilanNotSent) as refused:
        send(manager, funder, club, frozen, **values)
    assert refused.value.field == field


def test_only_who_carries_sends_and_only_to_who_funds(manager, funder, club, frozen):
    with pytest.raises(BilanNotSent):
        send(MembershipFactory(manager=True), funder, club, frozen)
    with pytest.raises(BilanNotSent):
        send(manager, make_funder(), club, frozen)


def test_a_bilan_is_sent_from_its_page_once(client_for, manager, funder, club):
    client = client_for(manager)
    address = reverse("steering:send", args=[club.ref])
    form = client.get(address).context["form"]
    data = {
        "form_key": form["form_key"].value(),
        "recipient": funder.organisation_id,
        "since": "2026-01-01",
        "until": "2026-12-31",
        "observed_on": "2026-11-23",
        "message": "Bilan de novembre",
    }
    answers = [client.post(address, data) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    sent = FrozenBilan.objects.get()
    assertContains(client.get(answers[0]["Location"]), "Rien n’a changé depuis")
    assertContains(client.get(reverse("steering:sent_list", args=[club.ref])), funder.organisation.name)
    page = client_for(funder).get(reverse("steering:received", args=[sent.ref]))
    assertContains(page, "Bilan de novembre")
    assertContains(page, "Aucune cohorte publiée")
    assert client_for(make_funder()).get(reverse("steering:received", args=[sent.ref])).status_code == 404


def test_its_recipient_reads_nothing_that_is_not_published(client_for, manager, funder, club, frozen):
    make_contract(manager, make_enrolment(manager, club))
    sent = send(manager, funder, club, frozen)
    assert sent.shown["cohorts"] == []
    assert [row["value"] for row in sent.figures["indicators"] if row["id"] == "accompanied"] == [1]
    assertNotContains(client_for(funder).get(reverse("steering:received", args=[sent.ref])), "accompanied")


def test_changes_leave_as_a_file(client_for, manager, funder, club, frozen):
    sent = send(manager, funder, club, frozen)
    address = reverse("steering:sent", args=[club.ref, sent.ref])
    assert client_for(manager).get(address, {"format": "csv"}).status_code == 200
    assert client_for(manager).get(reverse("steering:sent", args=[club.ref, "BNONE"])).status_code == 404
