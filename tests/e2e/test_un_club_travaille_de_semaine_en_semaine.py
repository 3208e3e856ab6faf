"""Week after week: sessions and who came, objectives set then reviewed, employers, a job interview, a CDI."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.club import Club, Visit, count_pages, figure

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ENTRY = date(2026, 3, 2)
COMPANY = "Boulangerie Malvoisin"


def plan_the_training(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-02 08:40")
    visit.go("journeys:action", club.action.ref, onglet="sessions")
    visit.look("seances-vides")
    visit.follow("Planifier « Semaine 1 : s’entraîner »")
    visit.fill(first_day="2026-03-02", starts_at="09:00", ends_at="12:00")
    visit.choose("group", "Club 1")
    visit.look("planifier-entrainement")
    visit.press("Planifier l’entraînement")
    visit.reads("séances sont planifiées")
    visit.look("seances-entrainement")


def plan_the_half_days(visit: Visit) -> None:
    visit.follow("Planifier une séance")
    visit.follow("Demi-journées en groupe")
    visit.fill(title="Demi-journée du club", day="2026-03-10", starts_at="09:00", ends_at="12:00")
    visit.choose("group", "Club 1")
    visit.tick("mardi")
    visit.tick("jeudi")
    visit.fill(last_day="2026-03-26")
    visit.look("planifier-demi-journees")
    visit.press("Planifier")
    visit.reads("6 séances sont planifiées.")


def note_attendance_by_keyboard(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-02 12:10")
    line = visit.todo("Présences à noter").first
    line.get_by_role("link").last.scroll_into_view_if_needed()
    visit.look("a-faire-presences")
    visit.go("journeys:action", club.action.ref, onglet="sessions")
    visit.follow("Les noter")
    visit.main.get_by_role("row").nth(1).get_by_role("link").first.click()
    visit.look("seance")
    assert count_pages(visit.file("Feuille d’émargement")) == 1
    visit.follow("Noter les présences")
    visit.look("presences")
    visit.reads("3 à noter")
    keyboard = visit.page.keyboard
    keyboard.press("p")
    keyboard.press("e")
    keyboard.type("sa")
    keyboard.press("Enter")
    keyboard.press("p")
    keyboard.press("Enter")
    visit.reads("Les présences sont enregistrées.", "2 présentes sur 3", "santé")
    visit.look("seance-tenue")
    expect(visit.todo("Présences à noter")).to_have_count(0)


def set_objectives(visit: Visit, club: Club, person) -> None:
    visit.sit(club.awa, "2026-03-04 14:50")
    visit.go("agenda:appointment_in_action", club.action.ref, person.code)
    visit.choose("type", "entretien de la semaine")
    visit.fill(day="2026-03-04", at="15:00")
    visit.press("Prendre le rendez-vous")
    visit.title("Entretien, Inès Abadène")
    visit.fill(words_0="Envoyer trois candidatures", target_0="3")
    visit.look("entretien-objectifs")
    visit.press("Enregistrer l’entretien")
    visit.reads("Envoyer trois candidatures", "Prochain rendez-vous")
    visit.look("entretien-et-la-suite")
    visit.press("Prendre ce rendez-vous")
    visit.reads("Le prochain rendez-vous est pris.")


def review_objectives(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-11 16:30")
    visit.todo("Inès Abadène").filter(has_text="Rendez-vous à noter").first.locator(".todo-do a").first.click()
    visit.reads("La dernière fois, on avait dit", "Envoyer trois candidatures")
    visit.main.get_by_label("Atteint", exact=True).check()
    visit.fill(words_0="Appeler cinq entreprises du quartier")
    visit.look("entretien-revu")
    visit.press("Enregistrer l’entretien")
    visit.reads("Objectifs revus")


def log_an_approach_on_a_phone(visit: Visit, club: Club, person) -> None:
    visit.sit(club.awa, "2026-03-12 11:00")
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.go("people:person", person.code, onglet="contracts")
    visit.follow("Noter une démarche")
    visit.fill(company_name=COMPANY)
    visit.tick("téléphone")
    visit.tick("demande un CV")
    visit.choose("next_step", "envoyer le CV")
    visit.fill(next_on="2026-03-13")
    visit.page.get_by_label("Faite par la personne elle-même").check()
    visit.press("Noter la démarche")
    visit.reads(COMPANY)
    visit.look("personne-emploi")
    visit.go("employers:log_approach", club.action.ref)
    visit.look("demarche")
    visit.go("journeys:action", club.action.ref, onglet="approaches")
    visit.reads(COMPANY)
    visit.look("demarches")


def apply_and_fix_the_job_interview(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-13 09:00")
    assert visit.todo(COMPANY).count() == 1
    visit.go("employers:apply", club.action.ref)
    visit.choose("participant", "Inès Abadène")
    visit.fill(company_name=COMPANY, job="Vendeuse")
    visit.look("candidature-nouvelle")
    visit.press("Noter la candidature")
    visit.reads("Vendeuse", COMPANY)
    visit.look("candidature")
    visit.follow("Fixer un entretien")
    visit.fill(on="2026-03-17", starts_at="14:00", ends_at="15:00", place="À la boutique")
    visit.look("entretien-d-embauche-fixer")
    visit.press("Fixer l’entretien")
    visit.reads("À la boutique")
    visit.go("journeys:action", club.action.ref, onglet="applications")
    visit.look("candidatures")


def hold_the_job_interview(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-17 15:30")
    visit.go("journeys:action", club.action.ref, onglet="applications")
    visit.follow("Inès Abadène")
    visit.main.get_by_role("region", name="Entretiens d’embauche").get_by_role("link").first.click()
    visit.choose("feedback", "favorable")
    visit.look("entretien-d-embauche")
    visit.press("Il a eu lieu")
    visit.reads("Entretien passé")


def sign_a_cdi(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-03-20 17:00")
    visit.go("journeys:action", club.action.ref, onglet="applications")
    visit.follow("Inès Abadène")
    visit.follow("Enregistrer le contrat")
    visit.choose("type", "CDI")
    visit.fill(signed_on="2026-03-20", starts="2026-03-23")
    visit.look("contrat-de-travail")
    visit.press("Enregistrer le contrat")
    visit.go("journeys:action", club.action.ref, onglet="contracts")
    visit.reads("Inès Abadène", "CDI", COMPANY)
    visit.look("contrats")
    visit.go("steering:bilan", club.action.ref)
    assert figure(visit.page, "Jeunes accompagnés").startswith("3")
    assert figure(visit.page, "Placements CDI ou CDD") == "1"


def test_sessions_objectives_employers_and_a_cdi(visit: Visit):
    club = Club()
    ines = club.entered("Inès", "Abadène", on=ENTRY).person
    club.entered("Léa", "Bouvereau", on=ENTRY)
    club.entered("Manon", "Cazenoy", on=ENTRY)
    plan_the_training(visit, club)
    plan_the_half_days(visit)
    note_attendance_by_keyboard(visit, club)
    set_objectives(visit, club, ines)
    review_objectives(visit, club)
    log_an_approach_on_a_phone(visit, club, ines)
    apply_and_fix_the_job_interview(visit, club)
    hold_the_job_interview(visit, club)
    sign_a_cdi(visit, club)
    visit.go("agenda:home")
    visit.look("agenda")
