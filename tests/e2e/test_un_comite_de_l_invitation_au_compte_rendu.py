"""A committee, from its invitation to its minutes in PDF, and its decision found in « À faire »."""

import pytest
from playwright.sync_api import expect

from tests.e2e.club import Club

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_committee_is_called_held_approved_and_its_decision_is_found(visit):
    club = Club()
    visit.sit(club.manager, "2026-05-04 09:00")
    visit.go("agenda:meeting_new", club.action.ref)
    visit.fill(title="Comité de pilotage", day="2026-05-18", starts_at="09:00", ends_at="11:00")
    visit.fill(items="Où en est le club")
    visit.main.get_by_label("Odile Ferrachat, Agence des Rives").check()
    visit.fill(guests="Hélène Marquisat, Ville")
    visit.look("reunion-convoquer")
    visit.press("Convoquer")
    visit.reads("La réunion est au calendrier", "Hélène Marquisat")
    visit.follow("Envoyer les invitations")
    visit.press("Envoyer les invitations")
    visit.reads("1 invitation part")
    visit.look("reunion-invitee")
    address = visit.page.url
    visit.sit(club.manager, "2026-05-18 11:05")
    visit.page.goto(address)
    visit.follow("Écrire le compte rendu")
    for box in visit.main.get_by_label("Présent·e").all():
        box.check(force=True)
    visit.main.get_by_label("Où en est le club").fill("Douze personnes sont en emploi.")
    visit.look("reunion-compte-rendu")
    visit.press("Enregistrer")
    visit.follow("Noter une décision")
    visit.fill(words="Présenter le club à l’agence", due_on="2026-05-29")
    visit.choose("owner", "Odile Ferrachat, Agence des Rives")
    visit.press("Enregistrer")
    visit.follow("Approuver")
    visit.press("Approuver")
    visit.reads("il ne change plus", "Présenter le club à l’agence")
    visit.look("reunion-approuvee")
    pdf = visit.page.request.get(address + "compte-rendu.pdf")
    assert pdf.ok and pdf.body().startswith(b"%PDF")
    visit.sit(club.odile, "2026-05-19 09:00")
    expect(visit.todo("Présenter le club à l’agence")).to_have_count(1)
    visit.follow("Dire ce qu’elle devient")
    visit.main.get_by_label("Faite", exact=True).check(force=True)
    visit.press("Enregistrer")
    visit.reads("C’est noté")
