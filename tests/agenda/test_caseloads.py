"""Caseloads given and relays taken: people and their appointments change hands in one act, nobody in between."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from essaim.agenda.models import Absence, Appointment, Occupation
from essaim.agenda.operations import (
    OccupationConflict,
    RelayRefused,
    accept_hand_over,
    declare_absence,
    reassign_caseload,
)
from essaim.journeys.enums import HandOverState
from essaim.journeys.operations import CaseloadRefused, HandOverRefused, request_hand_over
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db
TUESDAY_14 = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def colleague(counsellor):
    return colleague_of(counsellor)


@pytest.fixture
def manager(counsellor):
    return colleague_of(counsellor, manager=True)


def reassign(counsellor, colleague, by, now, **values):
    return reassign_caseload(
        organisation=counsellor.organisation, from_user=counsellor.user, to_user=colleague.user, reason="leaving",
        by=by, now=now, **values,
    )  # fmt: skip


def test_people_and_appointments_go_together(counsellor, colleague, manager, now):
    enrolment = make_enrolment(counsellor)
    kept = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    late = make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly", starts=TUESDAY_14 + 3 * HOUR
    )
    make_meeting(colleague, now=now, starts=late.starts)
    done = reassign(counsellor, colleague, manager, now)
    enrolment.refresh_from_db()
    assert enrolment.referent == colleague.user
    assert ([one.pk for one in done.moved], [one.pk for one in done.conflicts]) == ([kept.pk], [late.pk])
    assert (done.move.people, done.move.appointments) == (1, 1)
    states = Appointment.objects.filter(pk__in=[kept.pk, late.pk]).order_by("starts")
    assert [(one.user, one.is_to_replace) for one in states] == [(colleague.user, False), (counsellor.user, True)]
    taken = Occupation.objects.filter(source_ref=kept.ref).values_list("resource", flat=True)
    assert sorted(taken) == sorted([f"person:{enrolment.person_id}", f"user:{colleague.user_id}"])
    assert Occupation.objects.filter(source_ref=late.ref).count() == 2


def test_some_parcours_only(counsellor, colleague, manager, now):
    given = make_enrolment(counsellor)
    stays = make_enrolment(counsellor, given.action)
    meetings = [
        make_meeting(
            counsellor, one.person, now=now, action=given.action, type="weekly", starts=TUESDAY_14 + number * HOUR
        )
        for number, one in enumerate((given, stays))
    ]
    done = reassign(counsellor, colleague, manager, now, enrolments=[given])
    assert [one.pk for one in done.moved] == [meetings[0].pk]
    stays.refresh_from_db()
    assert stays.referent == counsellor.user


def test_a_colleague_away_cannot_keep_the_appointment(counsellor, colleague, manager, now):
    enrolment = make_enrolment(counsellor)
    meeting = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    declare_absence(user=colleague.user, starts=date(2026, 11, 24), ends=date(2026, 11, 24), by=colleague, now=now)
    assert [one.pk for one in reassign(counsellor, colleague, manager, now).conflicts] == [meeting.pk]


def test_only_herself_or_a_manager_gives_a_caseload(counsellor, colleague, now):
    make_enrolment(counsellor)
    with pytest.raises(CaseloadRefused):
        reassign(counsellor, colleague, colleague, now)
    assert reassign(counsellor, colleague, counsellor, now).move.people == 1


def test_an_absence_gives_its_appointments_to_the_replacement(counsellor, colleague, now):
    inside, outside = (
        make_meeting(counsellor, now=now),
        make_meeting(counsellor, now=now, starts=TUESDAY_14 + 48 * HOUR),
    )
    declare_absence(
        user=counsellor.user, starts=date(2026, 11, 24), ends=date(2026, 11, 25), replaced_by=colleague.user,
        by=counsellor, now=now,
    )  # fmt: skip
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert (inside.user, outside.user) == (colleague.user, counsellor.user)


@pytest.fixture
def relay(counsellor, now):
    """A parcours that its counsellor proposes to another organisation, file included."""
    enrolment, taker = make_enrolment(counsellor), MembershipFactory()
    asked = request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=taker.organisation, moves_file=True,
        by=counsellor, now=now,
    )  # fmt: skip
    return asked, taker


def accept(asked, by, now, starts=TUESDAY_14, **values):
    return accept_hand_over(
        hand_over=asked, starts=starts, ends=starts + HOUR, version=asked.version, by=by, now=now, **values
    )


def test_a_relay_is_taken_with_its_first_meeting(relay, now):
    asked, taker = relay
    done = accept(asked, taker, now)
    meeting = Appointment.objects.get()
    assert (done.state, done.first_appointment_at) == (HandOverState.ACCEPTED, TUESDAY_14)
    assert (meeting.user, meeting.organisation, meeting.action) == (taker.user, taker.organisation, None)
    asked.person.refresh_from_db()
    assert asked.person.referent == taker.user
    with pytest.raises(RelayRefused, match="déjà été donnée"):
        accept(done, taker, now)


def test_no_relay_without_its_meeting_nor_meeting_without_its_relay(relay, counsellor, now):
    asked, taker = relay
    make_meeting(taker, now=now)
    with pytest.raises(OccupationConflict):
        accept(asked, taker, now)
    with pytest.raises(HandOverRefused, match="à venir"):
        accept(asked, taker, now, starts=now - HOUR)
    with pytest.raises(RelayRefused, match="ne vous est pas proposé"):
        accept(asked, counsellor, now)
    asked.refresh_from_db()
    assert (asked.state, Appointment.objects.filter(person=asked.person).count()) == (HandOverState.PROPOSED, 0)


def test_within_the_organisation_the_meeting_is_in_the_action(counsellor, colleague, now):
    enrolment = make_enrolment(counsellor, make_action(counsellor))
    asked = request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=counsellor.organisation, to_user=colleague.user,
        by=counsellor, now=now,
    )  # fmt: skip
    accept(asked, colleague, now)
    meeting = Appointment.objects.get()
    assert (meeting.user, meeting.enrolment, meeting.type) == (colleague.user, enrolment, "weekly")


def test_the_page_gives_a_caseload(client_for, counsellor, colleague, manager, now):
    make_enrolment(counsellor)
    client, url = client_for(manager), reverse("agenda:give_caseload", args=[counsellor.user.uuid])
    page = client.get(reverse("agenda:caseloads")).content.decode()
    assert counsellor.user.full_name in page and reverse("journeys:review_list") in page
    form = client.get(url).context["form"]
    data = {"form_key": form["form_key"].value(), "to_user": str(colleague.user.uuid), "reason": "leaving"}
    assert client.post(url, data)["Location"] == reverse("agenda:caseloads")
    assert "Portefeuilles confiés" in client.get(reverse("agenda:caseloads")).content.decode()
    assert client_for(colleague).get(url).status_code == 404


def test_the_page_notes_an_absence_and_takes_it_back(client_for, counsellor, now):
    client, url = client_for(counsellor), reverse("agenda:absence_new")
    form = client.get(url).context["form"]
    data = {
        "form_key": form["form_key"].value(), "user": str(counsellor.user.uuid), "starts": "2026-11-25",
        "ends": "2026-11-27",
    }  # fmt: skip
    client.post(url, data)
    absence = Absence.objects.get()
    client.post(reverse("agenda:absence_withdraw", args=[absence.pk]))
    assert not Absence.objects.exists()


def test_the_page_takes_a_relay(client_for, relay, now):
    asked, taker = relay
    client, url = client_for(taker), reverse("agenda:accept_hand_over", args=[asked.ref])
    assert "Accepter le relais" in client.get(url).content.decode()
    data = {
        "version": asked.version, "day": "2026-11-24", "at": "14:00", "minutes": "45",
        "user": str(taker.user.uuid), "mode": "in_person", "place": "",
    }  # fmt: skip
    response = client.post(url, data)
    assert response["Location"] == reverse("people:person", args=[asked.person.code])
    assert client.get(url).status_code == 404


def test_caseloads_leave_as_a_file(counsellor, colleague, manager, client_for):
    make_enrolment(counsellor)
    url = reverse("agenda:caseloads_file")
    lines = client_for(manager).get(url).content.decode().splitlines()
    assert f"{counsellor.user.full_name};1;1;1;" in "".join(lines)
    assert len(lines) == 4
    assert len(client_for(colleague).get(url).content.decode().splitlines()) == 2
    assert client_for(manager).get(url, {"format": "xlsx"}).status_code == 200
