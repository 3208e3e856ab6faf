"""The calendar: what each reader sees of a week, in a constant number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from essaim.agenda.operations import cancel_appointment, declare_absence, miss_appointment, occupy
from essaim.agenda.queries.calendar import CalendarFilters, get_calendar_for
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_meeting
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import AccessGrantFactory, PersonFactory, colleague_of

pytestmark = pytest.mark.django_db
WEEK = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
TUESDAY_14 = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(counsellor, client_for):
    return client_for(counsellor)


def entries(viewer, **filters):
    calendar = get_calendar_for(viewer, WEEK, CalendarFilters(**filters))
    return [(entry.kind, entry.title) for day in calendar.days for entry in day.entries]


def test_mine_the_team_s_a_room_s_and_an_action_s(counsellor, now):
    colleague, room = colleague_of(counsellor), RoomFactory(organisation=counsellor.organisation)
    action = make_action(counsellor)
    mine = make_meeting(counsellor, now=now, room=room)
    hers = make_meeting(colleague, now=now, action=action, type="initial")
    assert entries(counsellor, user=counsellor.user) == [("appointment", mine.person.full_name)]
    assert {title for _, title in entries(counsellor)} == {mine.person.full_name, hers.person.full_name}
    assert entries(counsellor, room=room) == [("appointment", mine.person.full_name)]
    assert entries(counsellor, action=action) == [("appointment", hers.person.full_name)]
    assert entries(MembershipFactory()) == entries(None) == []


def test_cancelled_is_gone_and_missed_is_told(counsellor, now):
    gone, missed = make_meeting(counsellor, now=now), make_meeting(counsellor, now=now, starts=now)
    cancel_appointment(appointment=gone, version=1, by=counsellor, now=now)
    miss_appointment(appointment=missed, state="missed", version=1, by=counsellor, now=now)
    calendar = get_calendar_for(counsellor, WEEK, CalendarFilters())
    (entry,) = [entry for day in calendar.days for entry in day.entries]
    assert entry.is_over and entry.sub.startswith("absence")


def test_a_protected_person_is_only_time_for_others(counsellor, now):
    protected = PersonFactory(held_by=counsellor, protected=True)
    partner = MembershipFactory()
    action = make_action(counsellor)
    make_meeting(counsellor, protected, now=now, action=action, type="initial")
    assert entries(counsellor) == [("appointment", protected.full_name)]
    assert entries(partner) == []
    assert entries(colleague_of(counsellor, role="steering")) == [("busy", "Occupé")]


def test_job_interviews_of_those_followed(counsellor, now):
    enrolment, other = make_enrolment(counsellor), PersonFactory()
    for person in (enrolment.person, other):
        occupy(
            resources=[f"person:{person.pk}"], starts=TUESDAY_14, ends=TUESDAY_14 + timedelta(hours=1),
            source="interview", source_ref=f"Z{person.pk}",
        )  # fmt: skip
    expected = [("interview", enrolment.person.full_name)]
    assert entries(counsellor) == entries(counsellor, user=counsellor.user) == expected
    assert entries(counsellor, action=enrolment.action) == expected
    assert entries(colleague_of(counsellor), user=MembershipFactory().user) == []
    assert entries(counsellor, room=RoomFactory(organisation=counsellor.organisation)) == []


def test_a_job_interview_is_told_with_the_file_to_who_sees_the_action_it_comes_from(counsellor, now):
    """A file opened to read is not the calendar of what another organisation does with her."""
    enrolment, reader = make_enrolment(counsellor), MembershipFactory()
    AccessGrantFactory(person=enrolment.person, organisation=reader.organisation)
    occupy(
        resources=[f"person:{enrolment.person_id}"], starts=TUESDAY_14, ends=TUESDAY_14 + timedelta(hours=1),
        source="interview", source_ref="Z1",
    )  # fmt: skip
    assert entries(reader) == []


def test_absences_and_holidays_stand_on_their_days(counsellor, now):
    declare_absence(user=counsellor.user, starts=WEEK[1], ends=WEEK[2], by=counsellor, now=now)
    days = get_calendar_for(counsellor, WEEK, CalendarFilters()).days
    assert [len(day.absences) for day in days] == [0, 1, 1, 0, 0, 0, 0]
    christmas = get_calendar_for(counsellor, [date(2026, 12, 25)], CalendarFilters()).days[0]
    assert christmas.holiday == "christmas"


@pytest.mark.parametrize("view", ["jour", "semaine", "liste"])
def test_every_view_opens_and_sets_aside_what_is_unknown(client, counsellor, now, view):
    made = make_meeting(counsellor, now=now)
    page = client.get(reverse("agenda:home"), {"vue": view, "jour": "2026-11-24"})
    assert made.person.full_name in page.content.decode()
    odd = {"vue": view, "jour": "demain", "qui": "personne", "lieu": "L0", "action": "A0"}
    assert client.get(reverse("agenda:home"), odd).status_code == 200
    assert client.get(reverse("agenda:home"), {"jour": "9999-12-31"}).status_code == 200
    assert client.get(reverse("agenda:home"), {"jour": "0001-01-01"}).status_code == 200


def test_too_much_at_once_is_shown_as_lists(client, counsellor, now):
    for _ in range(4):
        make_meeting(colleague_of(counsellor), now=now)
    week = client.get(reverse("agenda:home"), {"jour": "2026-11-24", "qui": "equipe"}).content.decode()
    assert "cal-lists" in week


def test_a_weekend_appears_when_something_takes_place(client, counsellor, now):
    assert "2026-11-28" not in client.get(reverse("agenda:home")).content.decode()
    make_meeting(counsellor, now=now, starts=datetime(2026, 11, 28, 9, tzinfo=UTC))
    assert "2026-11-28" in client.get(reverse("agenda:home")).content.decode()


def test_the_list_is_filtered_and_exported(client, counsellor, now):
    mine = make_meeting(counsellor, now=now)
    hers = make_meeting(colleague_of(counsellor), now=now)
    mine_only = client.get(reverse("agenda:home"), {"vue": "liste", "avec": "moi"}).content.decode()
    assert mine.person.full_name in mine_only and hers.person.full_name not in mine_only
    export = client.get(reverse("agenda:home"), {"vue": "liste", "format": "csv", "etat": "planned"})
    lines = b"".join(export.streaming_content if export.streaming else [export.content]).decode().splitlines()
    assert len(lines) == 3


def queries_of(client, url, django_assert_max_num_queries, data):
    with django_assert_max_num_queries(100) as counted:
        assert client.get(url, data).status_code == 200
    return len(counted)


@pytest.mark.parametrize("view", ["jour", "semaine", "liste"])
def test_as_many_queries_for_one_as_for_three(client, counsellor, now, view, django_assert_max_num_queries):
    room, url = RoomFactory(organisation=counsellor.organisation), reverse("agenda:home")
    data = {"vue": view, "jour": "2026-11-24", "qui": "equipe"}
    action = make_action(counsellor)
    make_meeting(counsellor, now=now, room=room, action=action, type="initial")
    client.get(url, data)
    one = queries_of(client, url, django_assert_max_num_queries, data)
    for number in (1, 2):
        starts = TUESDAY_14 + timedelta(hours=number)
        make_meeting(colleague_of(counsellor), now=now, starts=starts, room=room, action=action, type="initial")
    assert queries_of(client, url, django_assert_max_num_queries, data) == one


def test_the_person_s_and_the_action_s_tabs_are_constant_too(client, counsellor, now, django_assert_max_num_queries):
    enrolment = make_enrolment(counsellor)
    urls = [
        (reverse("people:person", args=[enrolment.person.code]), {"onglet": "appointments"}),
        (reverse("journeys:action", args=[enrolment.action.ref]), {"onglet": "appointments"}),
    ]
    make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    one = [queries_of(client, url, django_assert_max_num_queries, data) for url, data in urls]
    for number in (1, 2):
        starts = TUESDAY_14 + timedelta(days=number)
        other = make_enrolment(counsellor, enrolment.action)
        for person in (enrolment.person, other.person):
            starts += timedelta(hours=1)
            make_meeting(counsellor, person, now=now, action=enrolment.action, type="weekly", starts=starts)
    assert [queries_of(client, url, django_assert_max_num_queries, data) for url, data in urls] == one
