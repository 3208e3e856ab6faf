"""From a fiche of the guide to a bilan: find it, launch it, enrol three people, sign, correct, read."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from essaim.directory.operations import load_invented_territory
from essaim.guide.operations import load_practices
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.employers import make_company

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=False)]

TODAY = date.today()  # noqa: DTZ011 - the live server and the browser share the machine's clock
ENTRY = TODAY - timedelta(days=30)
SIGNED = TODAY - timedelta(days=10)


@pytest.fixture
def counsellor():
    load_practices(now=timezone.now())
    load_invented_territory(now=timezone.now())
    make_company(name="Garage des Deux Ponts")
    return MembershipFactory(counsellor=True, user__first_name="Awa", organisation__name="Tremplin des Rives")


def sign_in(page: Page, url: str, member) -> None:
    page.goto(url)
    page.get_by_label("Adresse électronique").fill(member.user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")


def find_the_fiche(page: Page, look) -> None:
    page.get_by_role("link", name="Guide", exact=True).first.click()
    page.get_by_role("searchbox", name="Votre besoin, en quelques mots").fill("jeunes chercheurs")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    look("catalogue")
    page.get_by_role("link", name=re.compile("jeunes chercheurs d’emploi")).first.click()
    expect(page.get_by_role("heading", name="Ce que cela a donné")).to_be_visible()
    look("fiche")


def launch(page: Page, look) -> None:
    page.get_by_role("link", name=re.compile("Lancer")).first.click()
    page.get_by_label("Titre de l’action").fill("Club des Tilleuls")
    page.get_by_label("Début", exact=True).fill((TODAY - timedelta(days=60)).isoformat())
    page.get_by_label("Fin", exact=True).fill((TODAY + timedelta(days=300)).isoformat())
    page.get_by_label("Nouveau territoire").fill("Sainte-Aube")
    page.get_by_label("Ses communes").fill("Sainte-Aube")
    page.get_by_label("Poste").first.select_option(index=1)
    page.get_by_label("Année").first.fill(str(TODAY.year))
    page.get_by_label(re.compile("^Montant")).first.fill("9 000,00")
    page.locator("details.fold:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    page.get_by_label("Personnes prévues au budget").first.fill("15")
    page.get_by_label("Année du budget").first.fill(str(TODAY.year))
    look("lancer")
    page.get_by_role("button", name="Lancer l’action").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Club des Tilleuls")


def add_person(page: Page, look, first_name: str, last_name: str, *, level: str) -> None:
    page.get_by_role("link", name="Personnes", exact=True).first.click()
    page.get_by_role("link", name="Ajouter une personne").first.click()
    page.get_by_label("Prénom").fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.get_by_label("Date de naissance").fill(date(TODAY.year - 21, 5, 4).isoformat())
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    look("ajouter-une-personne")
    page.get_by_role("button", name="Ajouter la personne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first_name} {last_name}")
    page.get_by_role("link", name=re.compile("^(Compléter|Mettre à jour)$")).first.click()
    page.get_by_label("Situation au").fill(ENTRY.isoformat())
    page.get_by_label("Sexe").select_option(label="Femme")
    page.get_by_label("Niveau de formation").select_option(level)
    page.get_by_label("inscrit·e à France Travail").check()
    page.get_by_label("quartier prioritaire (QPV)").check()
    page.locator("select[name=zone_source]").select_option("hand")
    page.locator("select[name=zone_proof]").select_option("certificate")
    page.get_by_role("button", name="Enregistrer le profil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first_name} {last_name}")
    look("personne")


def open_the_club(page: Page) -> None:
    page.get_by_role("link", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Club des Tilleuls").click()


def open_the_contracts(page: Page) -> None:
    open_the_club(page)
    for tab in ("^Employeurs", "^Contrats"):
        page.get_by_role("main").get_by_role("link", name=re.compile(tab)).first.click()


def enrol(page: Page, look, last_name: str, *, reason: str = "") -> None:
    open_the_club(page)
    page.get_by_role("link", name="Inscrire quelqu’un").first.click()
    page.get_by_label("Qui voulez-vous inscrire").fill(last_name)
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("main").get_by_role("link", name=re.compile(last_name)).first.click()
    page.get_by_label("Entrée le").fill(ENTRY.isoformat())
    for validated in ("Le projet", "La motivation"):
        page.get_by_label(validated).check()
    if reason:
        page.get_by_role("button", name="Inscrire dans l’action").click()
        expect(page.get_by_text("La personne n’est pas encore inscrite")).to_be_visible()
        look("inscription-refusee")
        page.get_by_label("Pourquoi l’inscrire quand même").fill(reason)
    page.get_by_role("button", name="Inscrire dans l’action").click()
    expect(page.get_by_role("main")).to_contain_text(last_name)


def sign(page: Page, look, last_name: str, contract: str, months: str = "") -> None:
    open_the_contracts(page)
    page.get_by_role("link", name="Enregistrer un contrat").first.click()
    page.get_by_label("Personne", exact=True).select_option(
        label=page.locator("option", has_text=last_name).first.inner_text()
    )
    page.get_by_label("Employeur").select_option(label="Garage des Deux Ponts")
    page.get_by_label("Type de contrat").select_option(contract)
    page.get_by_label("Signé le").fill(SIGNED.isoformat())
    page.get_by_label("Début", exact=True).fill(SIGNED.isoformat())
    if months:
        page.get_by_label("Durée en mois").fill(months)
    look("contrat")
    page.get_by_role("button", name="Enregistrer le contrat").click()
    expect(page.get_by_role("main")).to_contain_text(last_name)


def correct_to_six_months(page: Page) -> None:
    open_the_contracts(page)
    page.get_by_role("main").get_by_role("listitem").filter(has_text="CDD").get_by_role("link", name="Corriger").click()
    page.get_by_label("Durée en mois").fill("6")
    page.get_by_role("button", name=re.compile("Corriger|Enregistrer")).click()
    expect(page.get_by_role("main")).to_contain_text("CDD de 6 mois")


def figure(page: Page, label: str) -> str:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{label}")))
    return " ".join(row.get_by_role("cell").first.inner_text().split())


def test_from_a_fiche_to_a_bilan(page: Page, live_server, counsellor, look):
    sign_in(page, live_server.url, counsellor)
    look("accueil")
    find_the_fiche(page, look)
    launch(page, look)
    look("action-vide")
    for first_name, last_name, level in (
        ("Inès", "Abadène", "1 · sans diplôme (VI)"),
        ("Léa", "Bouvereau", "3 · CAP, BEP (V)"),
        ("Manon", "Cazenoy", "4 · baccalauréat (IV)"),
    ):
        add_person(page, look, first_name, last_name, level=level)
    enrol(page, look, "Abadène")
    enrol(page, look, "Bouvereau")
    enrol(page, look, "Cazenoy", reason="Diplôme sans débouché ici, projet vérifié à l’entretien.")
    sign(page, look, "Abadène", "CDI")
    sign(page, look, "Bouvereau", "CDD", "3")
    open_the_club(page)
    look("action")
    page.get_by_role("link", name="Bilan", exact=True).click()
    assert figure(page, "Jeunes accompagnés").startswith("3")
    assert figure(page, "Placements CDI ou CDD") == "1"
    assert figure(page, "CDD < 6 mois") == "1"
    correct_to_six_months(page)
    open_the_club(page)
    page.get_by_role("link", name="Bilan", exact=True).click()
    assert figure(page, "Placements CDI ou CDD") == "2"
    assert figure(page, "Taux de placement durable") == "66,7 % 2 sur 3"
    assert figure(page, "CDD < 6 mois") == "0"
    assert figure(page, "Coût par jeune") == "600 € 9 000 € pour 15"
    look("bilan")
    page.get_by_role("link", name=re.compile("Placements CDI ou CDD")).click()
    expect(page.get_by_role("main")).to_contain_text("Inès Abadène")
    expect(page.get_by_role("main")).not_to_contain_text("Manon Cazenoy")
    look("personnes-derriere-un-chiffre")
