"""Commitments: words frozen, everybody signs, then the fact; nothing half-signed, nothing signed twice."""

from datetime import date, timedelta

import pytest

from essaim.journal.models import Fact
from essaim.journeys.engine.commitments import mark_of
from essaim.journeys.enums import CommitmentState
from essaim.journeys.models import Commitment, Enrolment, StepState
from essaim.journeys.operations import (
    CommitmentRefused,
    EnrolmentRefused,
    cancel_commitment,
    cancel_enrolment,
    change_setting,
    close_enrolment,
    disown_link,
    open_signature_link,
    prepare_commitment,
    sign_by_link,
    sign_commitment,
    sign_on_paper,
)
from essaim.journeys.queries.commitments import get_commitment_by_link
from essaim.kernel.edit_versions import EditConflict
from essaim.kernel.models import LinkAnswer
from essaim.kernel.operations.links import LinkClosedError
from essaim.people.models import Person
from essaim.people.operations import store_document
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment

pytestmark = pytest.mark.django_db
ENTRY, TODAY = date(2026, 3, 2), date(2026, 11, 23)
TINY_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def counsellor():
    return MembershipFactory()


def contract_of(enrolment):
    return Commitment.objects.get(enrolment=enrolment, state__in=["prepared", "signed"])


def sign(commitment, signatory, by, now, means="screen", on=TODAY, **values):
    commitment = Commitment.objects.get(pk=commitment.pk)
    return sign_commitment(
        commitment=commitment, signatory=signatory, means=means, signed_on=on, by=by, now=now, **values
    )


def lines_of(contract):
    return [line for part in contract.content["clauses"] for line in part["lines"]]


def step(enrolment):
    return StepState.objects.get(enrolment=enrolment, step="contract")


def test_an_entry_prepares_the_contract_with_its_words_frozen(counsellor, now):
    action = make_action(counsellor)
    enrolment = make_enrolment(counsellor, action)
    contract = contract_of(enrolment)

    assert (contract.tool, contract.document, contract.state) == ("club_contract", "club_contract", "prepared")
    assert contract.expected == ["person", "facilitator"]
    assert contract.content["person"] == enrolment.person.full_name
    assert contract.content["due"] == "1er juin 2026"
    assert contract.content["duration"] == "3\u00a0mois, renouvelables 1\u00a0fois, 6\u00a0mois en tout"
    assert ["courriel", counsellor.user.email] in contract.content["contacts"]
    lines = lines_of(contract)
    for words in (
        "au club 5\u00a0jours par semaine",
        "2 à 3\u00a0demi-journées",
        "équipement\u00a0: téléphone et ordinateur",
    ):
        assert any(words in line for line in lines), words

    change_setting(action=action, key="presence_days", value=4, version=action.version, by=counsellor, now=now)
    assert lines_of(contract_of(enrolment)) == lines


def test_without_the_setting_no_contract_is_asked_for(counsellor):
    enrolment = make_enrolment(counsellor, make_action(counsellor, settings={"commitment_signed": False}))
    assert not Commitment.objects.exists()
    assert step(enrolment).status == "skipped"


def test_prepared_twice_it_is_the_same(counsellor, now):
    enrolment = make_enrolment(counsellor)
    again = prepare_commitment(enrolment=enrolment, tool="club_contract", by=counsellor, now=now)
    assert again == contract_of(enrolment)
    with pytest.raises(CommitmentRefused, match="n’a pas ce document"):
        prepare_commitment(enrolment=enrolment, tool="charter", by=counsellor, now=now)


def test_the_last_signature_writes_the_fact_and_completes_the_step(counsellor, now):
    enrolment = make_enrolment(counsellor)
    contract = contract_of(enrolment)
    sign(contract, "person", counsellor, now, on=ENTRY)
    assert contract_of(enrolment).state == CommitmentState.PREPARED
    assert not Fact.objects.filter(kind="commitment_signed").exists()
    assert step(enrolment).status == "current"

    signed = sign(contract, "facilitator", counsellor, now, on=date(2026, 3, 4))
    assert signed.state == CommitmentState.SIGNED
    assert signed.signed_on == signed.fact.day == date(2026, 3, 4)
    assert signed.fact.data == {"document": "club_contract", "version": mark_of(contract.content)}
    assert (step(enrolment).status, step(enrolment).outcome) == ("done", "signed")


