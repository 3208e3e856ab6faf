"""Orienting someone and answering: who may, what it writes, what opens and closes."""

from datetime import date, timedelta

import pytest

from essaim.journal.models import Fact
from essaim.journeys.models import Decision, Prescription, WaitingEntry
from essaim.journeys.operations import (
    DecisionRefused,
    PrescriptionRefused,
    cancel_decision,
    decide_entry,
    decide_prescription,
    receive_prescription,
    withdraw_prescription,
)
from essaim.kernel.edit_versions import EditConflict
from essaim.people.models import AccessGrant
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import (
    VALIDATED,
    make_action,
    make_eligible,
    make_enrolment,
    make_group,
    make_partner_plan,
    make_prescription,
)
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def agency():
    """A partner of one of the three families."""
    return MembershipFactory(organisation=OrganisationFactory(kind="employment_service"))


@pytest.fixture
def club(counsellor, agency):
    return make_action(counsellor, partners=[make_partner_plan(agency.organisation)])


def live(action):
    return list(Fact.objects.filter(action=action, live=True).order_by("pk").values_list("kind", flat=True))


def opened_to(prescription):
    grants = AccessGrant.objects.filter(origin=prescription.ref, until__isnull=True)
    return [grant.organisation for grant in grants]


def decide(prescription, by, now, outcome="accepted", **values):
    given = {"on": TODAY, "version": prescription.version} | values
    made = decide_prescription(prescription=prescription, outcome=outcome, by=by, now=now, **given)
    prescription.refresh_from_db()
    return made


def test_a_partner_orients_someone(club, counsellor, agency, now):
    made = make_prescription(agency, club, letter="Elle cherche depuis six mois.")

    assert (made.state, made.made_on, made.answer_due) == ("sent", TODAY, TODAY + timedelta(days=8))
    assert made.prescriber == agency.organisation
    assert made.fact.kind == "prescription_made"
    assert made.fact.data == {"motive": "job_search"}
    assert made.fact.organisation == agency.organisation
    assert opened_to(made) == [counsellor.organisation]


def test_the_team_orients_its_own_people_whatever_its_family(counsellor):
    counsellor.organisation.kind = "association"
    counsellor.organisation.save()
    made = make_prescription(counsellor)
    assert made.state == "sent"
    assert opened_to(made) == []  # it holds the file already


def test_one_family_too_many_is_refused_in_words(club, counsellor):
    other = MembershipFactory(organisation=OrganisationFactory(kind="training_centre"))
    action = make_action(counsellor, partners=[make_partner_plan(other.organisation)])
    with pytest.raises(PrescriptionRefused, match="France Travail, mission locale, acteurs sociaux des quartiers"):
        make_prescription(other, action)


@pytest.mark.parametrize("role", ["funder", "host"])
def test_a_partner_who_does_not_prescribe_is_refused(counsellor, agency, role):
    action = make_action(counsellor, partners=[make_partner_plan(agency.organisation, role)])
    with pytest.raises(PrescriptionRefused):
        make_prescription(agency, action)


@pytest.mark.parametrize("role", ["prescriber", "employer_relations", "steering", "funder"])
def test_a_role_without_people_is_refused(counsellor, role):
    action, person = make_action(counsellor), make_eligible(counsellor)
    member = MembershipFactory(organisation=counsellor.organisation, role=role)
    with pytest.raises(PrescriptionRefused):
        make_prescription(member, action, person)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"motive": "because"}, "motive"),
        ({"agreed_on": TODAY + timedelta(days=1)}, "agreed_on"),
        ({"agreed_on": date(2000, 1, 1)}, "agreed_on"),
        ({"track": "inconnu"}, "track"),
        ({"letter": "x" * 2001}, "letter"),
    ],
)
def test_what_is_written_wrong_is_told_beside_it(counsellor, values, field):
    with pytest.raises(PrescriptionRefused) as refusal:
        make_prescription(counsellor, **values)
    assert refusal.value.field == field


def test_someone_is_oriented_once_and_not_when_she_is_in(counsellor, club):
    person = make_eligible(counsellor)
    make_prescription(counsellor, club, person)
    with pytest.raises(PrescriptionRefused, match="déjà orientée"):
        make_prescription(counsellor, club, person)
    with pytest.raises(PrescriptionRefused, match="déjà inscrite"):
        make_prescription(counsellor, club, make_enrolment(counsellor, club).person)


