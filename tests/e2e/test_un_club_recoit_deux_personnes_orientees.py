"""Two people oriented: one takes the twentieth place and signs the contract, the other waits for the next one."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.club import TITLE, Club, Visit, count_pages

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def orient_from_the_agency(visit: Visit, club: Club, person) -> None:
    visit.sit(club.odile, "2026-03-02 09:00")
    visit.go("people:person", person.code, onglet="parcours")
    visit.look("agence-personne")
    visit.follow("Orienter vers une action")
    visit.reads(TITLE, "1 place libre")
    visit.look("agence-destinations")
    visit.main.get_by_role("link", name=f"Orienter vers {TITLE}").click()
    visit.choose("motive", "rompre l’isolement")
    visit.fill(letter="Cherche seule depuis huit mois, voudrait un cadre.")
    visit.look("agence-orienter")
    visit.press("Orienter vers l’action")
    visit.title("Inès Abadène")
    visit.reads("Pas encore de réponse.")
    visit.look("agence-orientation")
    visit.go("journeys:prescription_list")
    visit.look("agence-orientations")


def orient_from_inside(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-02 10:00")
    visit.go("journeys:action", club.action.ref)
    visit.follow("Orienter quelqu’un")
    visit.fill(q="Bouvereau")
    visit.press("Chercher")
    visit.look("orienter-choisir")
    visit.follow("Léa Bouvereau")
    visit.choose("motive", "apprendre à chercher")
    visit.press("Orienter vers l’action")
    visit.title("Léa Bouvereau")


def receive(visit: Visit, club: Club) -> None:
    visit.go("journeys:action", club.action.ref, onglet="received")
    visit.reads("Inès Abadène", "Léa Bouvereau", "Agence des Rives")
    visit.look("orientations-recues")
    visit.main.get_by_role("row").filter(has_text="Abadène").get_by_role("link", name="Examiner").click()
    visit.reads("voudrait un cadre")
    visit.press("Marquer comme lue")
    visit.reads("Lue")
    visit.look("orientation-lue")


def fix_the_first_interview(visit: Visit, club: Club, person) -> None:
    visit.go("agenda:appointment_in_action", club.action.ref, person.code)
    visit.choose("type", "entretien initial")
    visit.fill(day="2026-03-03", at="10:00")
    visit.look("rendez-vous-nouveau")
    visit.press("Prendre le rendez-vous")
    visit.reads("Ce rendez-vous est à venir.")
    visit.look("rendez-vous-prevu")


def hold_the_first_interview(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-03 08:00")
    line = visit.todo("Inès Abadène")
    expect(line.filter(has_text="10 h")).to_have_count(1)
    visit.look("a-faire-entretien")
    visit.sit(club.awa, "2026-03-03 10:30")
    visit.todo("Inès Abadène").filter(has_text="ntretien").locator(".todo-do a").first.click()
    visit.title("Entretien, Inès Abadène")
    visit.tick("le projet")
    visit.tick("la motivation")
    visit.look("entretien-initial")
    visit.press("Enregistrer l’entretien")
    visit.reads("Et maintenant, l’entrée")
    visit.look("entretien-tenu")


def accept_and_enter(visit: Visit) -> None:
    visit.follow("Décider de l’entrée")
    expect(visit.page.get_by_label("Acceptée", exact=True)).to_be_checked()
    visit.look("decider")
    visit.press("Enregistrer la décision")
    visit.title("Inscrire Inès Abadène")
    visit.page.locator("select[name=group]").select_option(index=1)
    visit.look("inscrire")
    visit.press("Inscrire dans l’action")
    visit.reads("Inès Abadène")


def sign_the_contract(visit: Visit, club: Club, person) -> None:
    expect(visit.todo("Inès Abadène").filter(has_text="ontrat")).to_have_count(1)
    visit.look("a-faire-contrat")
    visit.go("people:person", person.code, onglet="parcours")
    visit.look("personne-parcours")
    visit.follow("Contrat entre le jeune et le club")
    visit.look("contrat-a-signer")
    assert count_pages(visit.file("Imprimer")) == 1
    for who in ("Inès Abadène", "Awa Diarrelle"):
        visit.page.get_by_role("radio", name=who).check()
        visit.press("Enregistrer la signature")
        visit.reads("La signature est enregistrée.")
    expect(visit.main.get_by_text("Signé", exact=True)).to_be_visible()
    visit.look("contrat-signe")
    assert count_pages(visit.file("Imprimer")) == 1
    expect(visit.todo("Inès Abadène").filter(has_text="ontrat")).to_have_count(0)


def put_the_next_on_the_list(visit: Visit, club: Club) -> None:
    visit.go("journeys:action", club.action.ref)
    visit.reads("20")
    visit.look("action-pleine")
    visit.go("journeys:action", club.action.ref, onglet="received")
    visit.main.get_by_role("row").filter(has_text="Bouvereau").get_by_role("link", name="Examiner").click()
    visit.follow("Décider")
    visit.tick("En liste d’attente")
    visit.press("Enregistrer la décision")
    visit.go("journeys:action", club.action.ref, onglet="queue")
    row = visit.main.get_by_role("row").filter(has_text="Bouvereau")
    expect(row).to_contain_text("1")
    visit.reads("Aucune place à proposer")
    visit.look("liste-d-attente")


def snooze(visit: Visit) -> None:
    line = visit.todo("Inès Abadène").filter(has_text="prochain rendez-vous")
    expect(line).to_have_count(1)
    line.get_by_role("link", name="Repousser").click()
    visit.look("repousser")
    visit.tick("convenu avec la personne")
    visit.press("Repousser")
    visit.reads("Ce rappel reviendra le")
    expect(visit.todo("Inès Abadène").filter(has_text="prochain rendez-vous")).to_have_count(0)


def test_two_people_are_oriented_the_last_place_is_taken_and_the_next_one_waits(visit: Visit):
    club = Club()
    for number in range(19):
        club.entered(f"Prénom{number}", f"Déjàlà{number}", on=date(2026, 2, 2))
    ines = club.oriented(club.odile, "Inès", "Abadène")
    club.oriented(club.awa, "Léa", "Bouvereau")
    orient_from_the_agency(visit, club, ines)
    orient_from_inside(visit, club)
    receive(visit, club)
    fix_the_first_interview(visit, club, ines)
    hold_the_first_interview(visit, club)
    accept_and_enter(visit)
    sign_the_contract(visit, club, ines)
    put_the_next_on_the_list(visit, club)
    snooze(visit)
    visit.sit(club.odile)
    visit.go("journeys:prescription_list")
    visit.reads("Acceptée")
