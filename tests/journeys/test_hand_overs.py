"""Passing the relay: who may propose, who answers, what changes hands, and no exit without one."""

from datetime import date, timedelta

import pytest

from essaim.journal.models import Fact
from essaim.journeys.enums import HandOverState
from essaim.journeys.models import Enrolment, HandOver
from essaim.journeys.operations import (
    EnrolmentRefused,
    HandOverRefused,
    cancel_hand_over,
    close_enrolment,
    complete_hand_over,
    correct_closing,
    refuse_hand_over,
    request_hand_over,
)
from essaim.journeys.queries.hand_overs import (
    count_received_hand_overs_for,
    get_hand_over_for,
    list_received_hand_overs_for,
    list_sent_hand_overs_for,
)
from essaim.kernel.edit_versions import EditConflict
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import scope_for
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def colleague(counsellor):
    return colleague_of(counsellor)


def propose(enrolment, to, by, now, /, **values):
    given = {"enrolment": enrolment, "to_user": to.user} | values
    return request_hand_over(person=enrolment.person, to_organisation=to.organisation, by=by, now=now, **given)


def accept(hand_over, by, now, **values):
    return complete_hand_over(
        hand_over=hand_over, by=by, now=now,
        **({"first_appointment_at": now + timedelta(days=3), "version": hand_over.version} | values),
    )  # fmt: skip


def leave(enrolment, by, now, reason="term"):
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    return close_enrolment(
        enrolment=enrolment, reason=reason, on=date(2026, 6, 1), version=enrolment.version, by=by, now=now
    )


def test_a_colleague_who_accepts_becomes_the_referent(counsellor, colleague, now):
    enrolment = make_enrolment(counsellor)
    hand_over = propose(enrolment, colleague, counsellor, now, words="Elle préfère les SMS.")
    assert Enrolment.objects.get().referent == counsellor.user  # nothing moves before the answer
    done = accept(hand_over, colleague, now)

    assert (done.state, done.answered_by, done.answered_at) == (HandOverState.ACCEPTED, colleague.user, now)
    assert Enrolment.objects.get().referent == Person.objects.get(pk=enrolment.person_id).referent == colleague.user
    fact = Fact.objects.get(kind="journeys.handed_over")
    assert (fact.action, fact.organisation, fact.data) == (
        enrolment.action, colleague.organisation, {"moves_file": False},
    )  # fmt: skip


def test_another_structure_reads_before_it_accepts_and_no_longer_once_it_refused(counsellor, now):
    enrolment, other = make_enrolment(counsellor), MembershipFactory()
    hand_over = propose(enrolment, other, counsellor, now)
    assert scope_for(other, enrolment.person) == GrantScope.FILE
    with pytest.raises(HandOverRefused) as refusal:
        refuse_hand_over(hand_over=hand_over, words="  ", version=hand_over.version, by=other, now=now)
    assert refusal.value.field == "words"
    refused = refuse_hand_over(hand_over=hand_over, words="Complet.", version=hand_over.version, by=other, now=now)
    assert (refused.state, refused.refusal) == (HandOverState.REFUSED, "Complet.")
    assert scope_for(other, enrolment.person) is None


def test_the_whole_file_changes_structure(counsellor, now):
    action = make_action(MembershipFactory(manager=True), partners=[make_partner_plan(counsellor.organisation, sees_people=True)])  # noqa: E501  # fmt: skip
    enrolment, other = make_enrolment(counsellor, action), MembershipFactory()
    hand_over = propose(enrolment, other, counsellor, now, moves_file=True, to_user=None)
    accept(hand_over, other, now)

    person = Person.objects.get(pk=enrolment.person_id)
    assert (person.referent, person.referent_organisation) == (other.user, other.organisation)
    assert scope_for(other, person) == GrantScope.REFERENT
    assert scope_for(counsellor, person) == GrantScope.FILE  # through the action, until the exit
    assert Enrolment.objects.get().referent == enrolment.referent


def test_a_proposal_taken_back_closes_the_file(counsellor, now):
    enrolment, other = make_enrolment(counsellor), MembershipFactory()
    hand_over = propose(enrolment, other, counsellor, now)
    with pytest.raises(HandOverRefused, match="organisation qui propose"):
        cancel_hand_over(hand_over=hand_over, version=hand_over.version, by=other, now=now)
    cancel_hand_over(hand_over=hand_over, version=hand_over.version, by=counsellor, now=now)
    assert scope_for(other, enrolment.person) is None
    assert propose(enrolment, other, counsellor, now).state == HandOverState.PROPOSED


def test_what_cannot_be_proposed(counsellor, colleague, now):
    enrolment, stranger = make_enrolment(counsellor), MembershipFactory()
    steering = colleague_of(counsellor, steering=True)
    for to, by, values, words in [
        (colleague, stranger, {}, "pas ouvert"),
        (counsellor, counsellor, {}, "la suit déjà"),
        (colleague, counsellor, {"to_user": None}, "quel collègue"),
        (steering, counsellor, {}, "ne suit personne"),
        (stranger, counsellor, {"to_user": colleague.user}, "ne suit personne"),
        (stranger, counsellor, {"enrolment": None}, "ce que l’autre structure reprend"),
    ]:
        with pytest.raises(HandOverRefused, match=words):
            propose(enrolment, to, by, now, **values)
    propose(enrolment, colleague, counsellor, now)
    with pytest.raises(HandOverRefused, match="déjà proposé"):
        propose(enrolment, stranger, counsellor, now)
    leave(enrolment, counsellor, now, "job")
    with pytest.raises(HandOverRefused, match="terminé"):
        propose(Enrolment.objects.select_related("action", "person").get(), colleague, counsellor, now)


