"""Meetings: called, held, written, approved and frozen; decisions taken, carried over, settled; who may."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from essaim.agenda.enums import SessionState
from essaim.agenda.models import AgendaItem, Attendee, Meeting, MeetingDecision, MinutesSending, Occupation
from essaim.agenda.operations import (
    DecisionPlan,
    Guest,
    MeetingPlan,
    MeetingRefused,
    OccupationConflict,
    PlanRefused,
    SessionPlan,
    approve_minutes,
    call_meetings,
    cancel_meeting,
    edit_decision,
    edit_meeting,
    edit_session,
    invite_attendees,
    plan_of,
    send_minutes,
    settle_decision,
    take_decision,
    withdraw_decision,
    write_minutes,
)
from essaim.agenda.queries import (
    get_decision_for,
    get_meeting_for,
    list_decisions_for,
    list_meetings_for,
    list_sessions_for,
    list_to_review_at,
    minutes_of,
)
from essaim.journal.models import Fact
from essaim.journeys.operations import add_partner
from essaim.kernel.days import PARIS
from essaim.kernel.edit_versions import EditConflict
from essaim.kernel.models import Message
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_committee
from tests.factories.journeys import make_action, make_partner_plan

pytestmark = pytest.mark.django_db
SOON = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def action(by):
    return make_action(by)


@pytest.fixture
def partner(by, action, now):
    """A member of an organisation that takes part in the action without seeing people."""
    member = MembershipFactory(role="prescriber")
    plan = make_partner_plan(member.organisation, role="prescriber")
    add_partner(action=action, plan=plan, by=by, now=now)
    return member


def hold(meeting, by, now, **presence):
    states = {one.pk: presence.get(one.name or one.user.email, "present") for one in meeting.attendees.all()}
    notes = {one.pk: "Dit." for one in meeting.items.all()}
    return write_minutes(meeting=meeting, presence=states, notes=notes, version=meeting.version, by=by, now=now)


def decide(meeting, by, now, owner=None, name="", words="Écrire aux partenaires", due=date(2026, 12, 4)):
    plan = DecisionPlan(words, owner, name, due)
    return take_decision(meeting=meeting, plan=plan, by=by, now=now)


def approved(by, action, now, **values):
    meeting = hold(make_committee(by, action, members=[by], **values), by, now)
    return approve_minutes(meeting=meeting, version=meeting.version, by=by, now=now)


def kinds():
    return list(Fact.objects.filter(live=True).order_by("pk").values_list("kind", flat=True))


def test_a_meeting_takes_its_room_its_chair_and_the_accounts_that_are_free(by, action, partner):
    room = RoomFactory(organisation=by.organisation)
    busy = MembershipFactory(organisation=by.organisation)
    make_committee(by, action, starts=SOON, title="Autre", trainer=busy.user)
    meeting = make_committee(by, action, starts=SOON, room=room, trainer=by.user, members=[by, partner, busy])
    taken = Occupation.objects.filter(source_ref=meeting.planned.session.ref).values_list("resource", flat=True)
    assert set(taken) == {f"room:{room.pk}", f"user:{by.user_id}", f"user:{partner.user_id}"}
    with pytest.raises(OccupationConflict):
        make_committee(by, action, starts=SOON + timedelta(hours=1), room=room)
    assert Fact.objects.filter(session=meeting.planned.session).count() == 0


def test_a_series_of_meetings_keeps_the_hour_on_the_wall_and_leaves_holidays(by, action, now):
    starts = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    meeting = MeetingPlan("steering", SessionPlan("committee", "Comité", starts, starts + timedelta(hours=1)))
    given = {"action": action, "meeting": meeting, "clocks": (time(9), time(10)), "by": by, "now": now}
    called = call_meetings(**given, every_weeks=4, last_day=date(2026, 6, 1))
    local = [one.planned.starts.astimezone(PARIS) for one in called.meetings]
    assert [one.date() for one in local] == [date(2026, 3, 2), date(2026, 3, 30), date(2026, 4, 27), date(2026, 5, 26)]
    assert {one.hour for one in local} == {9}
    assert len({one.planned.series_id for one in called.meetings}) == 1
    with pytest.raises(MeetingRefused, match="va vers l’avant"):
        call_meetings(**given, every_weeks=1, last_day=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"items": ("Bilan", "bilan")}, "deux fois"),
        ({"kind": "nothing"}, "nature"),
        ({"guests": (Guest("Ana"), Guest("ana"))}, "deux fois"),
        ({"step": "half_days"}, "pas une réunion"),
        ({"title": " "}, "titre"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(by, action, values, words):
    with pytest.raises((MeetingRefused, PlanRefused), match=words):
        make_committee(by, action, **values)


def test_only_who_steers_the_action_calls_and_only_its_partners_are_invited(by, action):
    with pytest.raises(MeetingRefused, match="ne tenez pas"):
        make_committee(MembershipFactory(manager=True), action)
    with pytest.raises(MeetingRefused, match="partenaire"):
        make_committee(by, action, members=[MembershipFactory()])


def test_invitations_leave_once_for_who_has_an_address(by, action, partner, now):
    guests = (Guest("Ana Roche", "Ville", "ana@ville.example"), Guest("Paul Vire"))
    meeting = make_committee(by, action, starts=SOON, members=[partner], guests=guests)
    sent = invite_attendees(meeting=meeting, version=1, by=by, now=now)
    assert {one.address for one in sent} == {partner.user.email, "ana@ville.example"}
    bodies = Message.objects.order_by("pk").values_list("body", flat=True)
    assert all("Où en est l’action" in body for body in bodies)
    assert sum("/reunions/" in body for body in bodies) == 1
    with pytest.raises(MeetingRefused, match="Personne à inviter"):
        invite_attendees(meeting=meeting, version=2, by=by, now=now)


def test_minutes_are_written_then_approved_and_counted_by_the_fil(by, action, partner, now):
    meeting = make_committee(by, action, members=[by, partner], guests=(Guest("Ana Roche", "Ville"),))
    with pytest.raises(MeetingRefused, match="Notez d’abord"):
        approve_minutes(meeting=meeting, version=1, by=by, now=now)
    meeting = hold(meeting, by, now)
    decide(meeting, by, now, owner=partner.user)
    meeting = approve_minutes(meeting=meeting, version=meeting.version, by=by, now=now)
    assert [kind for kind in kinds() if kind in ("session_held", "attendance_recorded", "minutes_recorded")] == [
        "session_held",
        "attendance_recorded",
        "minutes_recorded",
    ]
    came = Fact.objects.get(kind="attendance_recorded")
    assert (came.organisation_id, came.data["role"]) == (partner.organisation_id, "partner")
    assert meeting.fact.data["decisions"] == 1
    assert meeting.planned.state == SessionState.HELD


def test_approved_minutes_no_longer_change_whoever_writes(by, action, now):
    meeting = approved(by, action, now)
    words = minutes_of(meeting)
    with pytest.raises(MeetingRefused, match="ne change plus"):
        hold(meeting, by, now)
    with pytest.raises(MeetingRefused, match="ne change plus"):
        decide(meeting, by, now, owner=by.user)
    with pytest.raises(MeetingRefused, match="ne change plus"):
        approve_minutes(meeting=meeting, version=meeting.version, by=by, now=now)
    item, one = meeting.items.get(), meeting.attendees.get()
    for write in (
        lambda: AgendaItem.objects.filter(pk=item.pk).update(notes="Autre"),
        lambda: AgendaItem.objects.create(meeting=meeting, rank=9, title="Ajouté"),
        lambda: Attendee.objects.filter(pk=one.pk).delete(),
        lambda: Meeting.objects.filter(pk=meeting.pk).update(frozen={}),
        lambda: MeetingDecision.objects.create(
            action=action, meeting=meeting, words="Ajoutée", owner=by.user, due_on=date(2026, 12, 1)
        ),
    ):
        with pytest.raises(IntegrityError, match="minutes_frozen"), transaction.atomic():
            write()
    by.user.last_name = "Autrement"
    by.user.save()
    assert minutes_of(Meeting.objects.get(pk=meeting.pk)) == words


def test_the_second_of_two_editors_is_told(by, action, now):
    meeting = make_committee(by, action, members=[by])
    hold(meeting, by, now)
    with pytest.raises(EditConflict):
        write_minutes(meeting=meeting, presence={}, notes={}, version=1, by=by, now=now)


def test_minutes_go_to_everyone_once(by, action, now):
    meeting = approved(by, action, now, guests=(Guest("Ana Roche", "Ville", "ana@ville.example"), Guest("Sans")))
    sent = send_minutes(meeting=meeting, by=by, now=now)
    assert {one.recipient for one in sent} == {by.user.email, "ana@ville.example"}
    with pytest.raises(MeetingRefused, match="déjà reçu"):
        send_minutes(meeting=meeting, by=by, now=now)
    assert MinutesSending.objects.count() == 2


def test_open_decisions_come_back_at_the_next_meeting_of_the_kind(by, action, now):
    first = hold(make_committee(by, action, members=[by]), by, now)
    kept, done = decide(first, by, now, owner=by.user), decide(first, by, now, name="Ana Roche, Ville", words="Trouver")
    approve_minutes(meeting=first, version=first.version, by=by, now=now)
    other = make_committee(by, action, kind="technical", starts=SOON + timedelta(days=1))
    second = make_committee(by, action, starts=SOON, members=[by])
    assert list_to_review_at(other) == [] == list_to_review_at(first)
    assert list_to_review_at(second) == [kept, done]
    settle_decision(decision=done, state="done", at_meeting=second, version=1, by=by, now=now)
    assert [one.state for one in list_to_review_at(second)] == ["open", "done"]
    assert minutes_of(second)["reviewed"][1][3] == "faite"
    third = make_committee(by, action, starts=SOON + timedelta(days=7))
    assert list_to_review_at(third) == [kept]


def test_a_decision_is_settled_by_its_owner_with_a_reason_when_dropped(by, action, partner, now):
    meeting = make_committee(by, action, members=[partner])
    decision = decide(meeting, by, now, owner=partner.user)
    with pytest.raises(MeetingRefused, match="quelqu’un d’autre"):
        settle_decision(decision=decision, state="done", version=1, by=MembershipFactory(), now=now)
    with pytest.raises(MeetingRefused, match="pourquoi"):
        settle_decision(decision=decision, state="dropped", version=1, by=partner, now=now)
    settle_decision(decision=decision, state="dropped", reason="Plus de crédits.", version=1, by=partner, now=now)
    with pytest.raises(EditConflict):
        settle_decision(decision=decision, state="done", version=1, by=by, now=now)
    decision.refresh_from_db()
    assert (decision.state, decision.settled_by) == ("dropped", partner.user)
    settle_decision(decision=decision, state="open", version=2, by=by, now=now)
    decision.refresh_from_db()
    assert (decision.state, decision.settled_on, decision.reason) == ("open", None, "")


def test_a_decision_is_put_right_or_taken_off_before_approval_only(by, action, now):
    meeting = hold(make_committee(by, action, members=[by]), by, now)
    decision, other = decide(meeting, by, now, owner=by.user), decide(meeting, by, now, name="Ana", words="Appeler")
    plan = DecisionPlan("Écrire à tous", None, "Ana Roche", date(2026, 12, 1))
    assert edit_decision(decision=decision, plan=plan, version=1, by=by, now=now).owner is None
    withdraw_decision(decision=other, version=1, by=by, now=now)
    for wrong, words in (
        (DecisionPlan(" ", by.user, "", date(2026, 12, 1)), "ce qui est décidé"),
        (DecisionPlan("X", None, "", date(2026, 12, 1)), "qui s’en charge"),
        (DecisionPlan("X", by.user, "Ana", date(2026, 12, 1)), "qui s’en charge"),
        (DecisionPlan("X", by.user, "", date(2026, 11, 1)), "au plus tôt"),
        (DecisionPlan("X", MembershipFactory().user, "", date(2026, 12, 1)), "partenaire"),
    ):
        with pytest.raises(MeetingRefused, match=words):
            take_decision(meeting=meeting, plan=wrong, by=by, now=now)
    approve_minutes(meeting=meeting, version=meeting.version, by=by, now=now)
    with pytest.raises(MeetingRefused, match="ne change plus"):
        withdraw_decision(decision=decision, version=2, by=by, now=now)


def test_a_meeting_is_moved_on_its_own_page_and_cancelled(by, action, partner, now):
    meeting = make_committee(by, action, starts=SOON, members=[partner], guests=(Guest("Ana"),))
    invite_attendees(meeting=meeting, version=1, by=by, now=now)
    planned = meeting.planned
    with pytest.raises(PlanRefused, match="sur sa page"):
        edit_session(planned=planned, plan=plan_of(planned=planned), version=1, by=by, now=now)
    later = SOON + timedelta(days=3)
    plan = SessionPlan("committee", "Comité reporté", later, later + timedelta(hours=1))
    moved = MeetingPlan("technical", plan, ("Budget", "Où en est l’action"), (partner,), (Guest("Ana", "Ville"),))
    meeting.refresh_from_db()
    edit_meeting(meeting=meeting, plan=moved, version=2, by=by, now=now)
    meeting = get_meeting_for(by, planned.session.ref)
    assert (meeting.kind, meeting.planned.starts, meeting.invited) == ("technical", later, 2)
    assert [one.title for one in meeting.items.all()] == ["Budget", "Où en est l’action"]
    assert meeting.attendees.get(user=partner.user).invited_at == now
    cancel_meeting(meeting=meeting, version=3, by=by, now=now)
    assert not Occupation.objects.filter(source_ref=planned.session.ref).exists()


def test_a_point_with_notes_and_a_presence_noted_are_kept(by, action, now):
    meeting = hold(make_committee(by, action, members=[by], items=("Budget",)), by, now)
    planned = meeting.planned
    plan = SessionPlan("committee", "Comité", planned.starts, planned.ends)
    with pytest.raises(MeetingRefused, match="a déjà des notes"):
        edit_meeting(meeting=meeting, plan=MeetingPlan("steering", plan, (), (by,)), version=2, by=by, now=now)
    with pytest.raises(MeetingRefused, match="présence"):
        edit_meeting(meeting=meeting, plan=MeetingPlan("steering", plan, ("Budget",)), version=2, by=by, now=now)


def test_a_partner_reads_the_meetings_she_attends_and_no_other(by, action, partner, now):
    mine = make_committee(by, action, members=[by, partner])
    make_committee(by, action, starts=SOON)
    decision = decide(mine, by, now, owner=by.user)
    assert list(list_meetings_for(partner)) == [mine]
    assert list(list_decisions_for(partner)) == []
    mine = hold(mine, by, now)
    approve_minutes(meeting=mine, version=mine.version, by=by, now=now)
    assert list(list_decisions_for(partner)) == [decision]
    assert get_decision_for(partner, decision.ref) == decision
    elsewhere = MembershipFactory(user=partner.user)
    assert list(list_meetings_for(elsewhere)) == [] == list(list_meetings_for(MembershipFactory(manager=True)))
    assert list(list_sessions_for(by, action)) == []
    funder = MembershipFactory(role="funder", organisation=by.organisation)
    assert list(list_meetings_for(funder)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_take_as_many_queries_whatever_their_length(
    by, action, partner, now, number, django_assert_num_queries
):
    for rank in range(number):
        meeting = make_committee(by, action, starts=SOON + timedelta(days=rank), members=[by, partner])
        decide(meeting, by, now, owner=by.user)
    with django_assert_num_queries(1):
        assert [one.planned.session.action.title for one in list_meetings_for(by)] == [action.title] * number
    with django_assert_num_queries(1):
        assert {one.owner_words for one in list_decisions_for(by)} == {by.user.full_name}


def test_the_database_refuses_an_owner_too_many_and_a_state_without_who(by, action, now):
    decision = decide(make_committee(by, action), by, now, owner=by.user)
    for column, value in (("owner_name", "'Ana'"), ("state", "'done'"), ("words", "''")):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE agenda_meetingdecision SET {column} = {value} WHERE id = %s", [decision.pk])
