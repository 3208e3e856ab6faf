"""Beside « À faire »: the day of the reader, what went well, her people by their last contact."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from essaim.journeys.operations import request_hand_over
from essaim.web.queries import side_of_todo_for
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting, make_session
from tests.factories.journal import FactFactory
from tests.factories.journeys import make_action, make_enrolment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def frozen():
    """Monday 20 April 2026, 11 h in Paris."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def counsellor():
    return MembershipFactory(counsellor=True)


def test_the_day_holds_my_appointments_and_sessions_in_order(counsellor):
    colleague = MembershipFactory(counsellor=True, organisation=counsellor.organisation)
    afternoon = make_meeting(counsellor, starts=NOW + timedelta(hours=4))
    make_session(counsellor, make_action(counsellor), starts=NOW + timedelta(hours=1), trainer=counsellor.user)
    make_meeting(colleague, starts=NOW + timedelta(hours=2))
    make_meeting(counsellor, starts=NOW + timedelta(days=1))
    side = side_of_todo_for(counsellor, TODAY)
    assert [entry.kind for entry in side.today] == ["session", "appointment"]
    assert side.today[1].title == afternoon.person.full_name
    assert side.next_after(NOW) == side.today[0]
    assert side.next_after(NOW + timedelta(hours=5)) is None


def test_my_people_are_counted_by_their_last_contact(counsellor):
    action = make_action(counsellor)
    for days in (0, 7, 8, 14, 15):
        followed = make_enrolment(counsellor, action)
        FactFactory(
            action=action,
            person=followed.person,
            kind="interview_held",
            at_text=(TODAY - timedelta(days=days)).isoformat(),
            data={"type": "weekly"},
        )
    make_enrolment(counsellor, action)
    make_enrolment(MembershipFactory(counsellor=True, organisation=counsellor.organisation), action)
    people = side_of_todo_for(counsellor, TODAY).people
    assert (people.recent, people.fortnight, people.longer, people.total) == (2, 2, 2, 6)


def test_nobody_has_an_empty_side():
    side = side_of_todo_for(None, TODAY)
    assert (side.today, side.actions, side.news, side.people.total) == ([], [], [], 0)


@pytest.mark.parametrize("size", [1, 3])
def test_the_side_costs_the_same(counsellor, size, django_assert_num_queries):
    action = make_action(counsellor)
    for number in range(size):
        make_enrolment(counsellor, action)
        make_meeting(counsellor, starts=NOW + timedelta(hours=1 + number))
    with django_assert_num_queries(9):
        side_of_todo_for(counsellor, TODAY)


def test_the_page_shows_them(client, counsellor):
    met = make_meeting(counsellor, starts=NOW + timedelta(hours=4))
    make_enrolment(counsellor, make_action(counsellor))
    client.force_login(counsellor.user)
    page = client.get(reverse("web:todo"))
    assertContains(page, "Ma journée")
    assertContains(page, met.person.full_name)
    assertContains(page, "1 personne suivie")


def test_a_relay_proposed_to_an_organisation_outside_the_action_is_told(client_for, counsellor):
    giver = MembershipFactory(counsellor=True)
    enrolment = make_enrolment(giver)
    given = {"to_organisation": counsellor.organisation, "by": giver, "now": NOW}
    request_hand_over(person=enrolment.person, enrolment=enrolment, **given)
    assert side_of_todo_for(counsellor, TODAY).relays == 1
    assert side_of_todo_for(giver, TODAY).relays == 0
    assertContains(client_for(counsellor).get(reverse("web:todo")), reverse("journeys:hand_over_list"))
