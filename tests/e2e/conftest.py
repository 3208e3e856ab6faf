"""Browser journeys: Debian's chromium, a French visitor, and nothing that fails in silence."""

import os
from datetime import datetime

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe

from essaim.kernel.days import PARIS
from tests.e2e.club import Visit

CHROMIUM = "/usr/bin/chromium"
# The visible elements that make the page scroll sideways, nothing when it does not. Asked once the browser has
# laid the page out at its new width: the size of the window changes before the page does.
TOO_WIDE = """async () => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await painted();
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > width + 1)
    .map(element => `${element.tagName}.${element.getAttribute("class")}`).slice(0, 8);
}"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def page(page):
    """A page on which a failed request, a console error or a script error fails the test.

    What it still asks of the server when the test ends is waited for: the tables are emptied right after.
    """
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.set_default_timeout(20_000)
    yield page
    page.wait_for_load_state("networkidle")
    assert not faults, "\n".join(faults)


@pytest.fixture
def look(page, request):
    """Check the page with axe at 320 and 1280 px: no fault, no sideways scrolling, no dead link."""

    def check(name: str) -> None:
        assert page.locator("a:not([href]), a[href='']").count() == 0, f"{name}: a link leads nowhere"
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function("width => innerWidth === width", arg=width)
            wide = page.evaluate(TOO_WIDE)
            assert not wide, f"{name}: too wide at {width} px: {wide}"
            results = Axe().run(page)
            assert results.violations_count == 0, f"{name} at {width} px\n{results.generate_report()}"
        folder = os.environ.get("ESSAIM_PICTURES")
        if folder:
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    return check


@pytest.fixture
def visit(page, live_server, look, client_for):
    """A browser at the club on Monday 2 March 2026, at half past eight; ``visit.sit`` moves the clock on."""
    with time_machine.travel(datetime(2026, 3, 2, 8, 30, tzinfo=PARIS), tick=True) as clock:
        yield Visit(page, live_server.url, look, clock, client_for)
