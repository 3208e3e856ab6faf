"""Take the pictures of this guide from the real product, by hand, against a demonstration that runs:

    make demo                                                  # in another terminal
    .venv/bin/python docs/guide-utilisateur/photographier.py [http://127.0.0.1:8000]

It signs in with the accounts of the demonstration, saves nothing, and writes images/<name>-<width>.png.
"""

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import yaml
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
DEMONSTRATION = HERE.parents[1] / "essaim" / "rehearsal" / "data" / "demonstration.yaml"
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
        page = browser.new_page(base_url=base, locale="fr-FR", timezone_id="Europe/Paris")
        page.set_default_timeout(10_000)
        page.goto("/connexion/")
        take(page, "connexion")
        sign_in(page)
        take(page, "accueil")
        for address, name in (("/guide/", "catalogue"), ("/organisation/membres/", "membres")):
            page.goto(address)
            take(page, name)
        photograph_fiche(page)
        action = photograph_action(page)
        photograph_person(page, action)
        photograph_refusal(page, action)
        photograph_contract(page, action)
        photograph_bilan(page, action)
        browser.close()


def take(page: Page, name: str, *widths: int, start: str = "") -> None:
    """Photograph the page at each width, from its top or the heading ``start``; lower when the file would be heavy."""
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


def sign_in(page: Page) -> None:
    """Sign in as the manager of the demonstration."""
    plan = yaml.safe_load(DEMONSTRATION.read_text(encoding="utf-8"))
    manager = next(account for account in plan["accounts"] if account["key"] == "manager")
    page.get_by_label("Adresse électronique").fill(manager["email"])
    page.get_by_label("Mot de passe", exact=True).fill(plan["password"])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name=re.compile("^Bonjour")).wait_for()


def photograph_fiche(page: Page) -> None:
    """The first fiche of the catalogue that is complete, then its launch form."""
    page.goto("/guide/")
    page.locator("article", has_text="Fiche complète").first.get_by_role("link").click()
    take(page, "fiche")
    page.get_by_role("link", name="Lancer cette action").first.click()
    take(page, "lancer")


def photograph_action(page: Page) -> str:
    """The action of the demonstration; returns its address."""
    page.goto("/actions/")
    page.locator("main tbody th a").first.click()
    page.get_by_role("heading", name="Participants").wait_for()
    take(page, "action", WIDE, NARROW)
    return page.url.partition("?")[0]


def photograph_person(page: Page, action: str) -> None:
    """The first participant, and what a search for her answers before a second file is made."""
    page.goto(action)
    page.locator("main tbody th a").first.click()
    take(page, "personne", WIDE, NARROW)
    first_name, _, last_name = page.get_by_role("heading", level=1).inner_text().partition(" ")
    page.goto("/personnes/nouvelle/")
    page.get_by_label("Prénom").fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("heading", name="Peut-être déjà connue").wait_for()
    take(page, "ajouter-une-personne")


def photograph_refusal(page: Page, action: str) -> None:
    """Someone known who does not meet a condition of the practice: asked without a reason, so refused."""
    for letter in "aeiou":
        page.goto(f"{action}inscrire/?q={letter}")
        links = page.get_by_role("link", name=re.compile("^Inscrire"))
        for address in [link.get_attribute("href") or "" for link in links.all()]:
            page.goto(address)
            if page.get_by_text("Non remplie").or_(page.get_by_text("À renseigner dans son profil")).count():
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


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
