"""Contracts: the row and the live facts always say the same thing."""

from datetime import date
from decimal import Decimal

import pytest

from essaim.employers.engine.terms import is_early, is_running, planned_end
from essaim.employers.models import WorkContract
from essaim.employers.operations import (
    ContractRefused,
    ContractTerms,
    cancel_contract,
    cancel_end,
    correct_contract,
    correct_end,
    end_contract,
    sign_contract,
)
from essaim.employers.queries import state_of
from essaim.journal.models import Fact
from essaim.journeys.models import StepState
from essaim.journeys.operations import EnrolmentRefused, cancel_enrolment, close_enrolment
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.employers import CDD, CDI, make_company, make_contract
from tests.factories.journeys import make_eligible, make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


def live_facts(contract):
    facts = Fact.objects.filter(action=contract.action, live=True, kind__startswith="contract_").order_by("pk")
    return [(fact.kind, str(fact.day), fact.data) for fact in facts]


def test_a_signed_contract_is_a_row_and_a_fact(counsellor):
    company = make_company()
    contract = make_contract(
        counsellor, organisation=company, **CDD, total_hours=Decimal("455.5"), sector="retail", source="verified"
    )

    assert live_facts(contract) == [
        (
            "contract_signed",
            "2026-04-01",
            {
                "contract": contract.ref,
                "type": "cdd",
                "starts": "2026-04-06",
                "term_months": 3,
                "total_hours": 455.5,
                "sector": "retail",
            },
        )
    ]
    fact = contract.signed_fact
    assert (fact.organisation, fact.source, fact.subject.person) == (company, "verified", contract.person)
    assert StepState.objects.get(enrolment=contract.enrolment, step="work_contract").outcome == "cdd"


def test_a_correction_supersedes_the_fact(counsellor, now):
    contract = make_contract(counsellor, **CDD)
    corrected = correct_contract(
        contract=contract,
        organisation=contract.organisation,
        terms=ContractTerms(**(CDD | {"term_months": 6})),
        version=1,
        by=counsellor,
        now=now,
    )

    assert [data["term_months"] for _, _, data in live_facts(contract)] == [6]
    assert corrected.term_months == 6
    assert corrected.signed_fact.corrects == contract.signed_fact
    assert Fact.objects.filter(kind="contract_signed").count() == 2


def test_an_end_is_written_corrected_then_cancelled(counsellor, now):
    contract = make_contract(counsellor, **CDD)
    ended = end_contract(
        contract=contract, on=date(2026, 5, 4), early=True, initiator="employer", version=1, by=counsellor, now=now
    )
    assert live_facts(contract)[1:] == [
        ("contract_ended", "2026-05-04", {"contract": contract.ref, "early": True, "initiator": "employer"})
    ]
    with pytest.raises(ContractRefused, match="déjà"):
        end_contract(contract=ended, on=date(2026, 5, 5), early=True, version=2, by=counsellor, now=now)

    corrected = correct_end(contract=ended, on=date(2026, 7, 5), early=False, version=2, by=counsellor, now=now)
    assert live_facts(contract)[1:] == [("contract_ended", "2026-07-05", {"contract": contract.ref, "early": False})]
    again = cancel_end(contract=corrected, version=3, by=counsellor, now=now)
    assert [kind for kind, _, _ in live_facts(contract)] == ["contract_signed"]
    assert (again.ended_on, again.ended_early, again.ended_fact) == (None, None, None)


def test_a_corrected_employer_follows_on_the_end(counsellor, now):
    contract = make_contract(counsellor)
    ended = end_contract(contract=contract, on=date(2026, 5, 4), early=True, version=1, by=counsellor, now=now)
    other = make_company()
    correct_contract(contract=ended, organisation=other, terms=ContractTerms(**CDI), version=2, by=counsellor, now=now)
    assert set(Fact.objects.filter(live=True, kind__startswith="contract_").values_list("organisation", flat=True)) == {
        other.pk
    }


def test_a_cancelled_contract_leaves_no_live_fact(counsellor, now):
    contract = make_contract(counsellor)
    ended = end_contract(contract=contract, on=date(2026, 5, 4), early=True, version=1, by=counsellor, now=now)
    with pytest.raises(EnrolmentRefused, match="contrats"):
        cancel_enrolment(enrolment=contract.enrolment, version=1, by=counsellor, now=now)
    cancelled = cancel_contract(contract=ended, version=2, by=counsellor, now=now)

    assert live_facts(contract) == []
    assert state_of(cancelled) == "cancelled"
    assert StepState.objects.get(enrolment=contract.enrolment, step="work_contract").status == "current"
    with pytest.raises(ContractRefused, match="annulé"):
        cancel_contract(contract=cancelled, version=3, by=counsellor, now=now)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"type": "stage"}, "type"),
        ({"signed_on": date(2026, 11, 24)}, "signed_on"),
        ({"signed_on": date(2026, 3, 1)}, "signed_on"),
        ({"type": "cdd"}, "term_months"),
        ({"type": "cdd", "term_months": 121}, "term_months"),
        ({"type": "cdi", "term_months": 6}, "term_months"),
        ({"type": "cdi", "ends": date(2026, 12, 31)}, "ends"),
        ({"type": "interim", "ends": date(2026, 4, 5)}, "ends"),
        ({"total_hours": Decimal("100001")}, "total_hours"),
        ({"sector": "space"}, "sector"),
        ({"source": "rumour"}, "source"),
    ],
)
def test_impossible_terms_are_refused_beside_their_field(counsellor, terms, field):
    with pytest.raises(ContractRefused) as refusal:
        make_contract(counsellor, **terms)
    assert refusal.value.field == field
    assert not WorkContract.objects.exists()