def test_an_action_that_is_over_or_a_file_not_open_is_refused(counsellor):
    over = make_action(counsellor, ends=date(2026, 10, 31))
    with pytest.raises(PrescriptionRefused, match="terminée"):
        make_prescription(counsellor, over)
    with pytest.raises(PrescriptionRefused, match="pas ouvert"):
        make_prescription(counsellor, make_action(counsellor), PersonFactory())


def test_a_protected_person_is_oriented_by_her_referent_team_only(club, agency, counsellor):
    person = PersonFactory(held_by=agency, is_protected=True)
    AccessGrantFactory(person=person, organisation=counsellor.organisation)
    with pytest.raises(PrescriptionRefused, match="équipe référente"):
        make_prescription(counsellor, club, person)
    assert make_prescription(agency, club, person).person == person


def test_accepting_writes_codes_only_and_does_not_enrol(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    made = decide(asked, counsellor, now, validated=["motivation", "project"], explanation="Très  motivée")

    assert (asked.state, asked.version) == ("accepted", 2)
    assert asked.received_at == now
    assert made.validated == ["project", "motivation"]
    assert made.explanation == "Très motivée"
    assert made.fact.data == {"step": "opportunity", "outcome": "accepted", "criteria": "project motivation"}
    assert opened_to(asked) == [counsellor.organisation]
    assert not asked.action.enrolments.exists()


def test_refusing_needs_a_reason_and_closes_the_file(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    with pytest.raises(DecisionRefused) as refusal:
        decide(asked, counsellor, now, "refused")
    assert refusal.value.field == "reason"
    made = decide(asked, counsellor, now, "refused", reason="project", explanation="À revoir au printemps")
    assert asked.state == "refused"
    assert made.fact.data["criteria"] == "project"
    assert opened_to(asked) == []


def test_waiting_list_then_accepted(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    decide(asked, counsellor, now, "waitlisted")
    entry = WaitingEntry.objects.get()
    assert (asked.state, entry.person, entry.prescription) == ("waiting", asked.person, asked)
    with pytest.raises(DecisionRefused, match="déjà en liste"):
        decide(asked, counsellor, now, "waitlisted")
    decide(asked, counsellor, now, validated=VALIDATED)
    entry.refresh_from_db()
    assert (asked.state, entry.state) == ("accepted", "waiting")


def test_reorienting_opens_the_other_prescription_in_the_same_act(club, counsellor, agency, now):
    other = make_action(counsellor, title="Atelier mobilité")
    asked = make_prescription(agency, club, letter="Sans permis.")
    made = decide(asked, counsellor, now, "reoriented", reoriented_to=other)

    opened = Prescription.objects.get(action=other)
    assert (asked.state, made.reoriented_to) == ("reoriented", other)
    assert (opened.person, opened.prescriber, opened.letter) == (asked.person, counsellor.organisation, "Sans permis.")
    assert opened_to(asked) == []
    assert opened_to(opened) == [counsellor.organisation]
    assert live(other)[-1] == "prescription_made"


def test_reorienting_needs_another_action(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    for wrong in (None, club):
        with pytest.raises(DecisionRefused) as refusal:
            decide(asked, counsellor, now, "reoriented", reoriented_to=wrong)
        assert refusal.value.field == "reoriented_to"
    elsewhere = make_action()
    with pytest.raises(PrescriptionRefused):
        decide(asked, counsellor, now, "reoriented", reoriented_to=elsewhere)
    assert asked.state == "sent"
    assert not Decision.objects.exists()


def test_a_second_chance_leaves_it_to_examine(club, counsellor, agency, now):
    asked = make_prescription(agency, club, now=now - timedelta(days=5))
    decide(asked, counsellor, now, "second_chance")
    assert (asked.state, asked.answer_due) == ("sent", TODAY + timedelta(days=8))
    decide(asked, counsellor, now, "refused", reason="no_show")
    assert asked.decisions.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": "peut-être"}, "outcome"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": TODAY - timedelta(days=1)}, "on"),
        ({"validated": ["diploma"]}, "validated"),
    ],
)
def test_a_decision_written_wrong_is_told_beside_it(club, counsellor, agency, now, values, field):
    asked = make_prescription(agency, club)
    with pytest.raises(DecisionRefused) as refusal:
        decide(asked, counsellor, now, **values)
    assert refusal.value.field == field


