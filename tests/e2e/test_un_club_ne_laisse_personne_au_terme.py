"""Six months, no more: a renewal, a second one refused, a relay taken elsewhere, a caseload that changes hands."""

from datetime import date, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from essaim.kernel.days import PARIS
from tests.e2e.club import Club, Visit, figure
from tests.factories.agenda import make_meeting

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def renew(visit: Visit, club: Club, person) -> None:
    visit.sit(club.awa, "2026-05-27 09:00")
    line = visit.todo("Inès Abadène").filter(has_text="3 mois au club")
    expect(line).to_have_count(1)
    visit.look("a-faire-terme")
    visit.go("people:person", person.code, onglet="parcours")
    visit.follow("Renouveler")
    visit.look("renouveler")
    visit.press("Enregistrer")
    visit.reads("Le parcours est renouvelé.")
    visit.look("personne-renouvelee")
    expect(visit.todo("Inès Abadène").filter(has_text="3 mois au club")).to_have_count(0)


def follow_two_others(visit: Visit, club: Club) -> None:
    visit.sit(club.awa, "2026-07-01 09:00")
    club.entered("Léa", "Bouvereau", on=date(2026, 7, 1))
    manon = club.entered("Manon", "Cazenoy", on=date(2026, 7, 1))
    starts = datetime(2026, 8, 27, 14, 0, tzinfo=PARIS)
    make_meeting(club.awa, manon.person, enrolment=manon, type="weekly", starts=starts, now=timezone.now())


def be_refused_a_second_renewal(visit: Visit, club: Club, person) -> None:
    visit.sit(club.awa, "2026-08-20 09:00")
    visit.go("people:person", person.code, onglet="parcours")
    visit.reads("Durée maximale atteinte", "2 × 3")
    expect(visit.main.get_by_role("link", name="Renouveler", exact=True)).to_have_count(0)
    visit.look("renouvellement-refuse")


def be_refused_a_silent_end(visit: Visit, person) -> None:
    visit.go("people:person", person.code, onglet="parcours")
    visit.follow("Enregistrer la sortie")
    visit.choose("reason", "fin de la durée prévue")
    visit.fill(on="2026-08-20")
    visit.main.locator("form button[type=submit]").last.click()
    visit.reads("relais")
    visit.look("sortie-sans-relais")


def ask_for_a_relay(visit: Visit, person) -> None:
    visit.follow("Proposer un relais")
    visit.choose("to_organisation", "Agence des Rives")
    visit.fill(words="Deux entreprises à rappeler en septembre.")
    visit.look("relais-proposer")
    visit.main.locator("form button[type=submit]").last.click()
    visit.reads("proposé aujourd’hui", "À Agence des Rives")
    visit.look("relais-propose")


def accept_the_relay(visit: Visit, club: Club) -> None:
    visit.sit(club.odile, "2026-08-21 10:00")
    visit.go("journeys:hand_over_list")
    visit.look("relais")
    visit.follow("Inès Abadène")
    visit.reads("Deux entreprises à rappeler")
    visit.follow("Accepter et fixer un rendez-vous")
    visit.fill(day="2026-08-25", at="10:00")
    visit.look("relais-accepter")
    visit.press("Accepter et fixer le rendez-vous")
    visit.reads("Vous suivez désormais Inès Abadène.")
    visit.look("personne-reprise")


def give_a_caseload(visit: Visit, club: Club) -> None:
    visit.sit(club.manager, "2026-08-24 09:00")
    visit.go("agenda:caseloads")
    visit.look("portefeuilles")
    visit.main.get_by_role("link", name="Confier : Awa Diarrelle").click()
    visit.choose("to_user", "Brice Vaudenay")
    visit.page.locator("select[name=reason]").select_option(index=1)
    visit.look("portefeuille-confier")
    visit.press("Confier")
    visit.reads("1 rendez-vous confiés à Brice Vaudenay", "De Awa Diarrelle à Brice Vaudenay")
    visit.look("portefeuille-confie")
    visit.sit(club.brice)
    visit.go("agenda:home", semaine="2026-08-24")
    visit.reads("Cazenoy")


def read_the_bilan(visit: Visit, club: Club) -> None:
    visit.sit(club.manager)
    visit.go("journeys:action", club.action.ref)
    visit.look("action-six-mois")
    visit.follow("Bilan")
    assert figure(visit.page, "Jeunes accompagnés").startswith("3")
    visit.look("bilan-six-mois")


def test_a_renewal_a_relay_and_a_caseload_moved(visit: Visit):
    club = Club()
    ines = club.entered("Inès", "Abadène", on=date(2026, 3, 2)).person
    renew(visit, club, ines)
    follow_two_others(visit, club)
    be_refused_a_second_renewal(visit, club, ines)
    be_refused_a_silent_end(visit, ines)
    ask_for_a_relay(visit, ines)
    accept_the_relay(visit, club)
    give_a_caseload(visit, club)
    read_the_bilan(visit, club)
