"""Appointments: the row, what it takes, and every refusal."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.agenda.enums import AppointmentState
from essaim.agenda.models import Appointment, Occupation
from essaim.agenda.operations import (
    AppointmentRefused,
    OccupationConflict,
    Where,
    cancel_appointment,
    declare_absence,
    move_appointment,
)
from essaim.agenda.queries import visible_appointments
from essaim.journeys.operations import close_enrolment
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_meeting
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.people import AccessGrantFactory, PersonFactory, colleague_of

pytestmark = pytest.mark.django_db

NEXT_DAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # Tuesday 24 November, 14 h in Paris
HOUR = timedelta(hours=1)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def taken(appointment):
    return sorted(Occupation.objects.filter(source_ref=appointment.ref).values_list("resource", flat=True))


def test_an_appointment_takes_the_person_the_counsellor_and_the_room(counsellor, now):
    room = RoomFactory(organisation=counsellor.organisation)
    made = make_meeting(counsellor, now=now, room=room)
    assert (made.state, made.organisation, made.step) == (AppointmentState.PLANNED, counsellor.organisation, "")
    assert taken(made) == sorted([f"person:{made.person_id}", f"room:{room.pk}", f"user:{counsellor.user_id}"])


def test_in_an_action_the_step_and_the_open_parcours_are_found(counsellor, now):
    enrolment = make_enrolment(counsellor)
    made = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    assert (made.enrolment, made.step) == (enrolment, "weekly")


def test_before_the_entry_an_action_has_its_initial_interview(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    made = make_meeting(counsellor, person, now=now, action=action, type="initial")
    assert (made.enrolment, made.step) == (None, "initial_interview")


def test_a_partner_makes_an_appointment_with_the_carrier(counsellor, now):
    partner = MembershipFactory()
    plan = make_partner_plan(partner.organisation, sees_people=True)
    action = make_action(counsellor, partners=(plan,))
    person = make_eligible(counsellor)
    AccessGrantFactory(person=person, organisation=partner.organisation)
    made = make_meeting(partner, person, now=now, action=action, type="initial", user=counsellor.user)
    assert made.organisation == counsellor.organisation
    with pytest.raises(AppointmentRefused, match="ne reçoit pas"):
        make_meeting(partner, person, now=now, type="followup", user=counsellor.user)


def test_whoever_walks_in_has_an_appointment_at_once(counsellor, now):
    made = make_meeting(counsellor, now=now, starts=now, ends=now + timedelta(minutes=30))
    assert made.starts == now


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "coffee"}, "nature"),
        ({"step": "weekly"}, "Cette étape"),
        ({"ends": NEXT_DAY}, "précède le début"),
        ({"ends": NEXT_DAY + 9 * HOUR}, "8 heures"),
        ({"starts": NEXT_DAY + timedelta(days=900), "ends": NEXT_DAY + timedelta(days=900) + HOUR}, "lointaine"),
        ({"starts": NEXT_DAY - timedelta(days=900), "ends": NEXT_DAY - timedelta(days=900) + HOUR}, "lointaine"),
        ({"mode": "pigeon"}, "comment se passe"),
    ],
)
def test_what_does_not_hold_is_refused(counsellor, now, given, words):
    with pytest.raises(AppointmentRefused, match=words):
        make_meeting(counsellor, now=now, **given)
    assert not Appointment.objects.exists() and not Occupation.objects.exists()


def test_rooms_of_elsewhere_closed_or_by_phone_are_refused(counsellor, now):
    hers = RoomFactory(organisation=counsellor.organisation)
    closed = RoomFactory(organisation=counsellor.organisation, closed_on=date(2026, 11, 1))
    for given, words in (
        ({"room": RoomFactory()}, "celui de votre organisation"),
        ({"room": closed}, "fermé"),
        ({"room": hers, "mode": "phone"}, "sur place"),
    ):
        with pytest.raises(AppointmentRefused, match=words):
            make_meeting(counsellor, now=now, **given)


def test_only_who_follows_people_there_makes_appointments(counsellor, now):
    stranger, steering = MembershipFactory(), colleague_of(counsellor, role="steering")
    action, person = make_action(counsellor), make_eligible(counsellor)
    for by, given in (
        (stranger, {"action": action}),
        (steering, {"action": action}),
        (steering, {}),
        (stranger, {}),
    ):
        with pytest.raises(AppointmentRefused):
            make_meeting(by, person, now=now, user=counsellor.user, **given)


def test_the_counsellor_must_see_the_file(counsellor, now):
    other = MembershipFactory()
    action = make_action(counsellor, partners=(make_partner_plan(other.organisation, sees_people=True),))
    hers = PersonFactory(held_by=other)
    with pytest.raises(AppointmentRefused, match="n’est pas ouvert à"):
        make_meeting(other, hers, now=now, action=action, user=counsellor.user, type="initial")
    with pytest.raises(AppointmentRefused, match="ne vous est pas ouvert"):
        make_meeting(counsellor, hers, now=now)


def test_a_parcours_of_elsewhere_or_over_is_refused(counsellor, now):
    enrolment = make_enrolment(counsellor)
    other = make_eligible(counsellor)
    with pytest.raises(AppointmentRefused, match="n’est pas celui"):
        make_meeting(counsellor, other, now=now, enrolment=enrolment, type="weekly")
    close_enrolment(
        enrolment=enrolment, reason="job", on=date(2026, 11, 2), version=enrolment.version, by=counsellor, now=now
    )
    enrolment.refresh_from_db()
    with pytest.raises(AppointmentRefused, match="terminé"):
        make_meeting(counsellor, enrolment.person, now=now, enrolment=enrolment, type="weekly")
    assert make_meeting(counsellor, enrolment.person, now=now, enrolment=enrolment, type="post_hire")


def test_someone_away_is_not_given_appointments(counsellor, now):
    declare_absence(user=counsellor.user, starts=date(2026, 11, 24), ends=date(2026, 11, 25), by=counsellor, now=now)
    with pytest.raises(AppointmentRefused, match="en absence du 24 novembre 2026 au 25 novembre 2026"):
        make_meeting(counsellor, now=now)


def test_one_who_is_taken_is_not_taken_twice(counsellor, now):
    first = make_meeting(counsellor, now=now)
    with pytest.raises(OccupationConflict, match="a déjà un rendez-vous"):
        make_meeting(counsellor, now=now)
    with pytest.raises(OccupationConflict, match=first.person.full_name):
        make_meeting(colleague_of(counsellor), first.person, now=now)
    assert Appointment.objects.count() == 1


def test_moving_frees_and_takes_at_once(counsellor, now):
    room = RoomFactory(organisation=counsellor.organisation)
    made, other = (
        make_meeting(counsellor, now=now, room=room),
        make_meeting(counsellor, now=now, starts=NEXT_DAY + HOUR),
    )
    with pytest.raises(OccupationConflict):
        move_appointment(appointment=made, starts=other.starts, ends=other.ends, version=1, by=counsellor, now=now)
    made.refresh_from_db()
    assert (made.starts, made.version, len(taken(made))) == (NEXT_DAY, 1, 3)
    half_later = NEXT_DAY - timedelta(minutes=30)
    moved = move_appointment(
        appointment=made, starts=half_later, ends=half_later + HOUR, version=1, by=counsellor, now=now
    )
    assert (moved.starts, moved.room, len(taken(made))) == (half_later, room, 3)


def test_moving_to_a_colleague_by_phone(counsellor, now):
    room, colleague = RoomFactory(organisation=counsellor.organisation), colleague_of(counsellor)
    made = make_meeting(counsellor, now=now, room=room)
    moved = move_appointment(
        appointment=made, starts=made.starts, ends=made.ends, user=colleague.user, where=Where("phone"),
        version=1, by=counsellor, now=now,
    )  # fmt: skip
    assert (moved.user, moved.room, moved.mode) == (colleague.user, None, "phone")
    assert taken(made) == sorted([f"person:{made.person_id}", f"user:{colleague.user_id}"])
    with pytest.raises(EditConflict):
        move_appointment(appointment=made, starts=made.starts, ends=made.ends, version=1, by=counsellor, now=now)


def test_the_hour_is_kept_over_the_change_of_clocks(counsellor, now):
    winter = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)  # 9 h 30 in Paris
    summer = datetime(2027, 3, 29, 7, 30, tzinfo=UTC)  # 9 h 30 in Paris, three days later
    made = make_meeting(counsellor, now=now, starts=winter)
    moved = move_appointment(appointment=made, starts=summer, ends=summer + HOUR, version=1, by=counsellor, now=now)
    assert str(Appointment.objects.get(pk=moved.pk).starts.astimezone(UTC)) == "2027-03-29 07:30:00+00:00"


def test_cancelled_it_takes_nobody(counsellor, now):
    made = make_meeting(counsellor, now=now)
    cancelled = cancel_appointment(appointment=made, version=1, by=counsellor, now=now)
    assert (cancelled.state, taken(made)) == (AppointmentState.CANCELLED, [])
    with pytest.raises(AppointmentRefused, match="annulé"):
        move_appointment(appointment=made, starts=made.starts, ends=made.ends, version=2, by=counsellor, now=now)
    with pytest.raises(AppointmentRefused, match="annulé"):
        cancel_appointment(appointment=made, version=2, by=counsellor, now=now)
    with pytest.raises(AppointmentRefused, match="Vous ne prenez pas"):
        cancel_appointment(appointment=made, version=2, by=MembershipFactory(), now=now)


def test_who_sees_which_appointments(counsellor, now):
    stranger = MembershipFactory()
    referent_action = make_action(counsellor)
    partner = MembershipFactory(organisation=OrganisationFactory())
    person = make_eligible(counsellor)
    outside = make_meeting(counsellor, person, now=now)
    inside = make_meeting(counsellor, person, now=now, starts=NEXT_DAY + HOUR, action=referent_action, type="initial")
    AccessGrantFactory(person=person, organisation=partner.organisation)

    def seen(viewer):
        return set(visible_appointments(viewer))

    assert seen(counsellor) == {outside, inside}
    assert seen(stranger) == seen(partner) == seen(None) == set()
    assert seen(colleague_of(counsellor, role="funder")) == set()
