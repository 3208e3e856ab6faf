"""Registration and attendance: rows and facts agree, corrections are traced, training follows; every refusal."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from essaim.agenda.enums import SessionState
from essaim.agenda.models import Attendance, Occupation, Registration
from essaim.agenda.operations import (
    AttendanceRefused,
    OccupationConflict,
    RegistrationRefused,
    SessionFull,
    cancel_attendance,
    cancel_session,
    plan_training,
    record_attendance,
    register,
    register_group,
    settle_due_trainings,
    unregister,
)
from essaim.agenda.queries import training_is_done
from essaim.journal.models import Fact
from essaim.journeys.models import Group, StepState
from essaim.journeys.operations import close_enrolment
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_meeting, make_session
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory()


@pytest.fixture
def action(by):
    return make_action(by)


@pytest.fixture
def enrolment(by, action):
    return make_enrolment(by, action)


def facts(kind="attendance_recorded", **values):
    return Fact.objects.filter(kind=kind, live=True, **values)


def test_registering_takes_the_person_for_the_time(by, action, enrolment, now):
    planned = make_session(by, action, starts=TOMORROW)
    first = register(planned=planned, enrolment=enrolment, by=by, now=now)
    assert (first.person, first.enrolment) == (enrolment.person, enrolment)
    assert register(planned=planned, person=enrolment.person, by=by, now=now) == first
    assert Occupation.objects.get().resource == f"person:{enrolment.person_id}"
    unregister(planned=planned, person=enrolment.person, by=by, now=now)
    unregister(planned=planned, person=enrolment.person, by=by, now=now)
    assert not Occupation.objects.exists()
    assert register(planned=planned, enrolment=enrolment, by=by, now=now) != first


def test_registration_refused(by, action, enrolment, now):
    planned = make_session(by, action, starts=TOMORROW)
    stranger = MembershipFactory()
    outsider = make_enrolment(by, make_action(by)).person
    unseen = make_enrolment(stranger, make_action(stranger)).person
    for values in (
        {"person": outsider, "by": by},
        {"person": unseen, "by": by},
        {"enrolment": enrolment, "by": stranger},
        {"enrolment": enrolment, "by": colleague_of(by, steering=True)},
    ):
        with pytest.raises(RegistrationRefused):
            register(planned=planned, now=now, **values)
    early = make_session(by, action, starts=datetime(2026, 2, 2, 8, tzinfo=UTC))
    with pytest.raises(RegistrationRefused, match="à cette date"):
        register(planned=early, enrolment=enrolment, by=by, now=now)
    close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 11, 20), version=1, by=by, now=now)
    with pytest.raises(RegistrationRefused):
        register(planned=planned, enrolment=enrolment, by=by, now=now)
    cancelled = cancel_session(planned=planned, version=1, by=by, now=now)
    with pytest.raises(RegistrationRefused, match="annulée"):
        register(planned=cancelled, person=outsider, by=by, now=now)
    assert not Registration.objects.exists()


def test_nobody_is_expected_in_two_places(by, action, enrolment, now):
    make_meeting(by, enrolment.person, starts=TOMORROW)
    with pytest.raises(OccupationConflict):
        register(planned=make_session(by, action, starts=TOMORROW), enrolment=enrolment, by=by, now=now)


def test_a_full_session_proposes_the_next_one(by, action, now):
    room = RoomFactory(organisation=by.organisation, capacity=2)
    planned = make_session(by, action, starts=TOMORROW, room=room, capacity=5)
    full = make_session(by, action, starts=TOMORROW + timedelta(days=1), capacity=1)
    free = make_session(by, action, starts=TOMORROW + timedelta(days=2), capacity=1)
    people = [make_enrolment(by, action) for _ in range(3)]
    register(planned=full, enrolment=people[0], by=by, now=now)
    for one in people[:2]:
        register(planned=planned, enrolment=one, by=by, now=now)
    with pytest.raises(SessionFull) as refusal:
        register(planned=planned, enrolment=people[2], by=by, now=now)
    assert refusal.value.following == free
    assert "jeudi 26 novembre à 9" in refusal.value.message


def test_the_half_days_of_every_week_begin_after_the_training(by, action, now):
    trained, newcomer = make_enrolment(by, action), make_enrolment(by, action, on=date(2026, 11, 20))
    planned = make_session(by, action, starts=TOMORROW, step="half_days")
    found = register_group(planned=planned, by=by, now=now)
    assert [one for one, _ in found.left_out] == [newcomer] and "entraînement" in found.left_out[0][1]
    assert planned.registrations.get().person == trained.person
    assert register_group(planned=planned, enrolments=[newcomer], by=by, now=now).registered == 1


def test_a_group_is_registered_in_one_go_and_told_who_is_left_out(by, action, now):
    group = Group.objects.create(action=action, name="Nord", places=20)
    inside = [make_enrolment(by, action, group=group) for _ in range(3)]
    outside = make_enrolment(by, action)
    make_meeting(by, inside[0].person, starts=TOMORROW)
    planned = make_session(by, action, starts=TOMORROW, group=group, capacity=1)
    found = register_group(planned=planned, by=by, now=now)
    assert found.registered == 1
    assert {one for one, _ in found.left_out} == {inside[0], inside[2]}
    assert "a déjà un rendez-vous" in found.left_out[0][1] and "complète" in found.left_out[1][1]
    assert planned.registrations.get().person == inside[1].person
    whole = make_session(by, action, starts=TOMORROW + timedelta(days=1))
    assert register_group(planned=whole, by=by, now=now).registered == 4
    assert register_group(planned=whole, by=by, now=now).registered == 0
    assert outside.person_id in whole.registrations.values_list("person", flat=True)


def test_attendance_writes_rows_and_facts(by, action, now):
    group = Group.objects.create(action=action, name="Nord", places=20)
    come, excused, absent = (make_enrolment(by, action, group=group) for _ in range(3))
    planned = make_session(by, action, group=group, step="half_days")
    saved = record_attendance(
        planned=planned,
        rows=[
            (come.person, "present", Decimal("2.5"), ""),
            (excused.person, "excused", Decimal(3), "health"),
            (absent.person, "absent", None, "unknown"),
        ],
        by=by,
        now=now,
    )
    assert (saved.state, saved.version) == (SessionState.HELD, 2)
    held = facts("session_held").get()
    assert held == saved.fact
    assert (held.session, held.data, held.cohort, held.at) == (planned.session, {"hours": 3}, group.ref, planned.starts)
    told = {fact.subject.person: (fact.data, fact.cohort) for fact in facts()}
    assert told == {
        come.person: ({"role": "participant", "state": "present", "hours": 2.5}, group.ref),
        excused.person: ({"role": "participant", "state": "excused"}, group.ref),
        absent.person: ({"role": "participant", "state": "absent"}, group.ref),
    }
    rows = {row.person: (row.state, row.hours, row.reason) for row in Attendance.objects.all()}
    assert rows[excused.person] == ("excused", None, "health")
    assert rows[come.person] == ("present", Decimal("2.50"), "")


def test_attendance_is_corrected_and_the_same_again_writes_nothing(by, action, enrolment, now):
    planned = make_session(by, action)
    row = (enrolment.person, "absent", None, "health")
    record_attendance(planned=planned, rows=[row], by=by, now=now)
    first = facts().get()
    record_attendance(planned=planned, rows=[(enrolment.person, "absent", None, "family")], by=by, now=now)
    assert facts().get() == first and Attendance.objects.get().reason == "family"
    record_attendance(planned=planned, rows=[(enrolment.person, "present", Decimal(3), "")], by=by, now=now)
    second = facts().get()
    assert second.corrects == first and second == Attendance.objects.get().fact
    record_attendance(planned=planned, rows=[(enrolment.person, "", None, "")], by=by, now=now)
    assert not facts().exists() and not Attendance.objects.exists()
    assert facts("session_held").count() == 1
    record_attendance(planned=planned, rows=[row], by=by, now=now)
    assert facts().get().corrects is None


def test_someone_not_expected_may_come(by, action, enrolment, now):
    guest = make_enrolment(by, action)
    planned = make_session(by, action)
    register(planned=planned, enrolment=enrolment, by=by, now=now)
    record_attendance(planned=planned, rows=[(guest.person, "present", Decimal(3), "")], by=by, now=now)
    assert facts().get().subject.person == guest.person


def test_attendance_refused(by, action, enrolment, now):
    planned, person = make_session(by, action), enrolment.person
    stranger = MembershipFactory()
    outsider = make_enrolment(by, make_action(by)).person
    unseen = make_enrolment(stranger, make_action(stranger)).person
    for row in (
        (outsider, "present", None, ""),
        (unseen, "present", None, ""),
        (person, "late", None, ""),
        (person, "absent", None, "laziness"),
        (person, "present", Decimal("24.5"), ""),
        (person, "present", Decimal(-1), ""),
    ):
        with pytest.raises(AttendanceRefused):
            record_attendance(planned=planned, rows=[row], by=by, now=now)
    for other in (stranger, colleague_of(by, steering=True)):
        with pytest.raises(AttendanceRefused):
            record_attendance(planned=planned, rows=[(person, "present", None, "")], by=other, now=now)
    with pytest.raises(EditConflict):
        record_attendance(planned=planned, rows=[(person, "present", None, "")], version=4, by=by, now=now)
    with pytest.raises(AttendanceRefused, match="commencé"):
        record_attendance(planned=make_session(by, action, starts=TOMORROW), rows=[], by=by, now=now)
    cancelled = cancel_session(planned=planned, version=1, by=by, now=now)
    with pytest.raises(AttendanceRefused, match="annulée"):
        record_attendance(planned=cancelled, rows=[(person, "present", None, "")], by=by, now=now)
    with pytest.raises(AttendanceRefused, match="pas notée"):
        cancel_attendance(planned=cancelled, version=2, by=by, now=now)
    assert not Fact.objects.filter(kind__in=["session_held", "attendance_recorded"]).exists()


def test_attendance_of_someone_gone_since_is_still_recorded(by, action, enrolment, now):
    planned = make_session(by, action)
    close_enrolment(enrolment=enrolment, reason="job", on=date(2026, 11, 21), version=1, by=by, now=now)
    record_attendance(planned=planned, rows=[(enrolment.person, "present", Decimal(3), "")], by=by, now=now)
    assert facts().count() == 1


def test_cancelling_attendance_voids_every_fact(by, action, enrolment, now):
    planned = make_session(by, action)
    register(planned=planned, enrolment=enrolment, by=by, now=now)
    saved = record_attendance(planned=planned, rows=[(enrolment.person, "present", None, "")], by=by, now=now)
    back = cancel_attendance(planned=saved, version=saved.version, by=by, now=now)
    assert (back.state, back.fact) == (SessionState.PLANNED, None)
    assert not facts().exists() and not facts("session_held").exists() and not Attendance.objects.exists()
    assert planned.registrations.filter(cancelled_at=None).count() == 1
    record_attendance(planned=back, rows=[(enrolment.person, "present", None, "")], by=by, now=now)
    assert facts().count() == facts("session_held").count() == 1


def status(enrolment, step="week1"):
    return StepState.objects.get(enrolment=enrolment, step=step).status


def train(by, action, now, enrolment, days, first_day=date(2026, 11, 16)):
    planned = plan_training(action=action, step="week1", first_day=first_day, by=by, now=now).sessions
    for one in planned[:days]:
        record_attendance(planned=one, rows=[(enrolment.person, "present", Decimal(3), "")], by=by, now=now)
    return planned


def test_prospecting_waits_for_the_weeks_of_training(by, action):
    enrolment = make_enrolment(by, action, on=date(2026, 11, 20))
    assert not training_is_done(enrolment, date(2026, 11, 26))
    assert training_is_done(enrolment, date(2026, 11, 27))


def test_training_is_done_once_every_content_was_attended(by, now):
    action = make_action(by, settings={"training_contents": ["cv", "letter", "phone"]})
    enrolment = make_enrolment(by, action, on=date(2026, 11, 18))
    planned = train(by, action, now, enrolment, 2, first_day=date(2026, 11, 18))
    assert status(enrolment) == "current" and not training_is_done(enrolment, date(2026, 11, 20))
    record_attendance(planned=planned[2], rows=[(enrolment.person, "present", Decimal(3), "")], by=by, now=now)
    assert status(enrolment) == "done" and training_is_done(enrolment, date(2026, 11, 20))


def test_training_is_done_again_when_a_correction_takes_it_away(by, now):
    action = make_action(by, settings={"training_weeks": 3})
    enrolment = make_enrolment(by, action, on=date(2026, 11, 16))
    planned = train(by, action, now, enrolment, 5)
    assert len(planned) == 6 and status(enrolment) == "current"
    person = enrolment.person
    last = planned[5].__class__.objects.filter(pk=planned[5].pk)
    last.update(starts=datetime(2026, 11, 22, 8, tzinfo=UTC), ends=datetime(2026, 11, 22, 11, tzinfo=UTC))
    record_attendance(planned=last.get(), rows=[(person, "present", Decimal(3), "")], by=by, now=now)
    assert status(enrolment) == "done"
    record_attendance(planned=last.get(), rows=[(person, "absent", None, "")], by=by, now=now)
    assert status(enrolment) == "current"


def test_training_is_over_with_its_weeks_for_who_was_recorded(by, action, now):
    came, never = make_enrolment(by, action, on=date(2026, 11, 16)), make_enrolment(by, action, on=date(2026, 11, 16))
    late = make_enrolment(by, action, on=date(2026, 11, 19))
    planned = plan_training(action=action, step="week1", first_day=date(2026, 11, 19), by=by, now=now).sessions
    rows = [(came.person, "absent", None, ""), (late.person, "present", Decimal(3), "")]
    record_attendance(planned=planned[0], rows=rows, by=by, now=now)
    assert [status(one) for one in (came, never, late)] == ["done", "current", "current"]
    assert settle_due_trainings(now=now) == 0
    assert settle_due_trainings(now=now + timedelta(days=4)) == 1
    assert [status(one) for one in (came, never, late)] == ["done", "current", "done"]


def test_who_is_not_trained_first_prospects_at_once(by, now):
    enrolment = make_enrolment(by, make_action(by, settings={"training_first": False}), on=date(2026, 11, 23))
    assert training_is_done(enrolment, date(2026, 11, 23))
