"""What is planned with someone ends with her parcours: nothing lingers in an agenda, on a list or on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from essaim.agenda.enums import AppointmentState
from essaim.agenda.models import Occupation
from essaim.agenda.operations import AppointmentRefused, RegistrationRefused, make_appointment, register
from essaim.agenda.queries import get_sheet_for, next_appointment_for
from essaim.agenda.queries.sessions import list_printable_for
from essaim.journeys.operations import cancel_enrolment, close_enrolment, reopen_enrolment, request_hand_over
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting, make_session
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
TUESDAY_14 = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
THURSDAY_9 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def parcours(by):
    return make_enrolment(by, make_action(by))


def leave(enrolment, by, now, *, on=TODAY, reason="job"):
    enrolment.refresh_from_db()
    return close_enrolment(enrolment=enrolment, reason=reason, on=on, version=enrolment.version, by=by, now=now)


def plan(by, enrolment, now):
    """A weekly interview and a session to come."""
    meeting = make_meeting(by, enrolment.person, now=now, action=enrolment.action, type="weekly")
    session = make_session(by, enrolment.action, starts=THURSDAY_9)
    register(planned=session, enrolment=enrolment, by=by, now=now)
    return meeting, session


def close_url(enrolment):
    return reverse("journeys:close", args=[enrolment.action.ref, enrolment.ref])


def test_an_exit_cancels_what_was_to_come_and_frees_the_times(by, parcours, now):
    meeting, session = plan(by, parcours, now)
    leave(parcours, by, now)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version) == (AppointmentState.CANCELLED, 2)
    assert next_appointment_for(by, parcours.person) is None
    assert not Occupation.objects.filter(resource=f"person:{parcours.person_id}").exists()
    assert get_sheet_for(by, session).rows == ()
    assert not list_printable_for(by, session).exists()
    # The time of the counsellor is free again.
    make_meeting(by, now=now, starts=meeting.starts)


def test_what_is_past_of_the_last_day_or_of_after_a_hiring_stays(by, parcours, now):
    past = make_meeting(by, parcours.person, now=now, action=parcours.action, type="weekly", starts=now - 5 * HOUR)
    hired = make_meeting(by, parcours.person, now=now, action=parcours.action, type="post_hire", starts=TUESDAY_14)
    elsewhere = make_meeting(by, parcours.person, now=now, starts=TUESDAY_14 + 2 * HOUR)
    last_day = make_session(by, parcours.action, starts=now + 5 * HOUR)
    register(planned=last_day, enrolment=parcours, by=by, now=now)
    leave(parcours, by, now)
    for one in (past, hired, elsewhere):
        one.refresh_from_db()
        assert one.state == AppointmentState.PLANNED
    assert [row.person for row in get_sheet_for(by, last_day).rows] == [parcours.person]


def test_an_exit_written_late_leaves_the_sessions_nobody_recorded_since(by, parcours, now):
    session = make_session(by, parcours.action)
    register(planned=session, enrolment=parcours, by=by, now=now)
    leave(parcours, by, now, on=date(2026, 11, 18))
    assert get_sheet_for(by, session).rows == ()


def test_other_people_are_still_expected(by, parcours, now):
    other = make_enrolment(by, parcours.action)
    kept = make_meeting(by, other.person, now=now, action=other.action, type="weekly", starts=TUESDAY_14 + 3 * HOUR)
    _, session = plan(by, parcours, now)
    register(planned=session, enrolment=other, by=by, now=now)
    leave(parcours, by, now)
    kept.refresh_from_db()
    assert kept.state == AppointmentState.PLANNED
    assert [row.person for row in get_sheet_for(by, session).rows] == [other.person]


def test_reopening_does_not_bring_them_back_and_they_may_be_fixed_again(by, parcours, now, client):
    meeting, session = plan(by, parcours, now)
    closed = leave(parcours, by, now)
    client.force_login(by.user)
    page = client.get(reverse("journeys:reopen", args=[parcours.action.ref, parcours.ref])).content.decode()
    assert "ne reviennent pas" in page
    reopen_enrolment(enrolment=closed, version=closed.version, by=by, now=now)
    meeting.refresh_from_db()
    assert meeting.state == AppointmentState.CANCELLED
    assert get_sheet_for(by, session).rows == ()
    plan_again = register(planned=session, enrolment=parcours, by=by, now=now)
    assert plan_again.cancelled_at is None


def test_a_parcours_cancelled_takes_what_was_planned_with_it(by, parcours, now):
    meeting, session = plan(by, parcours, now)
    parcours.refresh_from_db()
    cancel_enrolment(enrolment=parcours, version=parcours.version, by=by, now=now)
    meeting.refresh_from_db()
    assert meeting.state == AppointmentState.CANCELLED
    assert get_sheet_for(by, session).rows == ()


def test_nobody_is_expected_in_a_parcours_just_closed(by, parcours, now):
    session = make_session(by, parcours.action, starts=THURSDAY_9)
    leave(parcours, by, now)
    with pytest.raises(RegistrationRefused, match="n’est pas dans l’action"):
        register(planned=session, enrolment=parcours, by=by, now=now)
    with pytest.raises(AppointmentRefused, match="terminé"):
        make_appointment(
            person=parcours.person, type="weekly", user=by.user, starts=TUESDAY_14, ends=TUESDAY_14 + HOUR,
            enrolment=parcours, by=by, now=now,
        )  # fmt: skip


def test_the_form_says_what_the_exit_withdraws_and_the_message_too(by, parcours, now, client):
    client.force_login(by.user)
    assert "La sortie annule" not in client.get(close_url(parcours)).content.decode()
    plan(by, parcours, now)
    page = client.get(close_url(parcours)).content.decode()
    assert "La sortie annule ce qui est prévu ensuite\u00a0: 1 rendez-vous et sa place à 1 séance." in page
    given = {"version": parcours.version, "on": "2026-11-23", "reason": "job"}
    answer = client.post(close_url(parcours), given, follow=True).content.decode()
    assert "Ce qui était prévu est annulé\u00a0: 1 rendez-vous et sa place à 1 séance." in answer


def test_an_exit_refused_leads_straight_to_the_relay(by, parcours, now, client):
    client.force_login(by.user)
    given = {"version": parcours.version, "on": "2026-11-23", "reason": "term"}
    page = client.post(close_url(parcours), given).content.decode()
    to_propose = reverse("journeys:hand_over_new", args=[parcours.person.code])
    assert f"{to_propose}?action={parcours.action.ref}&amp;parcours={parcours.ref}" in page
    colleague = colleague_of(by)
    relay = request_hand_over(
        person=parcours.person, enrolment=parcours, to_organisation=by.organisation, to_user=colleague.user, by=by,
        now=now,
    )  # fmt: skip
    page = client.post(close_url(parcours), given).content.decode()
    assert reverse("journeys:hand_over", args=[relay.ref]) in page
    assert to_propose not in page