def test_someone_under_18_needs_her_representative(counsellor, now):
    person = make_eligible(counsellor, birth_date=date(2010, 1, 1), representative_name="Salima Kadrani")
    enrolment = make_enrolment(counsellor, person=person)
    contract = contract_of(enrolment)
    assert contract.expected == ["person", "representative", "facilitator"]
    assert contract.content["representative"] == "Salima Kadrani"
    sign(contract, "person", counsellor, now)
    assert sign(contract, "facilitator", counsellor, now).state == CommitmentState.PREPARED
    assert sign(contract, "representative", counsellor, now).state == CommitmentState.SIGNED


def test_one_sheet_bears_every_signature(counsellor, now):
    enrolment = make_enrolment(counsellor)
    scan = store_document(
        person=enrolment.person, kind="commitment", title="Contrat", upload=TINY_PDF, by=counsellor, now=now
    )
    signed = sign_on_paper(commitment=contract_of(enrolment), signed_on=ENTRY, scan=scan, by=counsellor, now=now)
    assert signed.state == CommitmentState.SIGNED
    assert {one.scan for one in signed.signatures.all()} == {scan}


def test_a_sheet_of_another_file_is_refused_and_writes_nothing(counsellor, now):
    enrolment = make_enrolment(counsellor)
    other = make_eligible(counsellor)
    scan = store_document(person=other, kind="commitment", title="x", upload=TINY_PDF, by=counsellor, now=now)
    with pytest.raises(CommitmentRefused) as refusal:
        sign_on_paper(commitment=contract_of(enrolment), signed_on=ENTRY, scan=scan, by=counsellor, now=now)
    assert refusal.value.field == "scan"
    assert not contract_of(enrolment).signatures.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "signed_on"),
        ({"on": ENTRY - timedelta(days=1)}, "signed_on"),
        ({"means": "fumée"}, "means"),
        ({"signatory": "representative"}, "signatory"),
    ],
)
def test_signatures_that_cannot_be(counsellor, now, given, field):
    contract = contract_of(make_enrolment(counsellor))
    with pytest.raises(CommitmentRefused) as refusal:
        sign(contract, **({"signatory": "person", "by": counsellor, "now": now} | given))
    assert refusal.value.field == field
    assert not contract.signatures.exists()


def test_nobody_signs_twice(counsellor, now):
    contract = contract_of(make_enrolment(counsellor))
    sign(contract, "person", counsellor, now)
    with pytest.raises(CommitmentRefused, match="Déjà signé"):
        sign(contract, "person", counsellor, now)
    sign(contract, "facilitator", counsellor, now)
    with pytest.raises(CommitmentRefused, match="Tout le monde"):
        sign(contract, "person", counsellor, now)


def test_a_stranger_neither_prepares_nor_signs(counsellor, now):
    enrolment, stranger = make_enrolment(counsellor), MembershipFactory()
    with pytest.raises(CommitmentRefused, match="ne suivez pas"):
        sign(contract_of(enrolment), "person", stranger, now)
    with pytest.raises(CommitmentRefused, match="ne suivez pas"):
        prepare_commitment(enrolment=enrolment, tool="club_contract", by=stranger, now=now)


def test_cancelled_it_leaves_no_live_fact_and_can_be_prepared_again(counsellor, now):
    enrolment = make_enrolment(counsellor)
    contract = contract_of(enrolment)
    signed = sign_on_paper(commitment=contract, signed_on=ENTRY, by=counsellor, now=now)
    with pytest.raises(EditConflict):
        cancel_commitment(commitment=signed, version=1, by=counsellor, now=now)
    cancel_commitment(commitment=signed, version=signed.version, by=counsellor, now=now)

    assert not Fact.objects.filter(kind="commitment_signed", live=True).exists()
    assert step(enrolment).status == "current"
    with pytest.raises(CommitmentRefused, match="déjà annulé"):
        fresh = Commitment.objects.get(pk=contract.pk)
        cancel_commitment(commitment=fresh, version=fresh.version, by=counsellor, now=now)
    with pytest.raises(CommitmentRefused, match="préparez-en un autre"):
        sign(contract, "person", counsellor, now)
    prepare_commitment(enrolment=enrolment, tool="club_contract", by=counsellor, now=now)
    assert contract_of(enrolment) != contract


def test_a_cancelled_parcours_takes_its_unsigned_contract_with_it(counsellor, now):
    enrolment = make_enrolment(counsellor)
    cancel_enrolment(enrolment=enrolment, version=enrolment.version, by=counsellor, now=now)
    assert Commitment.objects.get().state == CommitmentState.CANCELLED