def test_only_the_team_that_receives_decides_and_once(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    steering = MembershipFactory(organisation=counsellor.organisation, steering=True)
    for member in (agency, steering, MembershipFactory(manager=True)):
        with pytest.raises(DecisionRefused):
            decide(asked, member, now)
    decide(asked, counsellor, now)
    with pytest.raises(EditConflict):
        decide(asked, counsellor, now, version=1)
    with pytest.raises(DecisionRefused, match="déjà été prise"):
        decide(asked, counsellor, now)


def test_reading_marks_the_moment_once(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    with pytest.raises(PrescriptionRefused):
        receive_prescription(prescription=asked, by=agency, now=now)
    receive_prescription(prescription=asked, by=counsellor, now=now)
    again = receive_prescription(prescription=asked, by=counsellor, now=now + timedelta(hours=1))
    assert again.received_at == now


def test_withdrawing_closes_the_file_and_leaves_the_queue(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    decide(asked, counsellor, now, "waitlisted")
    with pytest.raises(PrescriptionRefused):
        withdraw_prescription(prescription=asked, version=asked.version, by=counsellor, now=now)
    withdraw_prescription(prescription=asked, version=asked.version, by=agency, now=now)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert WaitingEntry.objects.get().state == "left"
    assert opened_to(asked) == []
    assert live(club)[-1] == "journeys.prescription_withdrawn"
    with pytest.raises(PrescriptionRefused, match="ne se retire plus"):
        withdraw_prescription(prescription=asked, version=asked.version, by=agency, now=now)


def test_a_refusal_is_taken_back_with_the_file_and_the_queue(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    decide(asked, counsellor, now, "waitlisted")
    refused = decide(asked, counsellor, now + timedelta(minutes=5), "refused", reason="other")
    assert WaitingEntry.objects.get().state == "left"
    cancel_decision(decision=refused, by=counsellor, now=now + timedelta(minutes=9))
    asked.refresh_from_db()
    refused.refresh_from_db()
    assert asked.state == "waiting"
    assert WaitingEntry.objects.get().state == "waiting"
    assert opened_to(asked) == [counsellor.organisation]
    assert refused.cancelled_at is not None
    assert not Fact.objects.get(pk=refused.fact_id).live
    with pytest.raises(DecisionRefused, match="déjà annulée"):
        cancel_decision(decision=refused, by=counsellor, now=now)


def test_a_waiting_list_is_taken_back(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    made = decide(asked, counsellor, now, "waitlisted")
    cancel_decision(decision=made, by=counsellor, now=now)
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert WaitingEntry.objects.get().state == "left"


def test_a_reorientation_is_taken_back_until_the_other_action_answers(club, counsellor, agency, now):
    other = make_action(counsellor)
    asked = make_prescription(agency, club)
    made = decide(asked, counsellor, now, "reoriented", reoriented_to=other)
    cancel_decision(decision=made, by=counsellor, now=now)
    asked.refresh_from_db()
    opened = Prescription.objects.get(action=other)
    assert (asked.state, opened.state) == ("sent", "withdrawn")
    assert live(other) == []

    made = decide(asked, counsellor, now + timedelta(minutes=1), "reoriented", reoriented_to=other)
    again = Prescription.objects.get(action=other, state="sent")
    decide(again, counsellor, now, validated=VALIDATED)
    with pytest.raises(DecisionRefused, match="déjà répondu"):
        cancel_decision(decision=made, by=counsellor, now=now)


def test_a_decision_followed_by_an_entry_is_not_taken_back(club, counsellor, agency, now):
    asked = make_prescription(agency, club)
    made = decide(asked, counsellor, now, validated=VALIDATED)
    make_enrolment(counsellor, club, asked.person, on=TODAY, validated=())
    with pytest.raises(DecisionRefused, match="entrée depuis"):
        cancel_decision(decision=made, by=counsellor, now=now)
    with pytest.raises(DecisionRefused, match="Seule l’équipe"):
        cancel_decision(decision=made, by=agency, now=now)


def test_an_entry_is_decided_without_prescription(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    made = decide_entry(action=action, person=person, validated=VALIDATED, on=TODAY, by=counsellor, now=now)
    assert (made.prescription, made.outcome, made.validated) == (None, "accepted", ["project", "motivation"])
    with pytest.raises(DecisionRefused, match="avenir"):
        decide_entry(action=action, person=person, validated=(), on=TODAY + timedelta(days=1), by=counsellor, now=now)


def test_a_decision_for_a_group_names_it_in_the_fil(club, counsellor, agency, now):
    group = make_group(counsellor, club)
    asked = make_prescription(agency, club)
    made = decide(asked, counsellor, now, "waitlisted", group=group)
    assert made.fact.cohort == group.ref
    assert WaitingEntry.objects.get().group == group
