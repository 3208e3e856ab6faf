"""Agreements with funders and their instalments: what the database bounds, who reads, who is told to claim."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from essaim.journal.models import Fact
from essaim.journeys.models import ActionPartner, FundingAgreement, Instalment
from essaim.journeys.operations.agreements import (
    AgreementRefused,
    correct_agreement,
    end_agreement,
    prepare_agreement,
    sign_agreement,
)
from essaim.journeys.operations.instalments import (
    cancel_instalment,
    claim_instalment,
    correct_instalment,
    receive_instalment,
    undo_instalment,
)
from essaim.journeys.queries.agreements import get_agreement_for, list_agreements_for, visible_agreements
from essaim.kernel.edit_versions import EditConflict
from essaim.web.queries import TodoFilters, todo_for
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_partner_plan
from tests.factories.money import (
    agreement_details,
    instalment_details,
    make_agreement,
    make_claimed,
    make_funder,
    make_instalment,
)
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def agreement(manager):
    return make_agreement(manager)


def done(by):
    return {"by": by, "now": timezone.now()}


def live(kind):
    return Fact.objects.filter(kind=kind, live=True)


def test_signing_commits_the_funder_once(manager):
    action = make_action(manager)
    first = make_agreement(manager, action)
    make_agreement(manager, action, first.funder, title="Avenant")
    partner = ActionPartner.objects.get()
    assert (partner.organisation, partner.role) == (first.funder, "funder")
    assert live("org_committed").count() == 1
    assert {fact.data["amount"] for fact in live("journeys.agreement_signed")} == {30000}


def test_instalments_never_exceed_the_agreement(manager, agreement):
    make_instalment(manager, agreement, amount=Decimal(20000))
    last = make_instalment(manager, agreement, kind="balance", amount=Decimal(10000))
    for refused in (
        lambda: make_instalment(manager, agreement, amount=Decimal("0.01")),
        lambda: correct_instalment(
            instalment=last, details=instalment_details(amount=Decimal("10000.01")), version=1, **done(manager)
        ),
        lambda: correct_agreement(
            agreement=agreement,
            details=agreement_details(agreement.funder, amount=Decimal(29999)),
            version=agreement.version,
            **done(manager),
        ),
    ):
        with pytest.raises(AgreementRefused, match="dépasseraient") as error:
            refused()
        assert error.value.field == "amount"
    cancel_instalment(instalment=last, version=1, **done(manager))
    make_instalment(manager, agreement, amount=Decimal(10000))


def test_the_database_itself_bounds_and_orders(manager, agreement):
    found = make_instalment(manager, agreement)
    for wrong in (
        {"amount": 30001},
        {"expected_on": date(2026, 11, 30)},
        {"received_on": date(2026, 12, 1), "received_amount": 10},
        {"claimed_on": date(2026, 12, 2), "received_on": date(2026, 12, 1), "received_amount": 10},
        {"claimed_on": date(2026, 12, 2), "cancelled_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Instalment.objects.filter(pk=found.pk).update(**wrong)
    for wrong in ({"amount": 9999}, {"ends": date(2025, 1, 1)}, {"signed_on": None}, {"signed_fact": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FundingAgreement.objects.filter(pk=agreement.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_of_instalments_added_at_once_those_that_fit_are_kept():
    manager = MembershipFactory(manager=True)
    agreement = make_agreement(manager)
    results = at_once([lambda: make_instalment(manager, agreement, amount=Decimal(10000))] * 5)
    assert sorted(type(one).__name__ for one in results) == ["AgreementRefused"] * 2 + ["Instalment"] * 3
    assert agreement.instalments.count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_claim_wins_and_the_other_is_told():
    manager = MembershipFactory(manager=True)
    found = make_instalment(manager)
    results = at_once([lambda: make_claimed(manager, found, on=timezone.now().date())] * 3)
    assert sorted(type(one).__name__ for one in results) == ["EditConflict", "EditConflict", "Instalment"]
    assert live("journeys.grant_claimed").count() == 1


def test_an_instalment_is_claimed_then_received_and_both_may_be_undone(manager):
    found = make_claimed(manager)
    with pytest.raises(AgreementRefused, match="au plus"):
        receive_instalment(instalment=found, on=date(2026, 11, 20), amount=Decimal(10001), version=2, **done(manager))
    got = receive_instalment(instalment=found, on=date(2026, 11, 20), amount=Decimal(9000), version=2, **done(manager))
    assert live("journeys.grant_received").get().data["amount"] == 9000
    back = undo_instalment(instalment=got, version=3, **done(manager))
    assert (back.received_on, back.received_amount, back.claimed_on) == (None, None, date(2026, 11, 2))
    undo_instalment(instalment=back, version=4, **done(manager))
    assert not live("journeys.grant_claimed").exists() and not live("journeys.grant_received").exists()
    with pytest.raises(AgreementRefused, match="Rien"):
        undo_instalment(instalment=back, version=5, **done(manager))


def test_nothing_is_claimed_before_the_signature(manager):
    found = make_instalment(manager, make_agreement(manager, signed=False))
    with pytest.raises(AgreementRefused, match="pas encore signée"):
        make_claimed(manager, found)


def test_a_settled_agreement_moves_no_more(manager, agreement):
    claimed = make_claimed(manager, make_instalment(manager, agreement))
    given = {"agreement": agreement, "version": agreement.version, **done(manager)}
    with pytest.raises(AgreementRefused, match="pas encore reçu"):
        end_agreement(state="settled", **given)
    with pytest.raises(AgreementRefused, match="déjà été demandé"):
        end_agreement(state="cancelled", **given)
    receive_instalment(instalment=claimed, on=date(2026, 11, 20), amount=Decimal(1), version=2, **done(manager))
    end_agreement(state="settled", **given)
    with pytest.raises(AgreementRefused, match="soldée"):
        make_instalment(manager, agreement, amount=Decimal(5))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"amount": Decimal(0)}, "amount"),
        ({"ends": date(2025, 12, 31)}, "ends"),
        ({"evidence": ("health",)}, "evidence"),
    ],
)
def test_a_wrong_agreement_is_refused_beside_its_field(manager, values, field):
    with pytest.raises(AgreementRefused) as refused:
        make_agreement(manager, **values)
    assert refused.value.field == field


def test_the_carrier_is_not_its_own_funder_nor_signs_twice(manager, agreement):
    with pytest.raises(AgreementRefused, match="elle-même"):
        make_agreement(manager, funder=manager.organisation)
    with pytest.raises(AgreementRefused, match="déjà une convention"):
        make_agreement(manager, agreement.action, agreement.funder)
    with pytest.raises(AgreementRefused, match="déjà signée"):
        sign_agreement(agreement=agreement, on=date(2026, 2, 1), version=2, **done(manager))
    with pytest.raises(EditConflict):
        sign_agreement(agreement=agreement, on=date(2026, 2, 1), version=1, **done(manager))


def test_only_the_management_of_the_carrier_writes(manager, agreement):
    counsellor = MembershipFactory(counsellor=True, organisation=manager.organisation)
    for by in (counsellor, MembershipFactory(manager=True)):
        with pytest.raises(AgreementRefused):
            prepare_agreement(action=agreement.action, details=agreement_details(title="Autre"), **done(by))
        with pytest.raises(AgreementRefused):
            make_instalment(by, agreement)


def test_who_reads_agreements(manager):
    funder = MembershipFactory(role=Role.FUNDER, organisation=make_funder())
    other = MembershipFactory(role=Role.FUNDER, organisation=make_funder())
    plans = [make_partner_plan(one.organisation, "funder") for one in (funder, other)]
    action = make_action(manager, partners=plans)
    mine = make_agreement(manager, action, funder.organisation)
    unsigned = make_agreement(manager, action, funder.organisation, signed=False, title="Projet")
    colleague = MembershipFactory(counsellor=True, organisation=manager.organisation)
    prescriber = MembershipFactory(role=Role.PRESCRIBER, organisation=manager.organisation)
    read = {who: set(visible_agreements(who)) for who in (manager, colleague, funder, other, prescriber)}
    assert read[manager] == read[colleague] == {mine, unsigned}
    assert read[funder] == {mine}
    assert read[other] == read[prescriber] == set()
    with pytest.raises(FundingAgreement.DoesNotExist):
        get_agreement_for(other, mine.ref)


def test_a_funder_reads_her_own_money_and_no_person(client_for, manager):
    funder = MembershipFactory(role=Role.FUNDER, organisation=make_funder())
    action = make_action(manager, partners=[make_partner_plan(funder.organisation, "funder")])
    mine = make_agreement(manager, action, funder.organisation)
    hers = make_agreement(manager, action, title="Région")
    make_claimed(manager, make_instalment(manager, mine))
    client = client_for(funder)
    tab = client.get(reverse("journeys:action", args=[action.ref], query={"onglet": "agreements"}))
    assertContains(tab, "Programmation 2026")
    assertNotContains(tab, "Région")
    page = client.get(reverse("journeys:agreement", args=[mine.ref]))
    assertContains(page, "faite le")
    assertNotContains(page, "Dossier")
    assertNotContains(page, "Noter")
    assert client.get(reverse("journeys:agreement", args=[hers.ref])).status_code == 404
    for name in ("agreements_file", "budget_file"):
        allowed = name == "agreements_file"
        assert (client.get(reverse(f"journeys:{name}", args=[action.ref])).status_code == 200) == allowed


@pytest.mark.parametrize(
    ("on", "urgency"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "after"),
        (date(2026, 12, 1), "today"),
        (date(2026, 12, 3), "late"),
    ],
)
def test_a_claim_is_told_thirty_days_before_whatever_the_practice_says(manager, on, urgency):
    found = make_instalment(manager)
    with time_machine.travel(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), tick=False):
        lines = todo_for(manager, on, TodoFilters(is_team=True, kind="journeys.claim_due")).lines
    assert [line.urgency for line in lines] == ([urgency] if urgency else [])
    for line in lines:
        assert (line.title, line.subject, line.due) == ("Programmation 2026", found.ref, date(2026, 12, 1))
        assert "30 jours" in line.why


def test_a_claim_is_told_to_the_management_of_the_carrier_only(manager):
    partner = MembershipFactory(manager=True)
    plan = make_partner_plan(partner.organisation, "host", sees_people=True)
    action = make_action(manager, partners=[plan])
    found = make_instalment(manager, make_agreement(manager, action))
    colleague = MembershipFactory(counsellor=True, organisation=manager.organisation)

    def told(viewer):
        return len(todo_for(viewer, date(2026, 11, 23), TodoFilters(is_team=True, kind="journeys.claim_due")).lines)

    assert [told(one) for one in (manager, colleague, partner)] == [1, 0, 0]
    make_claimed(manager, found)
    assert told(manager) == 0


def test_an_advance_is_told_before_the_action_starts(manager):
    action = make_action(manager, starts=date(2027, 1, 4), ends=date(2027, 12, 31))
    make_instalment(manager, make_agreement(manager, action))
    lines = todo_for(manager, date(2026, 11, 23), TodoFilters(is_team=True)).lines
    assert [line.kind.key for line in lines] == ["journeys.claim_due"]


def test_the_list_makes_as_many_queries_with_1_and_3_agreements(manager):
    action = make_action(manager)
    make_instalment(manager, make_agreement(manager, action))
    with CaptureQueriesContext(connection) as one:
        assert [row.planned for row in list_agreements_for(manager, action)] == [10000]
    for title in ("Deux", "Trois"):
        make_instalment(manager, make_agreement(manager, action, title=title))
    with CaptureQueriesContext(connection) as three:
        assert len([row.funder.name for row in list_agreements_for(manager, action)]) == 3
    assert len(one) == len(three)


def test_an_agreement_is_written_signed_and_paid_on_screen(client_for, manager):
    action, funder, client = make_action(manager), make_funder(), client_for(manager)
    new = reverse("journeys:agreement_new", args=[action.ref])
    typed = {
        "form_key": client.get(new).context["form"]["form_key"].value(),
        "funder": funder.ref,
        "title": "Programmation 2026",
        "amount": "12 000",
        "starts": "2026-01-01",
        "ends": "2026-12-31",
        "evidence": ["identity", "commitment"],
    }
    assertContains(client.post(new, typed | {"amount": "0"}), "au-dessus de zéro")
    assert client.post(new, typed).status_code == 302
    made = FundingAgreement.objects.get()
    assert made.evidence == ["identity", "commitment"]
    sign = reverse("journeys:agreement_sign", args=[made.ref])
    assert client.post(sign, {"version": 1, "on": "2026-02-02"}).status_code == 302
    plan = reverse("journeys:instalment_new", args=[made.ref])
    typed = {"kind": "advance", "amount": "4000", "claim_by": "2026-12-10", "expected_on": "2026-12-01"}
    key = client.get(plan).context["form"]["form_key"].value()
    assertContains(client.post(plan, typed | {"form_key": key}), "Le versement suit sa demande.")
    assert client.post(plan, typed | {"form_key": key, "expected_on": "2027-01-10"}).status_code == 302
    found = Instalment.objects.get()
    for name, data in (("claim", {"version": 1}), ("receive", {"version": 2, "amount": "4000"})):
        url = reverse(f"journeys:instalment_{name}", args=[found.ref])
        assert client.post(url, data | {"on": "2026-11-20"}).status_code == 302
    page = client.get(reverse("journeys:agreement", args=[made.ref]))
    assertContains(page, "reçus le")
    lines = client.get(reverse("journeys:instalments_file", args=[made.ref])).content.decode("utf-8-sig")
    assert "avance;4000,00;10/12/2026;10/01/2027;20/11/2026;20/11/2026;4000,00" in lines


def test_claiming_needs_the_version_that_was_read(manager):
    found = make_instalment(manager)
    claim_instalment(instalment=found, on=date(2026, 11, 2), version=1, **done(manager))
    with pytest.raises(EditConflict):
        claim_instalment(instalment=found, on=date(2026, 11, 2), version=1, **done(manager))
