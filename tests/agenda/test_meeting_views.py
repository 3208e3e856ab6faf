"""The screens of meetings: called, invited, written, approved, printed, sent; who reads what; what is then to do."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from essaim.agenda.models import Meeting, MeetingDecision, MinutesSending, PlannedSession
from essaim.agenda.operations import DecisionPlan, approve_minutes, register, take_decision, write_minutes
from essaim.journeys.operations import add_partner
from essaim.web.queries import todo_for
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_committee
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan

pytestmark = pytest.mark.django_db
SOON = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def action(by):
    return make_action(by)


@pytest.fixture
def client(client_for, by):
    return client_for(by)


@pytest.fixture
def partner(by, action, now):
    member = MembershipFactory(organisation__name="Ville de Corvel")
    add_partner(action=action, plan=make_partner_plan(member.organisation), by=by, now=now)
    return member


def url(name, *args):
    return reverse(f"agenda:{name}", args=args)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def form_of(by, **values):
    return {
        "form_key": uuid4(),
        "title": "Comité de pilotage",
        "kind": "steering",
        "day": "2026-11-24",
        "starts_at": "9h",
        "ends_at": "11h",
        "place": "Mairie",
        "trainer": by.user.uuid,
        "items": "Où en est l’action\nBudget",
        "members": [by.pk],
        "guests": "Ana Roche, Ville de Corvel, ana@ville.example\nPaul Vire",
    } | values


def held(by, action, now, **values):
    meeting = make_committee(by, action, **{"members": [by]} | values)
    states = {one.pk: "present" for one in meeting.attendees.all()}
    return write_minutes(meeting=meeting, presence=states, notes={}, version=1, by=by, now=now)


def test_a_committee_from_its_invitation_to_its_minutes_and_its_decision_in_what_is_to_do(client, by, action, now):
    data = form_of(by, day="2026-11-23", starts_at="8h", ends_at="9h30")
    answer = client.post(url("meeting_new", action.ref), data)
    ref = PlannedSession.objects.get().session.ref
    assert answer["Location"] == url("meeting", ref) == client.post(url("meeting_new", action.ref), data)["Location"]
    assert "Paul Vire" in page(client, url("meeting", ref))
    Meeting.objects.update(version=1)
    meeting = Meeting.objects.get()
    fields = {f"presence-{one.pk}": "present" for one in meeting.attendees.all()}
    fields |= {f"notes-{meeting.items.first().pk}": "Douze personnes en emploi."}
    assert client.post(url("minutes", ref), fields | {"version": 1})["Location"] == url("meeting", ref)
    decision = {"form_key": uuid4(), "words": "Écrire aux partenaires", "owner": by.pk, "due_on": "2026-12-04"}
    assert client.post(url("decision_new", ref), decision)["Location"] == url("meeting", ref)
    assert client.get(url("minutes_pdf", ref)).content.startswith(b"%PDF")
    assert "figure" in page(client, url("minutes_approve", ref))
    assert client.post(url("minutes_approve", ref), {"version": 2})["Location"] == url("meeting", ref)
    text = page(client, url("meeting", ref))
    assert "il ne change plus" in text and "Douze personnes en emploi." in text
    assert client.get(url("minutes_pdf", ref)).content.startswith(b"%PDF")
    client.post(url("minutes_send", ref), {"version": 3})
    assert MinutesSending.objects.count() == 2
    line = next(line for line in todo_for(by, date(2026, 11, 23)).lines if line.kind.key == "agenda.decision_due")
    assert (line.title, line.url) == ("Écrire aux partenaires", url("decision", MeetingDecision.objects.get().ref))
    client.post(line.url, {"version": 1, "state": "done", "reason": "Courriel parti."})
    assert not [one for one in todo_for(by, date(2026, 11, 23)).lines if one.kind.key == "agenda.decision_due"]
    assert "Remettre à faire" in page(client, line.url)


def test_a_meeting_is_invited_to_changed_and_cancelled(client, by, action):
    ref = make_committee(by, action, starts=SOON, members=[by]).planned.session.ref
    assert by.user.email in page(client, url("meeting_invite", ref))
    assert client.post(url("meeting_invite", ref), {"version": 1})["Location"] == url("meeting", ref)
    assert "Plus personne" in page(client, url("meeting_invite", ref))
    changed = form_of(by, version=2, title="Comité reporté", day="2026-11-30")
    assert client.post(url("meeting_edit", ref), changed)["Location"] == url("meeting", ref)
    assert "Comité reporté" in page(client, url("meeting", ref))
    answer = client.post(url("meeting_edit", ref), changed | {"guests": "ana@ville.example"})
    assert "écrivez d’abord le nom" in answer.content.decode()
    assert client.post(url("meeting_cancel", ref), {"version": 3})["Location"] == url("meeting", ref)
    assert client.get(url("meeting_cancel", ref)).status_code == 404


def test_a_series_is_called_in_one_go(client, by, action):
    answer = client.post(url("meeting_new", action.ref), form_of(by, every_weeks="2"))
    assert "jusqu’à quand" in answer.content.decode()
    data = form_of(by, every_weeks="2", last_day="2026-12-31")
    answer = client.post(url("meeting_new", action.ref), data, follow=True)
    assert "3 réunions sont convoquées" in answer.content.decode()


def test_a_partner_reads_her_meeting_once_approved_and_finds_what_is_hers(client_for, by, action, partner, now):
    meeting = held(by, action, now, members=[by, partner])
    other = make_committee(by, action, starts=SOON)
    plan = DecisionPlan("Ouvrir une salle", partner.user, "", date(2026, 12, 4))
    take_decision(meeting=meeting, plan=plan, by=by, now=now)
    hers, ref = client_for(partner), meeting.planned.session.ref
    assert "Décisions" not in page(hers, url("meeting", ref))
    assert hers.get(url("minutes_pdf", ref)).status_code == 404
    assert hers.get(url("meeting", other.planned.session.ref)).status_code == 404
    (line,) = [line for line in todo_for(partner, date(2026, 11, 23)).lines if line.title == "Ouvrir une salle"]
    assert line.kind.key == "agenda.decision_due"
    approve_minutes(meeting=meeting, version=2, by=by, now=now)
    assert "Ouvrir une salle" in page(hers, url("meeting", ref))
    assert hers.get(url("minutes_pdf", ref)).status_code == 200
    assert hers.get(url("minutes", ref)).status_code == 404
    assert "Ouvrir une salle" in page(hers, url("my_meetings"))
    assert hers.post(line.url, {"version": 1, "state": "done"})["Location"] == line.url
    assert not [line for line in todo_for(partner, date(2026, 11, 23)).lines if line.title == "Ouvrir une salle"]


def test_a_jury_shows_only_the_people_whose_file_the_reader_may_open(client, client_for, by, action, partner, now):
    enrolment = make_enrolment(by, action)
    meeting = make_committee(by, action, kind="jury", starts=SOON, members=[partner])
    register(planned=meeting.planned, person=enrolment.person, by=by, now=now)
    name, address = enrolment.person.full_name, url("meeting", meeting.planned.session.ref)
    assert name in page(client, address)
    assert name not in (text := page(client_for(partner), address)) and "Personnes reçues" not in text
    funder = MembershipFactory(role="steering", organisation=by.organisation)
    assert name not in page(client_for(funder), address)


def test_decisions_come_back_on_the_page_of_the_next_meeting(client, by, action, now):
    first = held(by, action, now)
    plan = DecisionPlan("Écrire aux partenaires", by.user, "", date(2026, 12, 4))
    decision = take_decision(meeting=first, plan=plan, by=by, now=now)
    approve_minutes(meeting=first, version=2, by=by, now=now)
    second = make_committee(by, action, starts=SOON).planned.session.ref
    assert "La dernière fois, on avait décidé" in page(client, url("meeting", second))
    address = f"{url('decision', decision.ref)}?reunion={second}"
    assert "Revue à" in page(client, address)
    assert client.post(address, {"version": 1, "state": "dropped"}).status_code == 200
    data = {"version": 1, "state": "dropped", "reason": "Plus de crédits."}
    assert client.post(address, data)["Location"] == url("meeting", second)
    assert MeetingDecision.objects.get().reviewed_at.planned.session.ref == second


def test_the_lists_leave_as_files(client, by, action, now):
    meeting = held(by, action, now)
    plan = DecisionPlan("Écrire aux partenaires", by.user, "", date(2026, 12, 4))
    take_decision(meeting=meeting, plan=plan, by=by, now=now)
    for name, words in (("meeting_file", "Comité de pilotage"), ("decision_file", "Écrire aux partenaires")):
        assert words in client.get(url(name, action.ref) + "?r-format=csv&d-format=csv").content.decode()
    for name in ("my_meeting_file", "my_decision_file"):
        assert client.get(url(name) + "?r-format=xlsx&d-format=xlsx").status_code == 200


def test_the_tab_and_the_page_take_as_many_queries_whatever_their_length(client, by, action, partner, now):
    counts = []
    for size in (1, 3):
        for rank in range(size):
            meeting = make_committee(by, action, starts=SOON + timedelta(days=3 * rank + size), members=[by, partner])
            plan = DecisionPlan(f"Décision {rank}", by.user, "", date(2026, 12, 30))
            take_decision(meeting=meeting, plan=plan, by=by, now=now)
            take_decision(meeting=meeting, plan=plan, by=by, now=now)
        ref = meeting.planned.session.ref
        with CaptureQueriesContext(
            connection,
        ) as tab:
            page(client, reverse("journeys:action", args=[action.ref]) + "?onglet=meetings")
        with CaptureQueriesContext(connection) as one:
            page(client, url("meeting", ref))
        with CaptureQueriesContext(connection) as mine:
            page(client, url("my_meetings"))
        counts.append((len(tab), len(one), len(mine)))
    assert counts[0] == counts[1]
