"""The screens of sessions: planned, registered, recorded, printed; what they refuse; how many queries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from essaim.agenda.models import Attendance, PlannedSession, Registration, Room
from essaim.agenda.operations import record_attendance, register, register_group
from essaim.journal.models import Fact
from essaim.journeys.operations import add_partner
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_session
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory()


@pytest.fixture
def action(by):
    return make_action(by)


@pytest.fixture
def client(client_for, by):
    return client_for(by)


def url(name, *args):
    return reverse(f"agenda:{name}", args=args)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rooms_are_added_changed_and_closed(client, by):
    assert "Aucun lieu" in page(client, url("room_list"))
    data = {"form_key": uuid4(), "name": "Grande salle", "capacity": "12", "equipment": "8 ordinateurs"}
    assert client.post(url("room_new"), data).status_code == 302
    assert client.post(url("room_new"), data).status_code == 302
    room = Room.objects.get()
    assert "Grande salle" in page(client, url("room_list"))
    answer = client.post(url("room", room.ref), {"version": 1, "name": "Salle bleue", "capacity": ""})
    assert answer.status_code == 302 and Room.objects.get().name == "Salle bleue"
    answer = client.post(url("room_close", room.ref), {"version": 2, "on": "2026-11-23"})
    assert answer.status_code == 302 and Room.objects.get().closed_on == date(2026, 11, 23)
    assert client.post(url("room_close", room.ref), {"version": 3}).status_code == 302
    assert Room.objects.get().closed_on is None
    RoomFactory(organisation=by.organisation, name="Autre")
    answer = client.post(url("room", room.ref), {"version": 4, "name": "Autre"})
    assert "porte déjà ce nom" in answer.content.decode()
    assert client.get(url("room_list") + "?format=csv").content.decode().count("\n") == 3


def form_of(**values):
    return {
        "form_key": uuid4(),
        "kind": "group",
        "title": "Demi-journée",
        "day": "2026-11-24",
        "starts_at": "9h",
        "ends_at": "12:00",
    } | values


def test_a_session_is_planned_with_its_people(client, by, action):
    make_enrolment(by, action)
    assert "Demi-journées en groupe" in page(client, url("session_new", action.ref) + "?etape=half_days")
    data = form_of(registers="on")
    answer = client.post(url("session_new", action.ref) + "?etape=half_days", data)
    planned = PlannedSession.objects.get()
    assert answer["Location"] == url("session", planned.session.ref)
    assert client.post(url("session_new", action.ref) + "?etape=half_days", data)["Location"] == answer["Location"]
    assert (planned.step, planned.starts, Registration.objects.count()) == ("half_days", TOMORROW, 1)


def test_a_series_is_planned_and_tells_its_holidays(client, action):
    answer = client.post(
        url("session_new", action.ref) + "?etape=",
        form_of(day="2026-12-18", last_day="2026-12-31", weekdays=["5"]),
        follow=True,
    )
    assert "Noël" in answer.content.decode()
    assert [one.starts.day for one in PlannedSession.objects.all()] == [18]


def test_a_series_without_a_day_left_is_refused_then_planned(client, action):
    address = url("session_new", action.ref) + "?etape=half_days"
    answer = client.post(address, form_of(weekdays=["2"]))
    assert "jusqu’à quand" in answer.content.decode()
    answer = client.post(address, form_of(weekdays=["2", "4"], last_day="2026-12-31"), follow=True)
    assert PlannedSession.objects.count() == 12
    assert "12 séances sont planifiées" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"starts_at": "25h"}, "n’existe pas"),
        ({"starts_at": "tôt"}, "Écrivez une heure"),
        ({"ends_at": "8h30"}, "finit après son début"),
        ({"day": "2027-03-01"}, "L’action va du"),
        ({"title": ""}, "À remplir"),
    ],
)
def test_a_session_refused_says_why(client, action, values, words):
    answer = client.post(url("session_new", action.ref), form_of(**values))
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not PlannedSession.objects.exists()


def test_week_one_is_planned_in_one_click(client, by, action):
    enrolment = make_enrolment(by, action, on=date(2026, 11, 23))
    assert "se définir" in page(client, url("training_new", action.ref, "week1")).lower()
    data = {"form_key": uuid4(), "first_day": "2026-11-30", "starts_at": "9h", "ends_at": "12h", "registers": "on"}
    assert client.post(url("training_new", action.ref, "week1"), data).status_code == 302
    assert PlannedSession.objects.count() == 5
    assert Registration.objects.filter(person=enrolment.person).count() == 5
    assert client.get(url("training_new", action.ref, "half_days")).status_code == 404
    data["form_key"] = uuid4()
    assert "déjà planifié" in client.post(url("training_new", action.ref, "week1"), data).content.decode()


def test_the_tab_lists_sessions_to_come_and_those_to_record(client, by, action):
    make_session(by, action, title="Téléphone")
    make_session(by, action, title="Bientôt", starts=TOMORROW)
    tab = reverse("journeys:action", args=[action.ref]) + "?onglet=sessions"
    assert client.get(url("session_list", action.ref)).status_code == 302
    found = page(client, tab)
    assert "Bientôt" in found and "Téléphone" not in found and "1 séance attend" in found
    assert "Téléphone" in page(client, f"{tab}&s-moment=to_record")
    file = client.get(url("session_file", action.ref) + "?s-moment=toutes&s-format=csv")
    assert file.content.decode().count("\n") == 3
    assert client.get(url("session_file", action.ref) + "?s-format=xlsx").status_code == 200


def test_a_session_is_changed_and_cancelled(client, by, action):
    planned = make_session(by, action, starts=TOMORROW)
    ref = planned.session.ref
    data = {**form_of(day="2026-11-26", title="Autre"), "version": 1}
    assert client.post(url("session_edit", ref), data).status_code == 302
    planned.refresh_from_db()
    assert (planned.session.title, planned.starts) == ("Autre", TOMORROW + timedelta(days=2))
    assert "Quelqu’un d’autre" in client.post(url("session_edit", ref), data).content.decode()
    assert "Annuler" in page(client, url("session_cancel", ref))
    assert client.post(url("session_cancel", ref), {"version": 2}).status_code == 302
    assert client.get(url("session_cancel", ref)).status_code == 404
    assert client.get(url("attendance", ref)).status_code == 404
    assert "Annulée" in page(client, url("session", ref))


def test_people_are_registered_from_the_page(client, by, action):
    planned = make_session(by, action, starts=TOMORROW, capacity=1)
    one, two = make_enrolment(by, action).person, make_enrolment(by, action).person
    ref = planned.session.ref
    assert one.full_name in page(client, url("session", ref))
    answer = client.post(url("register_people", ref), {"personne": one.code}, follow=True)
    assert "est inscrite" in answer.content.decode()
    answer = client.post(url("register_people", ref), {"personne": two.code}, follow=True)
    assert "complète" in answer.content.decode()
    assert client.post(url("register_people", ref), {"personne": PersonFactory().code}).status_code == 404
    client.post(url("unregister_person", ref, one.code))
    answer = client.post(url("register_people", ref), follow=True)
    assert "1 personne est inscrite" in answer.content.decode() and "complète" in answer.content.decode()


def sheet(planned, states, **values):
    data = {"version": planned.version}
    for person, state in states.items():
        data |= {f"etat-{person.code}": state, f"heures-{person.code}": "3", f"motif-{person.code}": "health"}
    return data | values


def test_attendance_is_recorded_in_one_save(client, by, action):
    planned = make_session(by, action)
    one, two, three = (make_enrolment(by, action).person for _ in range(3))
    register_group(planned=planned, by=by, now=TOMORROW)
    address = url("attendance", planned.session.ref)
    assert page(client, address).count("data-att-line") == 3
    assert page(client, address + "?presentes").count(" checked") == 3
    answer = client.post(address, sheet(planned, {one: "present", two: "absent", three: ""}))
    assert answer["Location"] == url("session", planned.session.ref)
    assert {row.person: (row.state, row.reason) for row in Attendance.objects.all()} == {
        one: ("present", ""),
        two: ("absent", "health"),
    }
    assert "health" not in str(list(Fact.objects.values_list("data", flat=True)))
    found = page(client, url("session", planned.session.ref))
    assert "Présente" in found and "santé" in found and "Pas notée" in found
    assert "Quelqu’un d’autre" in client.post(address, sheet(planned, {one: "absent"})).content.decode()
    planned.refresh_from_db()
    client.post(address, sheet(planned, {one: "", two: "excused"}))
    assert Attendance.objects.get().state == "excused"


def test_someone_else_came(client, by, action):
    planned = make_session(by, action)
    one, guest = make_enrolment(by, action).person, make_enrolment(by, action).person
    register(planned=planned, person=one, by=by, now=TOMORROW)
    address = url("attendance", planned.session.ref)
    typed = sheet(planned, {one: "absent"}, ajouter="1", personne=guest.code)
    found = client.post(address, typed).content.decode()
    assert not Attendance.objects.exists()
    assert found.count("data-att-line") == 2 and f'name="ajout" value="{guest.code}"' in found
    assert client.post(address, sheet(planned, {}, ajouter="1")).status_code == 200
    client.post(address, sheet(planned, {one: "absent", guest: "present"}, ajout=guest.code))
    assert {row.person: row.state for row in Attendance.objects.all()} == {one: "absent", guest: "present"}


def test_attendance_refused_says_why(client, by, action):
    one = make_enrolment(by, action).person
    coming = make_session(by, action, starts=TOMORROW)
    register(planned=coming, person=one, by=by, now=TOMORROW)
    address = url("attendance", coming.session.ref)
    assert "n’a pas commencé" in page(client, address)
    assert "pas encore commencé" in client.post(address, sheet(coming, {one: "present"})).content.decode()
    past = make_session(by, action)
    register_group(planned=past, by=by, now=TOMORROW)
    typed = sheet(past, {one: "present"}, **{f"heures-{one.code}": "beaucoup"})
    assert "Écrivez un nombre" in client.post(url("attendance", past.session.ref), typed).content.decode()


def test_attendance_is_cancelled(client, by, action, now):
    one = make_enrolment(by, action).person
    planned = record_attendance(
        planned=make_session(by, action), rows=[(one, "present", Decimal(3), "")], by=by, now=now
    )
    address = url("attendance_cancel", planned.session.ref)
    assert "Annuler les présences" in page(client, address)
    assert client.post(address, {"version": planned.version}).status_code == 302
    assert not Attendance.objects.exists()
    assert client.get(address).status_code == 404


def test_the_sign_in_sheet_is_printed_without_protected_people(client, by, action):
    planned = make_session(by, action, starts=TOMORROW, ends=TOMORROW + timedelta(hours=8))
    make_enrolment(by, action)
    register_group(planned=planned, by=by, now=TOMORROW)
    answer = client.get(url("sheet_pdf", planned.session.ref))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert "emargement-2026-11-24" in answer["Content-Disposition"]


def test_a_person_shows_her_attendance(client, by, action, now):
    enrolment = make_enrolment(by, action)
    planned = make_session(by, action, title="Téléphone", starts=datetime(2026, 11, 23, 7, tzinfo=UTC))
    record_attendance(planned=planned, rows=[(enrolment.person, "present", Decimal(1), "")], by=by, now=now)
    found = page(client, reverse("people:person", args=[enrolment.person.code]) + "?onglet=presence")
    assert "Téléphone" in found and "1 jour sur 5 cette semaine" in found


def test_a_partner_team_sees_only_its_people(client_for, by, action, now):
    partner = MembershipFactory()
    add_partner(action=action, plan=make_partner_plan(partner.organisation, sees_people=True), by=by, now=now)
    protected = make_eligible(by, protected=True)
    hidden = make_enrolment(by, action, protected).person
    planned = make_session(by, action)
    register_group(planned=planned, by=by, now=TOMORROW)
    PersonFactory._meta.model.objects.get(pk=hidden.pk).grants.filter(organisation=partner.organisation).update(
        until=now
    )
    found = page(client_for(partner), url("session", planned.session.ref))
    assert hidden.last_name not in found and "dont le dossier ne vous est pas ouvert" in found
    AccessGrantFactory(person=hidden, organisation=partner.organisation)
    assert hidden.last_name in page(client_for(partner), url("attendance", planned.session.ref))


def fill(by, action, planned, people):
    for _ in range(people):
        person = PersonFactory(held_by=by)
        Registration.objects.create(planned=planned, person=person)


@pytest.mark.parametrize("name", ["attendance", "session"])
def test_a_sheet_of_a_thousand_asks_as_many_queries(client, by, action, name):
    small, large = make_session(by, action), make_session(by, action, starts=TOMORROW - timedelta(days=6))
    fill(by, action, small, 1)
    model, organisation = PersonFactory._meta.model, by.organisation
    people = model.objects.bulk_create(
        [
            model(first_name=f"P{n}", last_name=f"N{n}", referent_organisation=organisation, search_key=f"n{n}")
            for n in range(1000)
        ]
    )
    grant = AccessGrantFactory._meta.model
    grant.objects.bulk_create(
        [
            grant(
                person=one,
                organisation=organisation,
                scope="referent",
                reason="test",
                origin="referent",
                since=TOMORROW - timedelta(days=30),
            )
            for one in people
        ]
    )
    Registration.objects.bulk_create([Registration(planned=large, person=one) for one in people])
    counts = []
    for planned in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = page(client, url(name, planned.session.ref))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "N999" in found


def test_the_list_asks_as_many_queries_for_three_as_for_one(client, by, action):
    counts = []
    for _ in range(2):
        make_session(by, action, starts=TOMORROW + timedelta(days=len(counts)))
        with CaptureQueriesContext(connection) as asked:
            page(client, reverse("journeys:action", args=[action.ref]) + "?onglet=sessions")
        counts.append(len(asked))
        make_session(by, action, starts=TOMORROW + timedelta(days=5))
    assert counts[0] == counts[1]
