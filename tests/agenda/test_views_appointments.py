"""The screens of appointments: making, moving, holding, missing; what each reader finds."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from essaim.agenda.enums import AppointmentState
from essaim.agenda.models import Appointment, Goal
from essaim.agenda.operations import GoalPlan, hold_appointment
from essaim.journeys.operations import enrol_person, make_prescription
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_meeting
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import PersonFactory, colleague_of

pytestmark = pytest.mark.django_db
MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(counsellor, client_for):
    return client_for(counsellor)


def new_data(counsellor, **values):
    return {
        "form_key": str(uuid4()), "type": "followup", "day": "2026-11-24", "at": "14:00", "minutes": "60",
        "user": str(counsellor.user.uuid), "mode": "in_person", "place": "",
    } | values  # fmt: skip


def words(response):
    return " ".join(response.content.decode().split())


def test_an_appointment_is_taken_from_the_person_s_page(client, counsellor):
    person = PersonFactory(held_by=counsellor)
    url, data = reverse("agenda:appointment_new", args=[person.code]), new_data(counsellor)
    assert client.get(url).status_code == 200
    response = client.post(url, data)
    made = Appointment.objects.get()
    assert response["Location"] == reverse("agenda:interview", args=[made.ref])
    assert (made.starts, made.ends) == (datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 14, tzinfo=UTC))
    client.post(url, data)
    assert Appointment.objects.count() == 1


def test_an_hour_that_the_clocks_skip_is_refused(client, counsellor):
    person = PersonFactory(held_by=counsellor)
    response = client.post(
        reverse("agenda:appointment_new", args=[person.code]), new_data(counsellor, day="2027-03-28", at="02:30")
    )
    assert "les horloges avancent" in words(response)
    assert not Appointment.objects.exists()


def test_a_free_slot_leads_to_a_form_already_filled(client, counsellor):
    enrolment = make_enrolment(counsellor)
    choose = client.get(reverse("agenda:appointment_choose"), {"debut": "2026-11-26T10:00", "q": "kad"})
    url = reverse("agenda:appointment_in_action", args=[enrolment.action.ref, enrolment.person.code])
    assert f"{url}?debut=2026-11-26T10:00" in words(choose)
    form = client.get(url, {"debut": "2026-11-26T10:00"})
    assert 'value="2026-11-26"' in words(form) and 'value="10:00"' in words(form)
    assert '<option value="weekly" selected>' in words(form)
    assert client.get(url, {"debut": "rien"}).status_code == 200


def test_before_the_entry_the_initial_interview_is_proposed(client, counsellor):
    action, person = make_action(counsellor), make_eligible(counsellor)
    form = client.get(reverse("agenda:appointment_in_action", args=[action.ref, person.code]))
    assert '<option value="initial" selected>' in words(form)


def test_a_refusal_says_what_is_taken_and_keeps_what_was_typed(client, counsellor, now):
    room = RoomFactory(organisation=counsellor.organisation)
    make_meeting(counsellor, now=now, room=room)
    person = PersonFactory(held_by=counsellor)
    response = client.post(
        reverse("agenda:appointment_new", args=[person.code]), new_data(counsellor, room=room.ref, place="Étage 2")
    )
    assert response.status_code == 200
    assert "a déjà un rendez-vous" in words(response) and "est déjà pris" in words(response)
    assert 'value="Étage 2"' in words(response)


def test_moving_and_cancelling(client, counsellor, now):
    made = make_meeting(counsellor, now=now)
    data = new_data(counsellor, version=1, at="16:30", minutes="30", mode="phone")
    client.post(reverse("agenda:appointment_move", args=[made.ref]), data)
    made.refresh_from_db()
    assert (made.starts.hour, made.mode, made.version) == (15, "phone", 2)
    stale = client.post(reverse("agenda:appointment_move", args=[made.ref]), data)
    assert "Quelqu’un d’autre a modifié" in words(stale)
    client.post(reverse("agenda:appointment_cancel", args=[made.ref]), {"version": 2})
    made.refresh_from_db()
    assert made.state == AppointmentState.CANCELLED


def test_missed_then_noted_again(client, counsellor, now):
    made = make_meeting(counsellor, now=now, starts=MONDAY_9)
    url = reverse("agenda:appointment_miss", args=[made.ref])
    assert client.get(url).status_code == 200
    client.post(url, {"version": 1, "state": "excused", "reason": "health"})
    made.refresh_from_db()
    assert (made.state, made.absence_reason) == ("excused", "health")
    page = client.get(reverse("agenda:interview", args=[made.ref]))
    assert "santé" in words(page)
    client.post(reverse("agenda:appointment_reopen", args=[made.ref]), {"version": made.version})
    made.refresh_from_db()
    assert made.state == AppointmentState.PLANNED


def goal_data(number=0, **values):
    data = {"kind": "calls", "words": "Appeler 5 entreprises", "target": "5", "due": "2026-11-30"} | values
    return {f"{key}_{number}": value for key, value in data.items()}


def test_the_interview_reviews_then_sets_then_proposes_the_next(client, counsellor, now):
    enrolment = make_enrolment(counsellor)
    before = make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly",
        starts=MONDAY_9 - timedelta(days=7),
    )  # fmt: skip
    hold_appointment(
        appointment=before, new_goals=[GoalPlan("cv", "Finir le CV", date(2026, 11, 23))], version=1, by=counsellor,
        now=now,
    )  # fmt: skip
    this = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly", starts=MONDAY_9)
    goal, url = Goal.objects.get(), reverse("agenda:interview", args=[this.ref])
    page = words(client.get(url))
    assert "Finir le CV" in page and "Pour la prochaine fois" in page and 'value="2026-12-07"' in page

    unreviewed = client.post(url, {"version": 1} | goal_data())
    assert "Dites où il en est." in words(unreviewed)
    none_set = client.post(url, {"version": 1, f"goal_{goal.ref}": "reached"})
    assert "Fixez au moins un objectif" in words(none_set)
    no_words = client.post(url, {"version": 1, f"goal_{goal.ref}": "reached"} | goal_data(words=""))
    assert "Écrivez l’objectif" in words(no_words)

    held = client.post(url, {"version": 1, f"goal_{goal.ref}": "reached"} | goal_data() | goal_data(4, kind="cv"))
    assert held["Location"] == url
    this.refresh_from_db()
    assert (this.state, this.goals_set.count(), this.fact.data["goals_reached"]) == ("held", 2, 1)
    done = words(client.get(url))
    assert "Prendre ce rendez-vous" in done and "Atteint" in done
    client.post(reverse("agenda:appointment_next", args=[this.ref]))
    following = Appointment.objects.get(state="planned")
    assert following.starts == MONDAY_9 + timedelta(days=14)
    assert "Prendre ce rendez-vous" not in words(client.get(url))
    client.post(reverse("agenda:appointment_next", args=[this.ref]))
    assert Appointment.objects.filter(state="planned").count() == 1


def test_an_interview_is_set_right(client, counsellor, now):
    enrolment = make_enrolment(counsellor)
    this = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly", starts=MONDAY_9)
    url = reverse("agenda:interview_correct", args=[this.ref])
    assert client.get(url)["Location"] == reverse("agenda:interview", args=[this.ref])
    hold_appointment(
        appointment=this, new_goals=[GoalPlan("cv", "Finir le CV", date(2026, 11, 30))], version=1, by=counsellor,
        now=now,
    )  # fmt: skip
    assert 'value="Finir le CV"' in words(client.get(url))
    client.post(url, {"version": 2} | goal_data())
    assert [goal.words for goal in Goal.objects.all()] == ["Appeler 5 entreprises"]


def test_the_initial_interview_ticks_what_it_validates(client, counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    this = make_meeting(counsellor, person, now=now, action=action, type="initial", starts=MONDAY_9)
    url = reverse("agenda:interview", args=[this.ref])
    assert "le projet" in words(client.get(url)).lower()
    client.post(url, {"version": 1, "validated": ["project"]})
    this.refresh_from_db()
    assert this.validated == ["project"]
    assert "La motivation" in words(client.get(url))


def test_the_initial_interview_leads_to_the_decision_then_to_the_entry(client, counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    this = make_meeting(counsellor, person, now=now, action=action, type="initial", starts=MONDAY_9)
    url, door = (
        reverse("agenda:interview", args=[this.ref]),
        reverse("journeys:enrol_one", args=[action.ref, person.code]),
    )
    client.post(url, {"version": 1, "validated": ["project"]})
    assert client.get(url).context["way_in"] is None
    client.post(
        reverse("agenda:interview_correct", args=[this.ref]), {"version": 2, "validated": ["project", "motivation"]}
    )
    assert f'href="{door}?valide=project&amp;valide=motivation"' in words(client.get(url))
    assert client.get(f"{door}?valide=project&valide=motivation").context["form"]["validated"].value() == [
        "project",
        "motivation",
    ]
    asked = make_prescription(
        action=action, person=person, motive="job_search", agreed_on=date(2026, 11, 23), by=counsellor, now=now
    )
    decision = client.get(url).context["way_in"]["url"]
    assert decision.startswith(reverse("journeys:decide", args=[asked.ref]))
    form = client.get(decision).context["form"]
    assert (form["outcome"].value(), form["validated"].value()) == ("accepted", ["project", "motivation"])
    enrol_person(
        action=action, person=person, on=date(2026, 11, 23), validated=["project", "motivation"], by=counsellor, now=now
    )
    assert client.get(url).context["way_in"] is None


def test_a_day_to_come_shows_what_can_be_done_before(client, counsellor, now):
    made = make_meeting(counsellor, now=now)
    page = words(client.get(reverse("agenda:interview", args=[made.ref])))
    assert "L’écran de l’entretien s’ouvrira ici le jour venu" in page and "Déplacer" in page


def test_the_step_leads_to_the_appointment_of_the_parcours(client, counsellor, now):
    enrolment = make_enrolment(counsellor)
    url = reverse("agenda:interview_step", args=[enrolment.action.ref])
    new = reverse("agenda:appointment_in_action", args=[enrolment.action.ref, enrolment.person.code])
    assert client.get(url, {"parcours": enrolment.ref})["Location"] == new
    made = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    assert client.get(url, {"parcours": enrolment.ref})["Location"] == reverse("agenda:interview", args=[made.ref])
    assert client.get(url)["Location"] == reverse("agenda:action_agenda", args=[enrolment.action.ref])


def test_the_person_s_page_tells_the_next_appointment_and_the_goals(client, counsellor, now):
    enrolment = make_enrolment(counsellor)
    held = make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly", starts=MONDAY_9)
    hold_appointment(
        appointment=held, new_goals=[GoalPlan("cv", "Finir le CV", date(2026, 11, 30))], version=1, by=counsellor,
        now=now,
    )  # fmt: skip
    make_meeting(counsellor, enrolment.person, now=now, action=enrolment.action, type="weekly")
    page = words(client.get(reverse("people:person", args=[enrolment.person.code]), {"onglet": "appointments"}))
    assert "demain à 14" in page and "Finir le CV" in page and "Tenu" in page


def test_strangers_find_nothing(counsellor, client_for, now):
    made, stranger = make_meeting(counsellor, now=now), client_for(MembershipFactory())
    for name in ("interview", "appointment_move", "appointment_cancel", "appointment_miss", "appointment_reopen"):
        assert stranger.get(reverse(f"agenda:{name}", args=[made.ref])).status_code == 404
    assert stranger.post(reverse("agenda:appointment_next", args=[made.ref])).status_code == 404
    steering = client_for(colleague_of(counsellor, role="steering"))
    assert steering.get(reverse("agenda:interview", args=[made.ref])).status_code == 403


def test_the_action_s_tab_says_who_has_no_next_appointment(client, counsellor, now):
    enrolment = make_enrolment(counsellor)
    other = make_enrolment(counsellor, enrolment.action)
    make_meeting(counsellor, other.person, now=now, action=enrolment.action, type="weekly")
    url = reverse("journeys:action", args=[enrolment.action.ref])
    page = words(client.get(url, {"onglet": "appointments"}))
    assert "Fixer" in page and "demain à 14" in page
    without = words(client.get(url, {"onglet": "appointments", "suite": "sans"}))
    assert enrolment.person.full_name in without and other.person.full_name not in without
