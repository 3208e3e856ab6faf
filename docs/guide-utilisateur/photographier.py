"""Take the pictures of this guide from the real product, by hand, against a demonstration that runs:

    make demo                                                  # in another terminal
    .venv/bin/python docs/guide-utilisateur/photographier.py [http://127.0.0.1:8000]

It signs in with the accounts of the demonstration, saves nothing (one import is read, then given up), and writes
images/<name>-<width>.png.
"""

import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import yaml
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
WORLD = HERE.parents[1] / "essaim" / "rehearsal" / "data" / "world.yaml"
CHROMIUM = "/usr/bin/chromium"
WIDE, NARROW, HEIGHT = 1280, 390, 900
HEAVIEST = 145_000  # bytes
TO_THE_TOP = "element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 90)"
# Debian's chromium writes the dates of its fields in English: write them as a French one does.
FRENCH_DATES = """() => document.querySelectorAll("input[type=date]").forEach(field => {
  const day = field.value.split("-").reverse().join("/");
  field.type = "text";
  field.value = day || "jj/mm/aaaa";
})"""


def main(base: str) -> None:
    """Take every picture."""
    (HERE / "images").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = open_page(browser, base)
        page.goto("/connexion/")
        take(page, "connexion")
        sign_in(page, "manager")
        take(page, "a-faire", WIDE, NARROW)
        for address, name in (
            ("/guide/", "catalogue"),
            ("/organisation/membres/", "membres"),
            ("/portefeuilles/", "portefeuilles"),
        ):
            page.goto(address)
            take(page, name)
        photograph_fiche(page)
        photograph_guide(page)
        action = photograph_action(page)
        page.goto(f"{action}reprendre/")
        take(page, "reprendre")
        photograph_refusal(page, action)
        photograph_contract(page, action)
        photograph_bilan(page, action)
        photograph_money(page, action)
        photograph_decision(page, action)
        photograph_review(page)
        colleague = open_page(browser, base)
        colleague.goto("/connexion/")
        sign_in(colleague, "counsellor")
        photograph_person(colleague, action)
        photograph_orientation(colleague, action)
        photograph_day(colleague, action)
        photograph_prospecting(colleague, action)
        photograph_import(colleague)
        browser.close()


def open_page(browser: Browser, base: str) -> Page:
    """A window of its own, French, where nobody is signed in."""
    page = browser.new_page(base_url=base, locale="fr-FR", timezone_id="Europe/Paris")
    page.set_default_timeout(20_000)
    return page


def take(page: Page, name: str, *widths: int, start: str = "") -> None:
    """Photograph the page at each width, from its top or the heading ``start``; lower when the file would be heavy."""
    page.wait_for_load_state("networkidle")
    page.evaluate(FRENCH_DATES)
    for width in widths or (WIDE,):
        for height in range(HEIGHT, HEIGHT // 2, -40):
            page.set_viewport_size({"width": width, "height": height})
            if start:
                page.get_by_role("heading", name=start).or_(page.get_by_text(start)).first.evaluate(TO_THE_TOP)
            picture = page.screenshot()
            if len(picture) <= HEAVIEST:
                break
        (HERE / "images" / f"{name}-{width}.png").write_bytes(picture)
        print(f"{name}-{width}.png {len(picture) // 1000} kB")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})


def sign_in(page: Page, key: str) -> None:
    """Sign in with an account of the demonstration, by its key."""
    world = yaml.safe_load(WORLD.read_text(encoding="utf-8"))
    account = next(account for account in world["accounts"] if account["key"] == key)
    page.get_by_label("Adresse électronique").fill(account["email"])
    page.get_by_label("Mot de passe", exact=True).fill(world["password"])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="À faire", level=1).wait_for()


def photograph_fiche(page: Page) -> None:
    """The first fiche of the catalogue that is complete, then its launch form."""
    page.goto("/guide/")
    page.locator("article", has_text="Fiche complète").first.get_by_role("link").click()
    take(page, "fiche")
    page.get_by_role("link", name="Lancer cette action").first.click()
    take(page, "lancer")


