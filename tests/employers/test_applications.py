"""Applications, job interviews and the contract that follows: one fact a stage, the last live one on the row."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from essaim.agenda.models import Occupation
from essaim.agenda.operations import OccupationConflict
from essaim.employers.models import Application, JobInterview
from essaim.employers.operations import (
    ApplicationRefused,
    ApproachRefused,
    ContractRefused,
    InterviewRefused,
    cancel_contract,
    cancel_interview,
    cancel_last_move,
    correct_last_move,
    hold_interview,
    miss_interview,
    move_application,
    prepare_interview,
)
from essaim.employers.queries import list_applications_for
from essaim.journal.models import Fact
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import make_application, make_approach, make_company, make_contract, make_interview
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


def stages():
    facts = Fact.objects.filter(kind="application_moved", live=True).order_by("pk")
    return [(fact.data["stage"], str(fact.day), fact.data.get("feedback")) for fact in facts]


def move(application, stage, by, **values):
    given = {"on": date(2026, 4, 25), "version": 1, "now": timezone.now()} | values
    return move_application(application=application, stage=stage, by=by, **given)


def test_each_stage_is_a_fact_corrected_then_cancelled(counsellor, now):
    application = make_application(counsellor)
    moved = move(application, "introduced", counsellor, feedback="positive")
    assert stages() == [("cv_sent", "2026-04-20", None), ("introduced", "2026-04-25", "positive")]
    assert moved.stage == "introduced"
    fixed = correct_last_move(
        application=moved, stage="cv_relayed", on=date(2026, 4, 24), version=2, by=counsellor, now=now
    )
    assert stages()[-1] == ("cv_relayed", "2026-04-24", None)
    back = cancel_last_move(application=fixed, version=3, by=counsellor, now=now)
    assert (back.stage, back.cancelled_at) == ("cv_sent", None)
    gone = cancel_last_move(application=back, version=4, by=counsellor, now=now)
    assert gone.cancelled_at and stages() == []
    assert not list_applications_for(counsellor, action=application.action).exists()
    with pytest.raises(ApplicationRefused, match="annulée"):
        move(gone, "interview", counsellor, version=5)


@pytest.mark.parametrize(
    ("stage", "values", "field"),
    [
        ("dreamed", {}, "stage"),
        ("cv_sent", {}, "stage"),
        ("positioned", {}, "stage"),
        ("introduced", {"on": date(2026, 11, 24)}, "on"),
        ("introduced", {"on": date(2026, 4, 19)}, "on"),
        ("rejected", {"feedback": "rude"}, "feedback"),
    ],
)
def test_an_impossible_stage_is_refused_beside_its_field(counsellor, stage, values, field):
    application = make_application(counsellor)
    with pytest.raises(ApplicationRefused) as refusal:
        move(application, stage, counsellor, **values)
    assert refusal.value.field == field
    assert len(stages()) == 1


def test_another_interview_may_follow_and_an_end_ends(counsellor):
    application = make_application(counsellor)
    once = move(application, "interview", counsellor)
    again = move(once, "interview", counsellor, version=2, on=date(2026, 4, 28))
    over = move(again, "rejected", counsellor, version=3, on=date(2026, 4, 30), feedback="filled")
    assert [stage for stage, _, _ in stages()] == ["cv_sent", "interview", "interview", "rejected"]
    with pytest.raises(ApplicationRefused, match="terminée"):
        move(over, "hired", counsellor, version=4, on=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({"job": " "}, ApplicationRefused, "job"),
        ({"job": "x" * 121}, ApplicationRefused, "job"),
        ({"stage": "dreamed"}, ApplicationRefused, "stage"),
        ({"on": date(2026, 11, 24)}, ApplicationRefused, "on"),
        ({"on": date(2026, 3, 3)}, ApproachRefused, "on"),
    ],
)
def test_an_impossible_application_is_refused(counsellor, values, error, field):
    with pytest.raises(error) as refusal:
        make_application(counsellor, **values)
    assert refusal.value.field == field
    assert not Application.objects.exists()


def test_an_application_follows_its_own_approach_only(counsellor):
    enrolment, company = make_enrolment(counsellor), make_company()
    other = make_enrolment(counsellor, enrolment.action, make_eligible(counsellor))
    mine = make_approach(counsellor, enrolment, company=company)
    assert make_application(counsellor, enrolment, company=company, approach=mine).approach == mine
    for wrong in [
        {"approach": make_approach(counsellor, enrolment)},
        {"approach": make_approach(counsellor, other, company=company)},
        {"approach": make_approach(counsellor, action=make_action(counsellor), company=company)},
    ]:
        with pytest.raises(ApplicationRefused) as refusal:
            make_application(counsellor, enrolment, company=company, **wrong)
        assert refusal.value.field == "approach"


def test_strangers_and_relations_with_employers_move_nothing(counsellor, now):
    application = make_application(counsellor)
    for by in (MembershipFactory(), colleague_of(counsellor, role="employer_relations")):
        with pytest.raises(ApproachRefused):
            move(application, "introduced", by)
        assert not list_applications_for(by, action=application.action).exists()
        with pytest.raises(ApproachRefused):
            make_interview(by, application, starts=now + timedelta(days=1))


def test_an_interview_takes_the_person_then_moves_the_application(counsellor, now):
    application = make_application(counsellor)
    starts = now - timedelta(hours=3)
    interview = make_interview(counsellor, application, starts=starts)
    assert Occupation.objects.get(resource=f"person:{application.person_id}").source_ref == interview.ref
    with pytest.raises(OccupationConflict):
        make_interview(counsellor, application, starts=starts + timedelta(minutes=30))
    assert JobInterview.objects.count() == 1
    held = hold_interview(interview=interview, feedback="skills", version=1, by=counsellor, now=now)
    assert stages()[-1] == ("interview", "2026-11-23", "skills")
    with pytest.raises(InterviewRefused, match="déjà passé"):
        miss_interview(interview=held, version=2, by=counsellor, now=now)
    application.refresh_from_db()
    with pytest.raises(ApplicationRefused, match="entretien d’embauche"):
        correct_last_move(
            application=application, stage="hired", on=now.date(), version=application.version, by=counsellor, now=now
        )
    cancel_last_move(application=application, version=application.version, by=counsellor, now=now)
    held.refresh_from_db()
    assert (held.state, held.move) == ("planned", None)


def test_an_interview_missed_or_cancelled_frees_the_person(counsellor, now):
    past = make_interview(counsellor, starts=now - timedelta(hours=3))
    miss_interview(interview=past, version=1, by=counsellor, now=now)
    coming = make_interview(counsellor, starts=now + timedelta(days=3))
    for early in (miss_interview, hold_interview):
        with pytest.raises(InterviewRefused, match="pas encore"):
            early(interview=coming, version=1, by=counsellor, now=now)
    with pytest.raises(ApplicationRefused, match="prévu"):
        cancel_last_move(application=coming.application, version=1, by=counsellor, now=now)
    cancel_interview(interview=coming, version=1, by=counsellor, now=now)
    assert not Occupation.objects.exists()
    assert len(stages()) == 2


def test_preparation_is_noted_once_when_the_practice_offers_it(counsellor, now):
    interview = make_interview(counsellor, starts=now + timedelta(days=3))
    with pytest.raises(InterviewRefused) as refusal:
        prepare_interview(interview=interview, on=date(2026, 11, 24), version=1, by=counsellor, now=now)
    assert refusal.value.field == "on"
    done = prepare_interview(interview=interview, on=date(2026, 11, 23), version=1, by=counsellor, now=now)
    assert Fact.objects.filter(kind="employers.interview_prepared").count() == 1
    with pytest.raises(InterviewRefused, match="déjà préparé"):
        prepare_interview(interview=done, on=date(2026, 11, 23), version=2, by=counsellor, now=now)
    without = make_enrolment(counsellor, make_action(counsellor, settings={"support_before_interview": False}))
    other = make_interview(counsellor, make_application(counsellor, without), starts=now + timedelta(days=3))
    with pytest.raises(InterviewRefused, match="ne prévoit pas"):
        prepare_interview(interview=other, on=date(2026, 11, 23), version=1, by=counsellor, now=now)


@pytest.mark.parametrize(("minutes", "field"), [(0, "ends_at"), (601, "ends_at")])
def test_impossible_times_are_refused(counsellor, now, minutes, field):
    with pytest.raises(InterviewRefused) as refusal:
        make_interview(counsellor, starts=now, minutes=minutes)
    assert refusal.value.field == field


def test_no_application_nor_interview_before_the_end_of_the_training(counsellor):
    enrolment = make_enrolment(counsellor)
    with pytest.raises(ApproachRefused, match="entraînement") as refusal:
        make_application(counsellor, enrolment, on=date(2026, 3, 4))
    assert refusal.value.field == "on"
    with pytest.raises(InterviewRefused, match="entraînement"):
        make_interview(counsellor, make_application(counsellor, enrolment), starts=datetime(2026, 3, 4, 9, tzinfo=UTC))
    assert not JobInterview.objects.exists()


def test_a_contract_hires_and_its_cancellation_undoes_it(counsellor, now):
    application = make_application(counsellor)
    terms = {"signed_on": date(2026, 5, 4), "starts": date(2026, 5, 6)}
    contract = make_contract(counsellor, application.enrolment, application.company, application=application, **terms)
    application.refresh_from_db()
    assert (application.stage, application.contract) == ("hired", contract)
    assert stages()[-1] == ("hired", "2026-05-04", None)
    for refused in (cancel_last_move,):
        with pytest.raises(ApplicationRefused, match="contrat"):
            refused(application=application, version=2, by=counsellor, now=now)
    cancel_contract(contract=contract, version=1, by=counsellor, now=now)
    application.refresh_from_db()
    assert (application.stage, application.contract) == ("cv_sent", None)
    assert len(stages()) == 1


def test_a_contract_follows_the_right_application_only(counsellor, now):
    application = make_application(counsellor)
    enrolment, company = application.enrolment, application.company
    other = make_enrolment(counsellor, enrolment.action, make_eligible(counsellor))
    for for_whom, where, terms in [
        (other, company, {"signed_on": date(2026, 5, 4)}),
        (enrolment, make_company(), {"signed_on": date(2026, 5, 4)}),
        (enrolment, company, {"signed_on": date(2026, 4, 1)}),
    ]:
        with pytest.raises(ApplicationRefused) as refusal:
            make_contract(counsellor, for_whom, where, application=application, **terms)
        assert refusal.value.field == "application"
    assert not Fact.objects.filter(kind="contract_signed").exists()


def test_a_call_after_hiring_is_planned_when_the_practice_offers_it(counsellor, now):
    at = datetime(2026, 12, 14, 8, 30, tzinfo=UTC)
    contract = make_contract(counsellor, check_in_at=at)
    assert [(one.type, one.starts) for one in contract.person.appointments.all()] == [("post_hire", at)]
    without = make_enrolment(counsellor, make_action(counsellor, settings={"support_after_hiring": False}))
    for enrolment, moment in [
        (without, at),
        (make_enrolment(counsellor), now - timedelta(days=1)),
        (contract.enrolment, at),
    ]:
        with pytest.raises(ContractRefused) as refusal:
            make_contract(counsellor, enrolment, check_in_at=moment)
        assert refusal.value.field == "check_in_on"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_the_same_application_one_is_told():
    counsellor = MembershipFactory()
    application, gate, told = make_application(counsellor), Barrier(2), []

    def send():
        try:
            gate.wait()
            move(application, "introduced", counsellor)
        except EditConflict:
            told.append(True)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [True]
    assert [stage for stage, _, _ in stages()] == ["cv_sent", "introduced"]
