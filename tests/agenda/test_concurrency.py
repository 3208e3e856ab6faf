"""Two people ask at the same instant: one has it, the other is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from essaim.agenda.models import Appointment, Goal, Meeting, Occupation
from essaim.agenda.operations import (
    DecisionPlan,
    GoalPlan,
    OccupationConflict,
    Where,
    approve_minutes,
    hold_appointment,
    make_appointment,
    move_appointment,
    settle_decision,
    take_decision,
    write_minutes,
)
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_committee, make_meeting
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import PersonFactory, colleague_of
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
STARTS = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
RIVALS = 5


def names_of(results):
    return sorted(type(result).__name__ for result in results)


def test_one_person_is_given_to_one_counsellor():
    counsellor = MembershipFactory()
    person, room = PersonFactory(held_by=counsellor), RoomFactory(organisation=counsellor.organisation)
    rivals = [colleague_of(counsellor) for _ in range(RIVALS)]

    def make(by, shift):
        return lambda: make_appointment(
            person=person, type="followup", user=by.user, starts=STARTS + timedelta(minutes=shift),
            ends=STARTS + timedelta(minutes=60 + shift), where=Where(room=room), by=by, now=timezone.now(),
        )  # fmt: skip

    results = at_once([make(by, 10 * number) for number, by in enumerate(rivals)])
    assert names_of(results) == ["Appointment"] + ["OccupationConflict"] * (RIVALS - 1)
    assert (Appointment.objects.count(), Occupation.objects.count()) == (1, 3)


def test_two_appointments_moved_to_one_hour():
    counsellor = MembershipFactory()
    made = [make_meeting(counsellor, starts=STARTS + timedelta(hours=hour)) for hour in (2, 4)]

    def move(appointment):
        return lambda: move_appointment(
            appointment=appointment, starts=STARTS, ends=STARTS + timedelta(hours=1), version=1, by=counsellor,
            now=timezone.now(),
        )  # fmt: skip

    results = at_once([move(one) for one in made])
    assert names_of(results) == ["Appointment", "OccupationConflict"]
    assert any(isinstance(result, OccupationConflict) and result.taken for result in results)
    assert Occupation.objects.count() == 4


def test_an_interview_is_held_once():
    counsellor = MembershipFactory()
    enrolment, now = make_enrolment(counsellor), timezone.now()
    this = make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly", starts=now - timedelta(hours=1)
    )
    goal = GoalPlan("calls", "Appeler", (now + timedelta(days=7)).date())

    def hold():
        return hold_appointment(appointment=this, new_goals=[goal], version=1, by=counsellor, now=now)

    results = at_once([hold] * 3)
    assert names_of(results) == ["Appointment"] + [EditConflict.__name__] * 2
    assert Goal.objects.count() == 1


def test_minutes_are_approved_once_and_a_decision_waits_for_the_approval():
    manager = MembershipFactory(manager=True)
    meeting = make_committee(manager, make_action(manager), members=[manager])
    states = {one.pk: "present" for one in meeting.attendees.all()}
    meeting = write_minutes(meeting=meeting, presence=states, notes={}, version=1, by=manager, now=timezone.now())
    version = meeting.version

    def approve():
        return approve_minutes(meeting=meeting, version=version, by=manager, now=timezone.now())

    results = at_once([approve, approve])
    assert names_of(results) == ["EditConflict", "Meeting"]
    assert Meeting.objects.get().fact.data["decisions"] == 0


def test_a_decision_is_settled_once():
    manager = MembershipFactory(manager=True)
    meeting = make_committee(manager, make_action(manager))
    plan = DecisionPlan("Écrire", manager.user, "", timezone.localdate() + timedelta(days=9))
    decision = take_decision(meeting=meeting, plan=plan, by=manager, now=timezone.now())

    def settle(state):
        return lambda: settle_decision(
            decision=decision, state=state, reason="Vu.", version=1, by=manager, now=timezone.now()
        )

    assert names_of(at_once([settle("done"), settle("dropped")])) == ["EditConflict", "MeetingDecision"]
