"""A grant is claimed: told in time, what is missing mended, the file frozen, the ZIP taken, the claim noted."""

import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from essaim.journeys.models import Commitment
from essaim.journeys.operations import sign_on_paper
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.money import make_agreement, make_budget_line, make_funder, make_instalment
from tests.factories.people import make_document

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TODAY = date.today()  # noqa: DTZ011 - the live server and the browser share the machine's clock
STARTS, ENDS = TODAY - timedelta(days=90), TODAY + timedelta(days=270)


@pytest.fixture
def manager():
    return MembershipFactory(manager=True, user__first_name="Nadia", organisation__name="Tremplin des Rives")


@pytest.fixture
def enrolment(manager):
    """Someone whose contract is signed and whose identity card nobody has kept; a claim due in ten days."""
    action = make_action(manager, starts=STARTS, ends=ENDS)
    entered = make_enrolment(manager, action, on=TODAY - timedelta(days=60))
    contract = Commitment.objects.get(enrolment=entered)
    sign_on_paper(commitment=contract, signed_on=entered.opened_on, by=manager, now=timezone.now())
    make_budget_line(manager, action, year=TODAY.year)
    given = {"starts": STARTS, "ends": ENDS, "evidence": ("identity", "commitment")}
    agreement = make_agreement(manager, action, make_funder(name="Agglomération des Trois-Rives"), **given)
    days = {"claim_by": TODAY + timedelta(days=10), "expected_on": TODAY + timedelta(days=60)}
    make_instalment(manager, agreement, **days)
    return entered


def sign_in(page: Page, url: str, member) -> None:
    page.goto(url)
    page.get_by_label("Adresse électronique").fill(member.user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")


def test_a_manager_claims_an_instalment(page: Page, live_server, look, manager, enrolment, tmp_path):
    main = page.locator("main")
    sign_in(page, live_server.url, manager)
    main.get_by_role("link", name="Préparer la demande").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acompte de 10")
    expect(main.get_by_role("row").filter(has_text=enrolment.person.full_name)).to_contain_text("Pièce d’identité")
    look("demande-incomplete")
    make_document(manager, enrolment.person, kind="identity", title="Carte d’identité")
    page.reload()
    expect(main).to_contain_text("Rien ne manque")
    main.get_by_role("button", name="Figer le dossier").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dossier Q")
    look("dossier-fige")
    with page.expect_download() as started:
        main.get_by_role("link", name="Télécharger le ZIP").click()
    started.value.save_as(tmp_path / "demande.zip")
    with zipfile.ZipFile(tmp_path / "demande.zip") as archive:
        assert archive.testzip() is None
        assert {"resume.pdf", "participants.xlsx", "budget.xlsx", "manifeste.csv"} <= set(archive.namelist())
        assert any(name.startswith("pieces/") for name in archive.namelist())
    main.get_by_role("link", name="Noter la demande").click()
    look("noter-la-demande")
    main.get_by_role("button", name="Noter la demande").click()
    expect(main.get_by_role("row").filter(has_text="Acompte")).to_contain_text("faite le")
    look("convention")
    page.get_by_role("link", name="À faire").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")
    expect(main.get_by_role("link", name="Préparer la demande")).to_have_count(0)


def test_the_money_of_an_action_reads_on_every_screen(page: Page, live_server, look, manager, enrolment):
    sign_in(page, live_server.url, manager)
    for tab in ("budget", "agreements", "targets", "staff_time"):
        page.goto(f"{live_server.url}/actions/{enrolment.action.ref}/?onglet={tab}")
        look(f"argent-{tab}")