def test_a_parcours_with_a_signed_contract_is_not_cancelled_before_it(counsellor, now):
    enrolment = make_enrolment(counsellor)
    sign_on_paper(commitment=contract_of(enrolment), signed_on=ENTRY, by=counsellor, now=now)
    with pytest.raises(EnrolmentRefused, match="un document signé"):
        cancel_enrolment(enrolment=enrolment, version=enrolment.version, by=counsellor, now=now)


def test_nothing_is_prepared_in_a_parcours_that_is_over(counsellor, now):
    enrolment = make_enrolment(counsellor)
    fresh = contract_of(enrolment)
    cancel_commitment(commitment=fresh, version=fresh.version, by=counsellor, now=now)
    close_enrolment(enrolment=enrolment, reason="job", on=TODAY, version=enrolment.version, by=counsellor, now=now)
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    with pytest.raises(CommitmentRefused, match="terminé"):
        prepare_commitment(enrolment=enrolment, tool="club_contract", by=counsellor, now=now)


def test_a_link_signs_once_for_the_person_alone(counsellor, now):
    contract = contract_of(make_enrolment(counsellor))
    token = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    signed = sign_by_link(token=token, now=now)

    signature = signed.signatures.get()
    assert (signature.signatory, signature.means, signature.user) == ("person", "link", None)
    assert signature.signed_on == TODAY
    with pytest.raises(LinkClosedError):
        sign_by_link(token=token, now=now)
    assert contract.signatures.count() == 1


def test_the_fact_of_a_last_signature_by_link_has_no_author(counsellor, now):
    contract = contract_of(make_enrolment(counsellor))
    token = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    sign(contract, "facilitator", counsellor, now)
    assert sign_by_link(token=token, now=now).fact.author is None


def test_links_close_when_they_no_longer_serve(counsellor, now):
    contract = contract_of(make_enrolment(counsellor))
    first = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    second = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    third_party = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    for token, at in [(first, now), (second, now), ("n’importe quoi", now), (third_party, now + timedelta(days=15))]:
        with pytest.raises(LinkClosedError):
            sign_by_link(token=token, now=at)
    disown_link(token=third_party, now=now)
    with pytest.raises(LinkClosedError):
        sign_by_link(token=third_party, now=now)
    last = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    sign_on_paper(commitment=contract, signed_on=TODAY, by=counsellor, now=now)
    with pytest.raises(LinkClosedError):
        sign_by_link(token=last, now=now)
    assert contract.signatures.count() == 2


@pytest.mark.parametrize("change", [{"phone": "+33699000000"}, {"email": "autre@exemple.fr"}, {"is_protected": True}])
def test_a_link_ends_when_she_is_reached_otherwise(counsellor, now, change):
    """Whoever holds the former telephone reads nothing and signs nothing."""
    enrolment = make_enrolment(counsellor)
    contract = contract_of(enrolment)
    token = open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
    assert get_commitment_by_link(token, now=now) == contract
    Person.objects.update(**change)
    with pytest.raises(Commitment.DoesNotExist):
        get_commitment_by_link(token, now=now)
    with pytest.raises(LinkClosedError):
        sign_by_link(token=token, now=now)
    assert not contract.signatures.exists() and not LinkAnswer.objects.exists()
    other = open_signature_link(commitment=contract_of(enrolment), signatory="person", by=counsellor, now=now)
    assert sign_by_link(token=other, now=now).signatures.count() == 1


def test_a_link_ends_with_the_parcours(counsellor, now):
    enrolment = make_enrolment(counsellor)
    token = open_signature_link(commitment=contract_of(enrolment), signatory="person", by=counsellor, now=now)
    Enrolment.objects.update(state="closed", closed_on=TODAY, close_reason="job")
    with pytest.raises(Commitment.DoesNotExist):
        get_commitment_by_link(token, now=now)
    with pytest.raises(LinkClosedError):
        sign_by_link(token=token, now=now)


def test_no_link_for_the_facilitator_nor_for_who_has_signed(counsellor, now):
    contract = contract_of(make_enrolment(counsellor))
    with pytest.raises(CommitmentRefused, match="avec son compte"):
        open_signature_link(commitment=contract, signatory="facilitator", by=counsellor, now=now)
    sign(contract, "person", counsellor, now)
    with pytest.raises(CommitmentRefused, match="plus attendue"):
        open_signature_link(commitment=contract, signatory="person", by=counsellor, now=now)
