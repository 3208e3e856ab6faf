"""Two people at once on the same parcours: one act, and the other told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from essaim.journal.models import Fact
from essaim.journeys.models import Commitment, CommitmentSignature, Enrolment, HandOver
from essaim.journeys.operations import (
    change_setting,
    complete_hand_over,
    open_signature_link,
    prepare_commitment,
    refuse_hand_over,
    renew_enrolment,
    request_hand_over,
    sign_by_link,
    sign_commitment,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ENTRY = date(2026, 3, 2)


def names(results):
    return sorted(type(result).__name__ for result in results)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def test_two_renewals_at_once_make_one(counsellor):
    enrolment, now = make_enrolment(counsellor), timezone.now()
    version = Enrolment.objects.get().version

    def renew():
        return renew_enrolment(enrolment=enrolment, on=date(2026, 5, 20), version=version, by=counsellor, now=now)

    assert names(at_once([renew] * 4)) == ["Decision"] + ["EditConflict"] * 3
    assert (Enrolment.objects.get().renewals, Enrolment.objects.get().due_on) == (1, date(2026, 9, 1))
    assert Fact.objects.filter(kind="decision_made", live=True).count() == 1


def test_a_renewal_and_another_duration_at_once_both_count(counsellor):
    action = make_action(counsellor)
    enrolment, now = make_enrolment(counsellor, action), timezone.now()
    version = Enrolment.objects.get().version

    def renew():
        return renew_enrolment(enrolment=enrolment, on=ENTRY, version=version, by=counsellor, now=now)

    def change():
        return change_setting(
            action=action, key="duration_months", value=4, version=action.version, by=counsellor, now=now
        )

    assert names(at_once([renew, change])) == ["Decision", "SettingChange"]
    assert Enrolment.objects.get().due_on == date(2026, 11, 1)


def test_the_same_signature_at_once_is_written_once(counsellor):
    make_enrolment(counsellor)
    now = timezone.now()

    def sign():
        return sign_commitment(
            commitment=Commitment.objects.select_related("enrolment__action", "enrolment__person").get(),
            signatory="person", means="screen", signed_on=ENTRY, by=counsellor, now=now,
        )  # fmt: skip

    assert names(at_once([sign] * 3)) == ["Commitment"] + ["CommitmentRefused"] * 2
    assert CommitmentSignature.objects.count() == 1


def test_two_signatories_at_once_sign_one_document(counsellor):
    make_enrolment(counsellor)
    now = timezone.now()

    def sign(signatory):
        return lambda: sign_commitment(
            commitment=Commitment.objects.select_related("enrolment__action", "enrolment__person").get(),
            signatory=signatory, means="screen", signed_on=ENTRY, by=counsellor, now=now,
        )  # fmt: skip

    assert names(at_once([sign("person"), sign("facilitator")])) == ["Commitment", "Commitment"]
    assert Commitment.objects.get().state == "signed"
    assert Fact.objects.filter(kind="commitment_signed", live=True).count() == 1


def test_a_link_used_twice_at_once_signs_once(counsellor):
    make_enrolment(counsellor)
    now = timezone.now()
    token = open_signature_link(commitment=Commitment.objects.get(), signatory="person", by=counsellor, now=now)
    results = at_once([lambda: sign_by_link(token=token, now=now)] * 3)
    assert names(results) == ["Commitment"] + ["LinkClosedError"] * 2
    assert CommitmentSignature.objects.count() == 1


def test_a_document_prepared_many_times_at_once_is_one(counsellor):
    action = make_action(counsellor, settings={"commitment_signed": False})
    enrolment, now = make_enrolment(counsellor, action), timezone.now()

    def prepare():
        return prepare_commitment(enrolment=enrolment, tool="club_contract", by=counsellor, now=now)

    assert names(at_once([prepare] * 4)) == ["Commitment"] * 4
    assert Commitment.objects.count() == 1


def test_two_answers_to_a_relay_are_one(counsellor):
    enrolment, now = make_enrolment(counsellor), timezone.now()
    other = MembershipFactory()
    colleague = colleague_of(other)
    relay = request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=other.organisation, by=counsellor, now=now
    )

    def accept():
        return complete_hand_over(
            hand_over=relay, first_appointment_at=now + timedelta(days=2), version=1, by=other, now=now
        )

    def refuse():
        return refuse_hand_over(hand_over=relay, words="Complet.", version=1, by=colleague, now=now)

    assert names(at_once([accept, refuse])) == ["EditConflict", "HandOver"]
    assert HandOver.objects.get().state in {"accepted", "refused"}
    accepted = HandOver.objects.filter(state="accepted").exists()
    assert Fact.objects.filter(kind="journeys.handed_over").exists() == accepted


def test_a_relay_proposed_twice_at_once_is_proposed_once(counsellor):
    enrolment, now, other = make_enrolment(counsellor), timezone.now(), MembershipFactory()

    def propose():
        return request_hand_over(
            person=enrolment.person, enrolment=enrolment, to_organisation=other.organisation, by=counsellor, now=now
        )

    assert names(at_once([propose] * 3)) == ["HandOver", "HandOverRefused", "HandOverRefused"]
