"""The last place of a session, and its attendance, when everyone acts at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from essaim.agenda.models import Attendance, PlannedSession, Registration
from essaim.agenda.operations import (
    OccupationConflict,
    PlanRefused,
    SessionFull,
    plan_session,
    record_attendance,
    register,
)
from essaim.journal.models import Fact
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_session
from tests.factories.journeys import make_action, make_enrolment

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at_once(calls):
    """Run every call in its own thread and connection, all released together."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def kinds(results):
    return sorted(type(one).__name__ for one in results)


def test_the_last_places_of_a_session_are_given_once(now):
    by = MembershipFactory()
    action = make_action(by)
    planned = make_session(by, action, starts=TOMORROW, capacity=2)
    people = [make_enrolment(by, action) for _ in range(RIVALS)]
    results = at_once([lambda one=one: register(planned=planned, enrolment=one, by=by, now=now) for one in people])
    assert kinds(results) == ["Registration"] * 2 + [SessionFull.__name__] * (RIVALS - 2)
    assert Registration.objects.count() == 2


def test_one_person_registered_many_times_at_once_takes_one_place(now):
    by = MembershipFactory()
    action = make_action(by)
    planned, enrolment = make_session(by, action, starts=TOMORROW, capacity=3), make_enrolment(by, action)
    results = at_once([lambda: register(planned=planned, enrolment=enrolment, by=by, now=now)] * 4)
    assert len({one.pk for one in results}) == 1
    assert Registration.objects.count() == 1


def test_two_sessions_never_get_the_same_room(now):
    by = MembershipFactory()
    action, room = make_action(by), RoomFactory(organisation=by.organisation)
    end = TOMORROW.replace(hour=11)

    def plan():
        return plan_session(
            action=action, kind="group", title="CV", starts=TOMORROW, ends=end, room=room, by=by, now=now
        )

    assert kinds(at_once([plan] * 4)) == [OccupationConflict.__name__] * 3 + ["PlannedSession"]
    assert PlannedSession.objects.count() == 1


def test_the_most_half_days_of_a_week_hold_at_once(now):
    by = MembershipFactory()
    action = make_action(by, settings={"half_days_max": 1})

    def plan(day):
        return plan_session(
            action=action, kind="group", title="CV", starts=TOMORROW.replace(day=day), step="half_days",
            ends=TOMORROW.replace(day=day, hour=11), by=by, now=now,
        )  # fmt: skip

    results = at_once([lambda day=day: plan(day) for day in (23, 24, 25, 26)])
    assert kinds(results) == [PlanRefused.__name__] * 3 + ["PlannedSession"]


def test_attendance_saved_twice_at_once_is_written_once(now):
    by = MembershipFactory()
    action = make_action(by)
    planned, enrolment = make_session(by, action), make_enrolment(by, action)

    def save(version):
        rows = [(enrolment.person, "present", Decimal(3), "")]
        return record_attendance(planned=planned, rows=rows, version=version, by=by, now=now)

    assert kinds(at_once([lambda: save(1)] * 4)) == [EditConflict.__name__] * 3 + ["PlannedSession"]
    assert kinds(at_once([lambda: save(None)] * 4)) == ["PlannedSession"] * 4
    assert Attendance.objects.count() == 1
    for kind in ("session_held", "attendance_recorded"):
        assert Fact.objects.filter(kind=kind).count() == 1
