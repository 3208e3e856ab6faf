"""The job club of the browser stories: who works there, the day it is, and the gestures its pages ask for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment, Group
from essaim.kernel.days import PARIS
from essaim.people.models import Person
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_group, make_partner_plan

TITLE = "Club des Tilleuls"


@dataclass
class Club:
    """A running club of one group, its manager, two counsellors and the counsellor of the agency that orients."""

    places: int = 20
    manager: Membership = field(init=False)
    awa: Membership = field(init=False)
    brice: Membership = field(init=False)
    odile: Membership = field(init=False)
    action: Action = field(init=False)
    group: Group = field(init=False)

    def __post_init__(self) -> None:
        self.manager = member("Nora", "Tessandier", manager=True, organisation__name="Tremplin des Rives")
        team = self.manager.organisation
        self.awa = member("Awa", "Diarrelle", counsellor=True, organisation=team)
        self.brice = member("Brice", "Vaudenay", counsellor=True, organisation=team)
        self.odile = member(
            "Odile", "Ferrachat", counsellor=True, organisation__name="Agence des Rives",
            organisation__kind=OrganisationKind.EMPLOYMENT_SERVICE,
        )  # fmt: skip
        partner = make_partner_plan(self.odile.organisation)
        self.action = make_action(self.manager, partners=(partner,), places=self.places, title=TITLE)
        self.group = make_group(self.manager, self.action, places=self.places)

    def oriented(self, by: Membership, first_name: str, last_name: str) -> Person:
        """Someone the fiche accepts, known of ``by``."""
        return make_eligible(by, first_name=first_name, last_name=last_name)

    def entered(self, first_name: str, last_name: str, *, on: date, by: Membership | None = None) -> Enrolment:
        """Someone who entered the group that day."""
        person = make_eligible(by or self.awa, first_name=first_name, last_name=last_name)
        return make_enrolment(by or self.awa, self.action, person, on=on, group=self.group)


def member(first_name: str, last_name: str, **values: Any) -> Membership:
    """Someone who works there."""
    return MembershipFactory(user__first_name=first_name, user__last_name=last_name, **values)


@dataclass
class Visit:
    """A browser at the club: who sits at it, what day it is, where she goes."""

    page: Page
    url: str
    look: Callable[[str], None]
    clock: Any
    client_for: Callable[[Membership], Any]

    def sit(self, who: Membership, at: str = "") -> None:
        """Sign ``who`` in, at a moment of Paris when it is given (« 2026-03-02 09:30 »)."""
        # A counter still on its way would give back the cookie of whoever sat here, or ask her to sign in again.
        self.page.goto("about:blank")
        if at:
            self.clock.move_to(datetime.fromisoformat(at).replace(tzinfo=PARIS))
        cookie = self.client_for(who).cookies["sessionid"]
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.url}])

    def go(self, name: str, *args: object, **query: str) -> None:
        """Open a page by its name."""
        tail = f"?{urlencode(query)}" if query else ""
        self.page.goto(f"{self.url}{reverse(name, args=args)}{tail}")

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click the first link of the page bearing this name."""
        self.main.get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.main.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        """Write in the fields of these names."""
        for name, value in fields.items():
            self.main.locator(f"[name={name}]").first.fill(value)

    def choose(self, name: str, label: str) -> None:
        """Choose in the list of this name, by the first words of a line."""
        line = self.main.locator(f"select[name={name}] option", has_text=starting(label)).first
        self.main.locator(f"select[name={name}]").select_option(line.get_attribute("value"))

    def tick(self, label: str) -> None:
        """Tick the box, or choose the radio button, of this label."""
        self.main.get_by_label(starting(label)).first.check()

    def reads(self, *words: str) -> None:
        """The page says so."""
        for each in words:
            expect(self.main).to_contain_text(each)

    def reads_no(self, words: str) -> None:
        """The page does not say so."""
        expect(self.main).not_to_contain_text(words)

    def title(self, words: str) -> None:
        """The title of the page."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def file(self, link: str) -> bytes:
        """The file behind a link."""
        href = self.main.get_by_role("link", name=link).first.get_attribute("href")
        return self.page.request.get(f"{self.url}{href}").body()

    def todo(self, what: str) -> Locator:
        """The lines of « À faire » that say so, the folded ones too."""
        self.go("web:todo")
        self.main.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
        return self.main.locator("li.todo").filter(has_text=what)

    @property
    def main(self) -> Locator:
        """What the page says, menus aside."""
        return self.page.get_by_role("main")


def starting(words: str) -> re.Pattern[str]:
    """What begins with these words, capital letter or not."""
    return re.compile(rf"^\s*{re.escape(words)}", re.IGNORECASE)


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    assert pdf.startswith(b"%PDF"), pdf[:40]
    return len(re.findall(rb"/Type\s*/Page(?![a-z])", pdf))


def figure(page: Page, label: str) -> str:
    """What the bilan says on this line."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{label}")))
    return " ".join(row.get_by_role("cell").first.inner_text().split())