def test_only_the_referent_team_gives_the_file_away(counsellor, now):
    seeing = MembershipFactory()
    action = make_action(counsellor, partners=[make_partner_plan(seeing.organisation, sees_people=True)])
    enrolment = make_enrolment(counsellor, action)
    with pytest.raises(HandOverRefused, match="équipe référente"):
        propose(enrolment, MembershipFactory(), seeing, now, moves_file=True)


def test_the_file_of_a_protected_person_is_opened_elsewhere_by_her_referent_team_only(counsellor, now):
    seeing, elsewhere = MembershipFactory(), MembershipFactory()
    action = make_action(counsellor, partners=[make_partner_plan(seeing.organisation, sees_people=True)])
    enrolment = make_enrolment(counsellor, action)
    Person.objects.filter(pk=enrolment.person_id).update(is_protected=True)
    enrolment = Enrolment.objects.select_related("action", "person").get()
    with pytest.raises(HandOverRefused, match="protégé"):
        propose(enrolment, elsewhere, seeing, now)
    assert scope_for(elsewhere, enrolment.person) is None
    propose(enrolment, elsewhere, counsellor, now)
    assert scope_for(elsewhere, enrolment.person) == GrantScope.FILE


def test_a_protected_person_is_handed_back_to_her_referent_team(counsellor, colleague, now):
    seeing = MembershipFactory()
    action = make_action(counsellor, partners=[make_partner_plan(seeing.organisation, sees_people=True)])
    enrolment = make_enrolment(counsellor, action)
    Person.objects.filter(pk=enrolment.person_id).update(is_protected=True)
    enrolment = Enrolment.objects.select_related("action", "person").get()
    assert propose(enrolment, colleague, seeing, now).to_user == colleague.user


def test_what_cannot_be_accepted(counsellor, colleague, now):
    enrolment = make_enrolment(counsellor)
    hand_over = propose(enrolment, colleague, counsellor, now)
    for by, values, words in [
        (MembershipFactory(), {}, "pas proposé"),
        (colleague, {"first_appointment_at": now}, "à venir"),
        (colleague, {"user": MembershipFactory().user}, "suit des personnes"),
    ]:
        with pytest.raises(HandOverRefused, match=words):
            accept(hand_over, by, now, **values)
    with pytest.raises(EditConflict):
        accept(hand_over, colleague, now, version=0)
    assert not Fact.objects.filter(kind="journeys.handed_over").exists()
    done = accept(hand_over, colleague, now)
    for again in (accept, lambda one, by, now: refuse_hand_over(
        hand_over=one, words="Non.", version=one.version, by=by, now=now
    )):  # fmt: skip
        with pytest.raises(HandOverRefused, match="déjà été donnée"):
            again(done, colleague, now)


@pytest.mark.parametrize("reason", ["term", "completed"])
def test_nobody_stops_in_silence(counsellor, colleague, now, reason):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(EnrolmentRefused, match="Proposez un relais") as refusal:
        leave(enrolment, counsellor, now, reason)
    assert refusal.value.field == "reason"
    hand_over = propose(enrolment, colleague, counsellor, now)
    with pytest.raises(EnrolmentRefused, match="Proposez un relais"):
        leave(enrolment, counsellor, now, reason)
    accept(hand_over, colleague, now)
    assert leave(enrolment, counsellor, now, reason).close_reason == reason


@pytest.mark.parametrize("reason", ["job", "training", "dropout", "lost"])
def test_other_exits_need_no_relay(counsellor, now, reason):
    enrolment = leave(make_enrolment(counsellor), counsellor, now, reason)
    with pytest.raises(EnrolmentRefused, match="Proposez un relais"):
        correct_closing(
            enrolment=Enrolment.objects.select_related("action", "person").get(pk=enrolment.pk),
            reason="term", on=date(2026, 6, 1), version=enrolment.version, by=counsellor, now=now,
        )  # fmt: skip


def test_a_relay_of_the_whole_file_counts_for_the_exit(counsellor, now):
    enrolment, other = make_enrolment(counsellor), MembershipFactory()
    hand_over = propose(enrolment, other, counsellor, now, enrolment=None, moves_file=True)
    accept(hand_over, other, now)
    assert leave(enrolment, counsellor, now).close_reason == "term"


def test_inbox_of_each_side(counsellor, colleague, now):
    enrolment, other = make_enrolment(counsellor), MembershipFactory()
    hand_over = propose(enrolment, other, counsellor, now)
    assert list(list_received_hand_overs_for(other)) == list(list_sent_hand_overs_for(counsellor)) == [hand_over]
    assert count_received_hand_overs_for(other) == 1
    assert count_received_hand_overs_for(counsellor) == 0
    for nobody in (MembershipFactory(), MembershipFactory(steering=True, organisation=other.organisation)):
        assert not list_received_hand_overs_for(nobody)
        with pytest.raises(HandOver.DoesNotExist):
            get_hand_over_for(nobody, hand_over.ref)