def photograph_guide(page: Page) -> None:
    """A search, fiches side by side, a variant being proposed, a file refused line by line; nothing is saved."""
    page.goto("/guide/?q=mes jeunes n’ont pas le permis")
    take(page, "chercher")
    fiches = addresses(page, "main article a[href^='/guide/']")[:3]
    page.goto("/guide/comparer/?" + "&".join(f"fiche={address.split('/')[2]}" for address in fiches))
    take(page, "comparer")
    page.goto("/guide/")
    page.goto(addresses(page, "main article a[href^='/guide/']")[0] + "variante/")
    page.get_by_label("Titre de la variante").fill("Le club du soir")
    page.get_by_label("Ce qui change").fill("Les rencontres ont lieu de 18 h à 20 h, au lieu du matin.")
    page.get_by_label("Pourquoi").fill("Ici, beaucoup travaillent le matin.")
    take(page, "variante")
    page.goto("/guide/importer/")
    text = "slug: essai\nnumber: douze\ntitle: Essai\ntheme: ailleurs\ncouleur: bleu\n"
    page.get_by_label("Le fichier").set_input_files(
        {"name": "fiche.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    )
    page.get_by_label("Ce qui change").fill("Tout.")
    page.get_by_label("Pourquoi").fill("Un essai.")
    page.get_by_role("button", name="Importer").click()
    take(page, "importer-une-fiche")


def photograph_action(page: Page) -> str:
    """The action of the demonstration, and its groups; returns its address."""
    page.goto("/actions/")
    page.locator("main tbody th a").first.click()
    page.get_by_role("heading", name="Participants").wait_for()
    take(page, "action", WIDE, NARROW)
    action = page.url.partition("?")[0]
    page.goto(f"{action}?onglet=groups")
    take(page, "groupes")
    return action


def photograph_person(page: Page, action: str) -> None:
    """A participant whose file is the reader's: her file, her parcours, her data, and what a search for her answers."""
    page.goto(action)
    participants = addresses(page, "main tbody th a")
    person = first_where(page, participants, lambda: is_hers(page))
    take(page, "personne", WIDE, NARROW)
    first_name, _, last_name = page.get_by_role("heading", level=1).inner_text().partition(" ")
    page.goto(f"{person}?onglet=parcours")
    take(page, "parcours", start="Orienter vers une action")
    page.goto(addresses(page, "main a[href*='/engagements/']")[0])
    take(page, "contrat-du-club")
    page.goto(f"{person}?onglet=privacy")
    take(page, "donnees", start="Dernier contact")
    page.goto("/personnes/nouvelle/")
    page.get_by_label("Prénom").fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("heading", name="Peut-être déjà connue").wait_for()
    take(page, "ajouter-une-personne")


def photograph_orientation(page: Page, action: str) -> None:
    """Someone whom the reader may orient, the form half filled; it is not sent."""
    for letter in "aeiou":
        page.goto(f"{action}orienter/?q={letter}")
        for address in addresses(page, "main .match a"):
            page.goto(address)
            if page.get_by_label("Pourquoi").count():
                page.get_by_label("Pourquoi").select_option("network")
                page.get_by_label("Ce que l’équipe doit savoir").fill("Motivée, a besoin de rencontrer des employeurs.")
                take(page, "orienter")
                return
    raise LookupError("nobody in the demonstration may be oriented")


def photograph_decision(page: Page, action: str) -> None:
    """The first orientation to examine, being decided; it is not saved."""
    page.goto(f"{action}?onglet=received")
    page.goto(addresses(page, "main table a[href*='/orientations/']")[0])
    page.get_by_role("link", name="Décider").click()
    take(page, "decider")


def photograph_day(page: Page, action: str) -> None:
    """The week of the reader, an interview that waits for its notes, the people of a session."""
    page.goto("/agenda/")
    take(page, "agenda")
    waiting = "/a-faire/?pour=equipe&motif=agenda.interview_"
    page.goto(f"{waiting}today")
    if not page.locator(".todo-do a").count():
        page.goto(f"{waiting}to_record")
    page.goto(addresses(page, ".todo-do a")[0])
    take(page, "entretien")
    page.goto(f"{action}?onglet=sessions&s-moment=past")
    sessions = addresses(page, "main tbody th a")
    first_where(page, [f"{one}presences/" for one in sessions], lambda: page.locator("[data-att-line]").count() > 4)
    take(page, "presences", WIDE, NARROW, start="Présences")


def photograph_prospecting(page: Page, action: str) -> None:
    """An approach being noted on a phone, the board of applications, an edition of profiles; nothing is saved."""
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.goto(f"{action}demarches/nouvelle/")
    page.get_by_label("Pour qui ?").select_option(index=2)
    page.get_by_label("Quelle entreprise ?").fill("Boulangerie Maravel")
    page.get_by_text("Téléphone", exact=True).first.click()
    take(page, "demarche", NARROW)
    page.goto(f"{action}?onglet=applications")
    take(page, "candidatures")
    page.goto(f"{action}?onglet=profiles")
    page.goto(addresses(page, "main .mini a[href*='/profils/']")[0])
    take(page, "profils")


def photograph_import(page: Page) -> None:
    """A file of three people being checked, one line of which is wrong; then given up."""
    page.goto("/personnes/importer/")
    table = "Nom;Prénom;Date de naissance;Commune\nVarnois;Lila;12/04/2004;Rivemont\nTéroual;Noé;31/02/2005;Valcombe\n"
    table += "Delmarque;Ilyès;03/09/2001;Rivemont\n"
    page.get_by_label("Fichier CSV ou XLSX").set_input_files(
        {"name": "personnes.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("button", name="Vérifier les lignes").click()
    page.get_by_role("heading", name="Vérifier avant d’importer").wait_for()
    take(page, "importer")
    page.get_by_role("button", name="Abandonner").click()


def photograph_review(page: Page) -> None:
    """The review of the month of the first counsellor."""
    page.goto("/portefeuilles/revues/")
    page.get_by_role("link", name="Revue du mois").first.click()
    take(page, "revue")


def is_hers(page: Page) -> bool:
    """Whether the file on the screen is the reader's own to keep, and is of nobody protected."""
    return (
        page.get_by_role("link", name="Coordonnées").count() > 0 and not page.get_by_text("Personne protégée").count()
    )


def addresses(page: Page, selector: str) -> list[str]:
    """Where the links that the page shows lead."""
    return [(link.get_attribute("href") or "").partition("?")[0] for link in page.locator(selector).all()]


def first_where(page: Page, found: list[str], is_wanted: Callable[[], bool]) -> str:
    """Open these pages in turn until one is as wanted; returns its address."""
    for address in found:
        page.goto(address)
        if is_wanted():
            return address
    raise LookupError(f"none of {found}")


def photograph_refusal(page: Page, action: str) -> None:
    """Someone known who does not meet a condition of the practice: asked without a reason, so refused."""
    for letter in "aeiou":
        page.goto(f"{action}inscrire/?q={letter}")
        links = page.get_by_role("link", name=re.compile("^Inscrire"))
        for address in [link.get_attribute("href") or "" for link in links.all()]:
            page.goto(address)
            if page.get_by_text("Non remplie").or_(page.get_by_text("À renseigner dans son profil")).count():
                page.get_by_label("Club").select_option(index=1)
                for validated in page.locator("[name=validated]").all():
                    validated.check()
                page.get_by_role("button", name="Inscrire dans l’action").click()
                page.get_by_text("La personne n’est pas encore inscrite").wait_for()
                take(page, "inscription-refusee")
                return
    raise LookupError("nobody in the demonstration fails a condition")


def photograph_contract(page: Page, action: str) -> None:
    """A contract being written down, for the first participant; it is not saved."""
    page.goto(action)
    page.locator("main tbody a[href*='contrats/nouveau']").first.click()
    page.get_by_label("Employeur").select_option(index=2)
    page.get_by_label("Type de contrat").select_option("cdd")
    page.get_by_label("Durée en mois").fill("6")
    page.get_by_label("Signé le").fill(date.today().isoformat())  # noqa: DTZ011 - the date on this machine
    page.get_by_label("Début", exact=True).fill((date.today() + timedelta(days=7)).isoformat())  # noqa: DTZ011
    take(page, "contrat", start="Pour qui")


def photograph_bilan(page: Page, action: str) -> None:
    """The bilan of the action, and the people behind its first figure that opens."""
    page.goto(f"{action}bilan/")
    take(page, "bilan")
    take(page, "bilan", NARROW, start="personnes entrées pendant la période")
    page.locator("main tbody th a").first.click()
    take(page, "personnes-derriere-un-chiffre")


def photograph_money(page: Page, action: str) -> None:
    """The budget of the action, and what is missing before an instalment is claimed."""
    page.goto(f"{action}?onglet=budget")
    take(page, "budget", start="Trésorerie")
    page.goto(f"{action}?onglet=agreements")
    page.locator("main tbody th a").first.click()
    page.get_by_role("link", name=re.compile("Préparer la demande")).first.click()
    take(page, "demande")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
