"""Orienting, deciding, waiting and entering by groups, as each one meets them on the screen."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.journeys.models import Decision, Enrolment, Group, Prescription, StaffMember, WaitingEntry
from essaim.journeys.operations import add_partner, assign_staff, call_next, decide_prescription, join_queue
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import (
    VALIDATED,
    make_action,
    make_eligible,
    make_enrolment,
    make_group,
    make_partner_plan,
    make_prescription,
)
from tests.factories.people import PersonFactory, colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def agency():
    return MembershipFactory(organisation=OrganisationFactory(kind="employment_service", name="Agence du port"))


@pytest.fixture
def club(manager, agency):
    return make_action(manager, partners=[make_partner_plan(agency.organisation)])


@pytest.fixture
def team(client_for, manager):
    return client_for(manager)


@pytest.fixture
def prescriber(client_for, agency):
    return client_for(agency)


def url(name, *arguments):
    return reverse(f"journeys:{name}", args=arguments)


def tab(action, key):
    return f"{url('action', action.ref)}?onglet={key}"


def sent(**values):
    return {"form_key": str(uuid4())} | values


def test_orienting_from_a_file_takes_three_pages(prescriber, agency, club):
    person = make_eligible(agency)
    assertContains(prescriber.get(reverse("people:person", args=[person.code])), url("destinations", person.code))
    page = prescriber.get(url("destinations", person.code))
    assertContains(page, "Places et attente au 23 novembre")
    assertContains(page, "18 places libres")
    assertContains(page, url("prescribe_one", club.ref, person.code))
    data = sent(motive="isolation", letter="Elle n’ose plus téléphoner.", agreed_on="2026-11-20")
    answers = [prescriber.post(url("prescribe_one", club.ref, person.code), data) for _ in range(2)]
    made = Prescription.objects.get()
    assert {answer.url for answer in answers} == {url("prescription", made.ref)}
    assertContains(prescriber.get(url("prescription", made.ref)), "Elle n’ose plus téléphoner.")
    assertContains(prescriber.get(url("prescription_list")), person.full_name)
    assertContains(prescriber.get(url("destinations", person.code)), "déjà orientée")


def test_orienting_from_the_action(prescriber, agency, club):
    person = make_eligible(agency, first_name="Awa")
    assertContains(prescriber.get(url("action", club.ref)), "Orienter quelqu’un")
    page = prescriber.get(url("prescribe", club.ref), {"q": "awa"})
    assertContains(page, url("prescribe_one", club.ref, person.code))
    assertContains(prescriber.get(url("prescribe", club.ref), {"q": "zzz"}), "Personne de ce nom")


def test_what_is_refused_is_told_and_kept(prescriber, agency, club):
    person = make_eligible(agency)
    page = prescriber.post(url("prescribe_one", club.ref, person.code), sent(letter="Bonjour", agreed_on="2027-01-01"))
    assert set(page.context["form"].errors) == {"motive", "agreed_on"}
    assertContains(page, "Bonjour")
    assert not Prescription.objects.exists()


def test_a_family_that_does_not_prescribe_finds_no_button(client_for, manager, club):
    other = MembershipFactory(organisation=OrganisationFactory(kind="training_centre"))
    add_partner(action=club, plan=make_partner_plan(other.organisation), by=manager, now=club.created_at)
    client, person = client_for(other), make_eligible(other)
    assertNotContains(client.get(url("action", club.ref)), "Orienter quelqu’un")
    assertContains(client.get(url("destinations", person.code)), "Pas par votre organisation")
    assert client.get(url("prescribe_one", club.ref, person.code)).status_code == 404


def test_the_team_examines_then_accepts_and_enters(team, manager, agency, club):
    asked = make_prescription(agency, club, letter="Prête à venir tous les jours.")
    page = team.get(tab(club, "received"))
    assertContains(page, asked.person.full_name)
    assertContains(page, "réponse avant le")
    page = team.get(url("prescription", asked.ref))
    assertContains(page, "Prête à venir tous les jours.")
    assertContains(page, "Remplie", 4)
    assert team.post(url("receive", asked.ref)).url == url("prescription", asked.ref)
    data = {"version": 1, "outcome": "accepted", "on": "2026-11-23", "validated": VALIDATED, "explanation": "Bienvenue"}
    answer = team.post(url("decide", asked.ref), data)
    assert answer.url == url("enrol_one", club.ref, asked.person.code)
    entry = team.get(answer.url)
    assert entry.context["form"].initial["validated"] == list(VALIDATED)
    team.post(answer.url, sent(on="2026-11-23", validated=VALIDATED))
    assert Decision.objects.get().enrolment == Enrolment.objects.get()


def test_the_prescriber_reads_the_answer_at_once(team, prescriber, agency, club):
    asked = make_prescription(agency, club)
    data = {"version": 1, "outcome": "refused", "reason": "project", "on": "2026-11-23", "explanation": "Au printemps"}
    assert team.post(url("decide", asked.ref), data).url == tab(club, "received")
    page = prescriber.get(url("prescription", asked.ref))
    assertContains(page, "projet pas encore défini")
    assertContains(page, "Au printemps")
    assertContains(prescriber.get(url("prescription_list")), "Refusée")
    file = prescriber.get(reverse("people:person", args=[asked.person.code]), {"onglet": "parcours"})
    assertContains(file, "projet pas encore défini")


def test_a_decision_refused_by_the_operation_is_told(team, agency, club):
    asked = make_prescription(agency, club)
    page = team.post(url("decide", asked.ref), {"version": 1, "outcome": "refused", "on": "2026-11-23"})
    assert "reason" in page.context["form"].errors
    page = team.post(url("decide", asked.ref), {"version": 9, "outcome": "accepted", "on": "2026-11-23"})
    assertContains(page, "Quelqu’un d’autre a modifié cette fiche")


def test_a_file_closed_is_no_longer_named_to_the_team(team, manager, agency, club, now):
    asked = make_prescription(agency, club, letter="Confidence")
    decide_prescription(
        prescription=asked, outcome="refused", reason="other", on=asked.made_on, version=1, by=manager, now=now
    )
    page = team.get(f"{tab(club, 'received')}&orientations=toutes")
    assertContains(page, "Dossier refermé")
    for address in (f"{tab(club, 'received')}&orientations=toutes", url("prescription", asked.ref)):
        assertNotContains(team.get(address), asked.person.last_name)
        assertNotContains(team.get(address), "Confidence")
    assert team.get(url("decide", asked.ref)).status_code == 404
    decision = Decision.objects.get()
    assert team.get(url("undo_decision", asked.ref, decision.ref)).status_code == 200
    team.post(url("undo_decision", asked.ref, decision.ref), sent())
    assertContains(team.get(tab(club, "received")), asked.person.last_name)


def test_a_prescriber_sees_her_own_orientations_and_nobody_else(prescriber, agency, manager, club):
    mine, other = make_prescription(agency, club), make_prescription(manager, club)
    inside = make_enrolment(manager, club)
    page = prescriber.get(url("prescription_list"))
    assertContains(page, mine.person.last_name)
    assertNotContains(page, other.person.last_name)
    assert prescriber.get(url("prescription", other.ref)).status_code == 404
    assertNotContains(prescriber.get(url("action", club.ref)), inside.person.last_name)
    for name in ("received", "queue", "groups"):
        page = prescriber.get(tab(club, name))
        assertNotContains(page, other.person.last_name)
        assertNotContains(page, inside.person.last_name)
    for name in ("receive", "decide"):
        assert prescriber.post(url(name, mine.ref), {}).status_code == 404


def test_an_outsider_and_a_funder_find_nothing(client_for, manager, agency, club, now):
    asked = make_prescription(agency, club)
    entry = join_queue(action=club, person=make_eligible(manager), by=manager, now=now)
    group = make_group(manager, club)
    addresses = [
        url("prescription", asked.ref),
        url("decide", asked.ref),
        url("withdraw", asked.ref),
        url("prescribe", club.ref),
        url("prescribe_one", club.ref, asked.person.code),
        url("destinations", asked.person.code),
        url("call", club.ref),
        url("leave", club.ref, entry.pk),
        url("join", club.ref, asked.person.code),
        url("group_edit", club.ref, group.ref),
        url("staff_new", club.ref),
    ]
    outsider = client_for(MembershipFactory(manager=True))
    assert {outsider.get(address).status_code for address in addresses} == {404}
    funder = client_for(colleague_of(manager, funder=True))
    assert {funder.get(address).status_code for address in addresses} <= {403, 404}
    page = funder.get(url("action", club.ref))
    for word in ("Orientations", "Liste d’attente", asked.person.last_name):
        assertNotContains(page, word)


def test_a_protected_person_is_not_named_in_the_lists_of_the_team(team, agency, club):
    asked = make_prescription(agency, club, PersonFactory(held_by=agency, is_protected=True))
    page = team.get(tab(club, "received"))
    assertContains(page, "Dossier protégé")
    assertNotContains(page, asked.person.last_name)
    assertContains(team.get(url("prescription", asked.ref)), asked.person.last_name)


def test_withdrawing(prescriber, agency, club):
    asked = make_prescription(agency, club)
    assertContains(prescriber.get(url("withdraw", asked.ref)), "se referme aussitôt")
    assert prescriber.post(url("withdraw", asked.ref), {"version": 1}).url == url("prescription_list")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_queue_in_order_then_the_place(team, manager, club, now):
    club.places = 1
    club.save()
    first, second = make_eligible(manager), make_eligible(manager)
    for person in (first, second):
        assert team.post(url("join", club.ref, person.code), sent()).url == tab(club, "queue")
    page = team.get(tab(club, "queue"))
    assert [entry.rank for entry, _ in page.context["entries"]] == [1, 2]
    assertContains(page, "Proposer la place")
    assert team.post(url("call", club.ref), sent(answer_by="2026-11-27")).url == tab(club, "queue")
    entry = WaitingEntry.objects.get(person=first)
    page = team.get(tab(club, "queue"))
    assertContains(page, "réponse avant le")
    assertContains(page, "Aucune place à proposer")
    assert team.post(url("accept_place", club.ref, entry.pk)).url == url("enrol_one", club.ref, first.code)
    team.post(url("leave", club.ref, entry.pk), sent(reason="unavailable"))
    entry.refresh_from_db()
    assert entry.state == "declined"
    other = WaitingEntry.objects.get(person=second)
    team.post(url("leave", club.ref, other.pk), sent(reason="not_wanted"))
    assertContains(team.get(tab(club, "queue")), "Personne n’attend")
    assert team.post(url("accept_place", club.ref, other.pk)).url == tab(club, "queue")
    assertContains(team.post(url("call", club.ref), sent(answer_by="2026-11-27")), "Plus personne")


def test_the_loser_of_the_last_place_is_offered_the_list(team, manager, club):
    club.places = 1
    club.save()
    person = make_eligible(manager)
    page = team.get(url("enrol_one", club.ref, person.code))
    assertNotContains(page, "Mettre en liste d’attente")
    make_enrolment(manager, club)
    page = team.post(url("enrol_one", club.ref, person.code), sent(on="2026-11-23", validated=VALIDATED))
    assertContains(page, "La dernière place vient d’être prise")
    assertContains(page, "Mettre en liste d’attente")
    team.post(url("join", club.ref, person.code), {"form_key": page.context["join_form"]["form_key"].value()})
    assert WaitingEntry.objects.get().person == person


def test_groups_from_the_fiche_then_one_by_one(team, manager, club):
    assertContains(team.get(tab(club, "groups")), "Créer les 3 clubs")
    team.post(url("groups_propose", club.ref))
    page = team.get(tab(club, "groups"))
    assertContains(page, "Club 3")
    team.post(url("groups_propose", club.ref))
    assert Group.objects.count() == 3
    assert team.post(url("group_new", club.ref), sent(name="Club de l’Est", places="16")).url == tab(club, "groups")
    group = Group.objects.get(name="Club de l’Est")
    page = team.post(url("group_new", club.ref), sent(name="Trop grand", places="40"))
    assert "places" in page.context["form"].errors
    data = {"version": 1, "name": "Est", "places": "17", "facilitator": str(manager.user.uuid), "venue": "Agence"}
    team.post(url("group_edit", club.ref, group.ref), data)
    group.refresh_from_db()
    assert (group.name, group.places, group.facilitator, group.venue) == ("Est", 17, manager.user, "Agence")
    team.post(url("group_close", club.ref, group.ref), {"version": 2, "on": "2026-11-23"})
    assertContains(team.get(tab(club, "groups")), "fermé le")


def test_entering_a_group_and_changing(team, manager, club):
    north, south = make_group(manager, club, "Nord"), make_group(manager, club, "Sud")
    person = make_eligible(manager)
    page = team.get(url("enrol_one", club.ref, person.code))
    assertContains(page, "Nord (18 places libres)")
    assertContains(page, "La motivation")
    page = team.post(url("enrol_one", club.ref, person.code), sent(on="2026-11-23", validated=["project"]))
    assert set(page.context["form"].errors) == {"group"}
    data = sent(on="2026-11-23", validated=["project"], group=north.ref)
    page = team.post(url("enrol_one", club.ref, person.code), data)
    assert set(page.context["form"].errors) == {"validated"}
    team.post(url("enrol_one", club.ref, person.code), data | {"validated": VALIDATED})
    enrolment = Enrolment.objects.get()
    assert enrolment.group == north
    file = team.get(reverse("people:person", args=[person.code]), {"onglet": "parcours"})
    assertContains(file, url("move", club.ref, enrolment.ref))
    team.post(url("move", club.ref, enrolment.ref), {"version": 1, "group": south.ref})
    enrolment.refresh_from_db()
    assert enrolment.group == south


def test_the_team_of_the_action(team, manager, club):
    group = make_group(manager, club)
    data = sent(user=str(manager.user.uuid), role="coordinator", fte="0,5", starts="2026-01-05", group=group.ref)
    assert team.post(url("staff_new", club.ref), data).url == tab(club, "groups")
    member = StaffMember.objects.get()
    assertContains(team.get(tab(club, "groups")), "coordination (Club 1)")
    team.post(url("staff_end", club.ref, member.pk), sent(on="2026-06-30"))
    member.refresh_from_db()
    assert str(member.ends) == "2026-06-30"
    assert team.get(url("staff_end", club.ref, 0)).status_code == 404


@pytest.mark.parametrize("name", ["received", "queue", "groups"])
def test_a_tab_reads_as_much_for_three_as_for_one(team, manager, agency, club, now, name):
    def fill(index):
        make_prescription(agency, club)
        asked = make_prescription(agency, club)
        decide_prescription(prescription=asked, outcome="waitlisted", on=asked.made_on, version=1, by=manager, now=now)
        make_group(manager, club, f"Club {index}")
        assign_staff(action=club, name=f"Léo {index}", role="mentor", starts=club.starts, by=manager, now=now)

    def count():
        with CaptureQueriesContext(connection) as captured:
            team.get(tab(club, name))
        return len(captured)

    fill(1)
    count()
    before = count()
    fill(2)
    fill(3)
    assert count() == before


def test_my_orientations_read_as_much_for_three_as_for_one(prescriber, agency, club):
    def count():
        with CaptureQueriesContext(connection) as captured:
            prescriber.get(url("prescription_list"))
        return len(captured)

    make_prescription(agency, club)
    count()
    before = count()
    make_prescription(agency, club)
    make_prescription(agency, club)
    assert count() == before


def test_the_call_of_a_full_group_is_told(team, manager, club, now):
    group = make_group(manager, club, places=15)
    for _ in range(15):
        make_enrolment(manager, club, group=group)
    join_queue(action=club, person=make_eligible(manager), by=manager, now=now)
    page = team.post(url("call", club.ref), sent(answer_by="2026-11-27", group=group.ref))
    assert "group" in page.context["form"].errors
    assert call_next(action=club, by=manager, now=now).group is None