def test_an_employer_is_needed_but_for_self_employment(counsellor, now):
    enrolment = make_enrolment(counsellor)
    arguments = {"enrolment": enrolment, "by": counsellor, "now": now}
    for organisation in (None, OrganisationFactory(from_journal=True)):
        with pytest.raises(ContractRefused) as refusal:
            sign_contract(organisation=organisation, terms=ContractTerms(**CDI), **arguments)
        assert refusal.value.field == "organisation"
    alone = ContractTerms(**(CDI | {"type": "self_employment"}))
    assert sign_contract(organisation=None, terms=alone, **arguments).signed_fact.organisation is None


@pytest.mark.parametrize(
    ("on", "early", "field"),
    [
        (date(2026, 11, 24), True, "on"),
        (date(2026, 4, 5), True, "on"),
        (date(2026, 7, 4), False, "early"),
    ],
    ids=["in the future", "before the start", "at its term too soon"],
)
def test_an_impossible_end_is_refused(counsellor, now, on, early, field):
    contract = make_contract(counsellor, **CDD)
    with pytest.raises(ContractRefused) as refusal:
        end_contract(contract=contract, on=on, early=early, version=1, by=counsellor, now=now)
    assert refusal.value.field == field


def test_an_end_before_the_signature_is_refused(counsellor, now):
    contract = make_contract(counsellor, starts=date(2026, 3, 20))
    with pytest.raises(ContractRefused, match="signé"):
        end_contract(contract=contract, on=date(2026, 3, 31), early=True, version=1, by=counsellor, now=now)


def test_a_contract_may_be_signed_after_the_exit_by_who_still_sees_the_person(counsellor, now):
    enrolment = make_enrolment(counsellor)
    closed = close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 3, 30), version=1, by=counsellor, now=now)
    assert make_contract(counsellor, closed).signed_on == date(2026, 4, 1)


def test_strangers_write_no_contract(counsellor, now):
    contract = make_contract(counsellor)
    stranger = MembershipFactory()
    with pytest.raises(ContractRefused):
        make_contract(stranger, contract.enrolment)
    with pytest.raises(ContractRefused):
        cancel_contract(contract=contract, version=1, by=stranger, now=now)


def test_the_second_editor_is_told(counsellor, now):
    contract = make_contract(counsellor)
    end_contract(contract=contract, on=date(2026, 5, 4), early=True, version=1, by=counsellor, now=now)
    with pytest.raises(EditConflict):
        cancel_contract(contract=contract, version=1, by=counsellor, now=now)


def test_two_people_of_one_action_keep_their_own_contracts(counsellor, now):
    first = make_contract(counsellor)
    enrolment = make_enrolment(counsellor, first.action, make_eligible(counsellor))
    make_contract(counsellor, enrolment, **CDD)
    cancel_contract(contract=first, version=1, by=counsellor, now=now)
    assert [data["type"] for _, _, data in live_facts(first)] == ["cdd"]


@pytest.mark.parametrize(
    ("starts", "ends", "months", "expected"),
    [
        (date(2026, 1, 31), None, 1, date(2026, 2, 27)),
        (date(2024, 1, 31), None, 1, date(2024, 2, 28)),
        (date(2026, 4, 6), None, 3, date(2026, 7, 5)),
        (date(2026, 4, 6), date(2026, 5, 1), 3, date(2026, 5, 1)),
        (date(2026, 4, 6), None, None, None),
    ],
)
def test_planned_end(starts, ends, months, expected):
    assert planned_end(starts, ends, months) == expected


def test_early_and_running():
    assert is_early(date(2026, 1, 1), None)
    assert is_early(date(2026, 1, 1), date(2026, 1, 2))
    assert not is_early(date(2026, 1, 2), date(2026, 1, 2))
    start, day = date(2026, 1, 1), date(2026, 2, 1)
    assert is_running(start, None, None, day)
    assert not is_running(start, None, day, day)
    assert not is_running(start, date(2026, 1, 31), None, day)
