"""The sign-in sheet of a session, on paper."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from essaim.agenda.engine.weeks import halves_of
from essaim.agenda.models import PlannedSession
from essaim.kernel.days import PARIS
from essaim.kernel.formats import long_day
from essaim.kernel.pdf import render_pdf
from essaim.people.models import Person

BLANK_LINES, LEAST_LINES = 3, 12
HALVES = {"morning": "Matin", "afternoon": "Après-midi"}


def sign_in_sheet(
    planned: PlannedSession, people: Iterable[Person], *, when: str, where: str, who: str, today: date
) -> HttpResponse:
    """Return the sheet as a PDF to print: a line and a box for each half-day a person, and blank lines."""
    names = [f"{person.last_name.upper()} {person.first_name}" for person in people]
    action = planned.session.action
    content = render_pdf(
        "agenda/sign_in_sheet",
        {
            "title": planned.session.title,
            "action": action.title,
            "group": planned.group.name if planned.group else "",
            "when": when,
            "where": where,
            "who": who,
            "organisation": action.organisation.name if action.organisation else "",
            "printed": f"imprimé le {long_day(today)}",
            "halves": [HALVES[half] for _, half in halves_of(planned.starts, planned.ends)],
            "people": names,
            "blank": max(BLANK_LINES, LEAST_LINES - len(names)),
        },
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = _disposition(planned)
    return response


def _disposition(planned: PlannedSession) -> str:
    name = f"emargement-{planned.starts.astimezone(PARIS):%Y-%m-%d}-{planned.session.ref}.pdf"
    return content_disposition_header(False, name) or "inline"
