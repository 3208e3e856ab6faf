"""Two people ask at the same instant: one has it, the other is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from essaim.agenda.models import Appointment, Goal, Occupation
from essaim.agenda.operations import (
    GoalPlan,
    OccupationConflict,
    Where,
    hold_appointment,
    make_appointment,
    move_appointment,
)
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_meeting
from tests.factories.journeys import make_enrolment
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
