"""Sessions and rooms: planned, moved, changed, cancelled, and every refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from essaim.agenda.enums import SessionState
from essaim.agenda.models import Occupation, PlannedSession, Room
from essaim.agenda.operations import (
    OccupationConflict,
    PlanRefused,
    RoomRefused,
    cancel_attendance,
    cancel_session,
    close_room,
    create_room,
    edit_session,
    move_session,
    plan_of,
    plan_series,
    plan_training,
    record_attendance,
    register,
    reopen_room,
    update_room,
)
from essaim.journal.models import Fact
from essaim.journeys.models import Group
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.agenda import RoomFactory, make_session
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory()


@pytest.fixture
def action(by):
    return make_action(by)


def make_group(action, name="Club nord", **values):
    return Group.objects.create(action=action, name=name, places=20, **values)


def test_a_session_is_on_the_calendar_and_known_to_the_journal(by, action):
    room, trainer = RoomFactory(organisation=by.organisation), colleague_of(by).user
    planned = make_session(by, action, starts=TUESDAY, room=room, trainer=trainer, step="half_days", capacity=10)
    planned.refresh_from_db()
    session = planned.session
    assert (session.kind, session.title, session.capacity) == ("group", "Demi-journée", 10)
    assert session.starts == "2026-11-24T09:00:00+01:00"
    assert set(Occupation.objects.values_list("resource", flat=True)) == {f"room:{room.pk}", f"user:{trainer.pk}"}
    assert not Fact.objects.filter(kind="session_held").exists()


def test_a_session_may_name_a_place_and_a_trainer_essaim_does_not_know(by, action):
    planned = make_session(by, action, place="Parc du Tilleul", trainer_name="Moniteur d’escalade", kind="other")
    assert (planned.place, planned.trainer_name, planned.room, planned.trainer) == (
        "Parc du Tilleul",
        "Moniteur d’escalade",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"title": "  "}, "title"),
        ({"ends": TUESDAY}, "ends_at"),
        ({"ends": TUESDAY + timedelta(hours=20)}, "ends_at"),
        ({"starts": datetime(2027, 1, 5, 8, tzinfo=UTC)}, "day"),
        ({"step": "entry"}, "step"),
        ({"step": "unknown"}, "step"),
        ({"capacity": 0}, "capacity"),
        ({"step": "week1", "contents": ["skydiving"]}, "contents"),
        ({"contents": ["cv"]}, "contents"),
    ],
)
def test_a_session_that_cannot_be(by, action, values, field):
    with pytest.raises(PlanRefused) as refusal:
        make_session(by, action, **({"starts": TUESDAY} | values))
    assert refusal.value.field == field
    assert not PlannedSession.objects.exists()


def test_a_session_uses_what_belongs_to_its_action(by, action):
    for values, field in (
        ({"room": RoomFactory()}, "room"),
        ({"room": RoomFactory(organisation=by.organisation, closed_on=date(2026, 11, 1))}, "room"),
        ({"trainer": UserFactory()}, "trainer"),
        ({"trainer": colleague_of(by, ended=True).user}, "trainer"),
        ({"group": make_group(make_action(by))}, "group"),
    ):
        with pytest.raises(PlanRefused) as refusal:
            make_session(by, action, starts=TUESDAY, **values)
        assert refusal.value.field == field


def test_only_who_follows_people_in_the_action_plans_in_it(by, action):
    for outsider in (MembershipFactory(), colleague_of(by, steering=True), colleague_of(by, funder=True)):
        with pytest.raises(PlanRefused):
            make_session(outsider, action)


def test_a_closed_action_takes_no_session(by, action):
    action.state = "closed"
    with pytest.raises(PlanRefused):
        make_session(by, action)


def test_a_room_or_a_trainer_is_never_in_two_sessions(by, action):
    room, trainer = RoomFactory(organisation=by.organisation), colleague_of(by).user
    make_session(by, action, starts=TUESDAY, room=room, trainer=trainer)
    for values in ({"room": room}, {"trainer": trainer}):
        with pytest.raises(OccupationConflict):
            make_session(by, action, starts=TUESDAY + timedelta(hours=2), **values)
        make_session(by, action, starts=TUESDAY + timedelta(hours=3 if "room" in values else 6), **values)


def test_a_forum_only_when_the_action_goes_to_forums(by):
    assert make_session(by, make_action(by), kind="forum", step="side_activities")
    with pytest.raises(PlanRefused) as refusal:
        make_session(by, make_action(by, settings={"attends_forums": False}), kind="forum", step="side_activities")
    assert refusal.value.field == "kind"


def test_a_week_has_no_more_half_days_than_the_action_plans(by, action):
    north, south = make_group(action), make_group(action, "Club sud")
    for day in range(3):
        make_session(by, action, starts=TUESDAY + timedelta(days=day), step="half_days", group=north)
    with pytest.raises(PlanRefused, match="4 demi-journées"):
        make_session(by, action, starts=TUESDAY + timedelta(hours=5), step="half_days", group=north)
    # Another group, another week, the same half-day, another step: free.
    make_session(by, action, starts=TUESDAY, step="half_days", group=south)
    make_session(by, action, starts=TUESDAY + timedelta(days=6), step="half_days", group=north)
    make_session(by, action, starts=TUESDAY + timedelta(hours=1), step="half_days", group=north)
    make_session(by, action, starts=TUESDAY + timedelta(hours=5), step="side_activities", group=north)


def test_the_most_half_days_is_a_setting_of_the_action(by):
    action = make_action(by, settings={"half_days_max": 1})
    make_session(by, action, starts=TUESDAY, step="half_days")
    with pytest.raises(PlanRefused, match="1 au plus"):
        make_session(by, action, starts=TUESDAY + timedelta(days=1), step="half_days")


def test_moving_a_session_moves_everyone(by, action):
    room, enrolment = RoomFactory(organisation=by.organisation), make_enrolment(by, action)
    planned = make_session(by, action, starts=TUESDAY, room=room)
    register(planned=planned, enrolment=enrolment, by=by, now=TUESDAY)
    later = TUESDAY + timedelta(days=2)
    moved = move_session(
        planned=planned, starts=later, ends=later + timedelta(hours=2), version=planned.version, by=by, now=TUESDAY
    )
    assert (moved.starts, moved.version) == (later, planned.version + 1)
    assert moved.session.starts == "2026-11-26T09:00:00+01:00"
    taken = {one.resource: one.during.lower for one in Occupation.objects.all()}
    assert taken == {f"room:{room.pk}": later, f"person:{enrolment.person_id}": later}
    with pytest.raises(EditConflict):
        move_session(planned=planned, starts=later, ends=later + timedelta(hours=1), version=1, by=by, now=TUESDAY)


def test_a_session_does_not_move_onto_someone_taken(by, action):
    enrolment = make_enrolment(by, action)
    first, second = (
        make_session(by, action, starts=TUESDAY),
        make_session(by, action, starts=TUESDAY + timedelta(days=1)),
    )
    for planned in (first, second):
        register(planned=planned, enrolment=enrolment, by=by, now=TUESDAY)
    with pytest.raises(OccupationConflict):
        move_session(planned=second, starts=first.starts, ends=first.ends, version=1, by=by, now=TUESDAY)
    second.refresh_from_db()
    assert second.starts == TUESDAY + timedelta(days=1)
    assert Occupation.objects.count() == 2


def test_a_session_is_edited(by, action):
    planned = make_session(by, action, starts=TUESDAY, step="week1")
    plan = replace(plan_of(planned=planned), title="CV et lettre", contents=("cv",), capacity=8)
    edited = edit_session(planned=planned, plan=plan, version=planned.version, by=by, now=TUESDAY)
    session = type(edited.session).objects.get()
    assert (edited.contents, session.title, session.module, session.capacity) == (["cv"], "CV et lettre", "cv", 8)


def test_a_session_cannot_shrink_below_who_is_registered_nor_change_group(by, action):
    planned = make_session(by, action, starts=TUESDAY)
    for _ in range(2):
        register(planned=planned, enrolment=make_enrolment(by, action), by=by, now=TUESDAY)
    plan = plan_of(planned=planned)
    for changed in (replace(plan, capacity=1), replace(plan, group=make_group(action)), replace(plan, step="week1")):
        with pytest.raises(PlanRefused):
            edit_session(planned=planned, plan=changed, version=planned.version, by=by, now=TUESDAY)
    assert edit_session(planned=planned, plan=replace(plan, capacity=2), version=1, by=by, now=TUESDAY)


def test_a_cancelled_session_frees_everyone_and_stays_cancelled(by, action):
    room = RoomFactory(organisation=by.organisation)
    planned = make_session(by, action, starts=TUESDAY, room=room)
    register(planned=planned, enrolment=make_enrolment(by, action), by=by, now=TUESDAY)
    cancelled = cancel_session(planned=planned, version=planned.version, by=by, now=TUESDAY)
    assert cancelled.state == SessionState.CANCELLED
    assert not Occupation.objects.exists()
    assert planned.registrations.count() == 1
    with pytest.raises(PlanRefused):
        cancel_session(planned=cancelled, version=cancelled.version, by=by, now=TUESDAY)
    with pytest.raises(PlanRefused):
        edit_session(planned=cancelled, plan=plan_of(planned=cancelled), version=cancelled.version, by=by, now=TUESDAY)


def test_a_held_session_keeps_its_time_until_its_attendance_is_cancelled(by, action, now):
    enrolment = make_enrolment(by, action)
    planned = record_attendance(
        planned=make_session(by, action), rows=[(enrolment.person, "present", None, "")], by=by, now=now
    )
    other = planned.starts - timedelta(days=1)
    with pytest.raises(PlanRefused):
        cancel_session(planned=planned, version=planned.version, by=by, now=now)
    with pytest.raises(PlanRefused):
        move_session(
            planned=planned, starts=other, ends=other + timedelta(hours=1), version=planned.version, by=by, now=now
        )
    planned = cancel_attendance(planned=planned, version=planned.version, by=by, now=now)
    assert not Fact.objects.filter(session=planned.session, live=True).exists()
    assert cancel_session(planned=planned, version=planned.version, by=by, now=now)


def series(by, action, **values):
    given = {
        "kind": "group",
        "title": "Atelier",
        "weekdays": [1, 4],
        "starts_at": time(9),
        "ends_at": time(12),
        "first_day": date(2026, 10, 12),
        "last_day": date(2026, 11, 13),
    } | values
    return plan_series(action=action, by=by, now=TUESDAY, **given)


def test_a_series_keeps_its_hour_and_skips_holidays(by, action):
    found = series(by, action, weekdays=[3], first_day=date(2026, 10, 14))
    assert [one.starts.hour for one in found.sessions] == [7, 7, 8, 8]
    assert {one.session.starts[10:16] for one in found.sessions} == {"T09:00"}
    assert found.holidays == ((date(2026, 11, 11), "armistice"),)
    assert found.series.planned.count() == 4
    kept = series(by, action, weekdays=[3], first_day=date(2026, 10, 14), skips_holidays=False)
    assert len(kept.sessions) == 5


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"ends_at": time(9)}, "ends_at"),
        ({"last_day": date(2026, 10, 11)}, "last_day"),
        ({"last_day": date(2028, 10, 11)}, "last_day"),
        ({"weekdays": [3], "first_day": date(2026, 11, 10), "last_day": date(2026, 11, 12)}, "weekdays"),
        ({"last_day": date(2027, 2, 1)}, "day"),
    ],
)
def test_a_series_that_cannot_be(by, action, values, field):
    with pytest.raises(PlanRefused) as refusal:
        series(by, action, **values)
    assert refusal.value.field == field
    assert not PlannedSession.objects.exists()


def test_a_series_is_planned_whole_or_not_at_all(by, action):
    room = RoomFactory(organisation=by.organisation)
    make_session(by, action, starts=datetime(2026, 11, 9, 8, tzinfo=UTC), room=room)
    with pytest.raises(OccupationConflict):
        series(by, action, room=room)
    with pytest.raises(PlanRefused):
        series(by, action, step="half_days", weekdays=[1, 2, 3, 4])
    assert PlannedSession.objects.count() == 1


def test_week_one_covers_every_content_in_one_click(by, action):
    group = make_group(action)
    planned = plan_training(
        action=action, step="week1", first_day=date(2026, 11, 28), group=group, by=by, now=TUESDAY
    ).sessions
    assert [str(one.starts.date()) for one in planned] == [
        f"2026-{day}" for day in ("11-30", "12-01", "12-02", "12-03", "12-04")
    ]
    assert [code for one in planned for code in one.contents] == [
        "know_oneself",
        "introduce_oneself",
        "target",
        "cv",
        "letter",
        "phone",
    ]
    assert planned[0].session.title == "Se définir, se présenter"
    assert planned[1].session.module == "target"
    with pytest.raises(PlanRefused, match="déjà planifié"):
        plan_training(action=action, step="week1", first_day=date(2026, 12, 2), group=group, by=by, now=TUESDAY)


def test_training_follows_the_settings_of_the_action(by):
    action = make_action(by, settings={"training_weeks": 2, "training_contents": ["cv", "letter"]})
    planned = plan_training(action=action, step="week1", first_day=date(2026, 11, 30), by=by, now=TUESDAY).sessions
    assert [one.contents for one in planned] == [["cv"], ["letter"]]
    nothing = make_action(by, settings={"training_contents": []})
    for refused, step in ((action, "half_days"), (action, ""), (nothing, "week1")):
        with pytest.raises(PlanRefused):
            plan_training(action=refused, step=step, first_day=date(2026, 11, 30), by=by, now=TUESDAY)


def test_rooms(by, now):
    room = create_room(name=" Grande  salle ", capacity=12, equipment="8 ordinateurs", by=by, now=now)
    assert (room.name, room.capacity, room.organisation) == ("Grande salle", 12, by.organisation)
    room = update_room(
        room=room,
        name="Salle bleue",
        capacity=None,
        address="3 rue",
        commune=None,
        equipment="",
        version=1,
        by=by,
        now=now,
    )
    assert (room.name, room.capacity, room.version) == ("Salle bleue", None, 2)
    room = close_room(room=room, on=date(2026, 12, 1), version=2, by=by, now=now)
    assert Room.objects.get().closed_on == date(2026, 12, 1)
    with pytest.raises(RoomRefused):
        close_room(room=room, on=date(2026, 12, 1), version=3, by=by, now=now)
    assert reopen_room(room=room, version=3, by=by, now=now).closed_on is None
    with pytest.raises(RoomRefused):
        reopen_room(room=room, version=4, by=by, now=now)


def test_rooms_refused(by, action, now):
    room = create_room(name="Salle", by=by, now=now)
    for values in ({"name": " "}, {"name": "Salle"}, {"name": "Autre", "capacity": 0}):
        with pytest.raises(RoomRefused):
            create_room(by=by, now=now, **values)
    stranger, steering = MembershipFactory(), colleague_of(by, steering=True)
    for other in (stranger, steering):
        with pytest.raises(RoomRefused):
            close_room(room=room, on=date(2026, 12, 1), version=1, by=other, now=now)
    with pytest.raises(RoomRefused):
        create_room(name="Autre", by=steering, now=now)
    make_session(by, action, starts=TUESDAY, room=room)
    with pytest.raises(RoomRefused, match="24 novembre"):
        close_room(room=room, on=date(2026, 11, 24), version=1, by=by, now=now)
    with pytest.raises(EditConflict):
        close_room(room=room, on=date(2026, 11, 25), version=7, by=by, now=now)
    assert close_room(room=room, on=date(2026, 11, 25), version=1, by=by, now=now)
