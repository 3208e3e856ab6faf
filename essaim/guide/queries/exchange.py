"""Practice files that come from elsewhere: read with the same rules as those of the guide."""

from __future__ import annotations

from essaim.guide.engine import Fault, PracticeFile, parse_practice
from essaim.guide.models import Practice
from essaim.guide.queries.practices import offered_by_instruments

LARGEST_FILE = 256 * 1024  # bytes: ten times a fiche of the guide


def read_proposal(text: str, filename: str) -> PracticeFile | list[Fault]:
    """Return the practice that a text holds, or everything to mend in it, in the order of the lines.

    It is checked as ``practices check`` checks the files of the guide, its name aside: the slug where it sends its
    readers must exist here, and a file that says it is a variant must name a practice of this guide.
    """
    found = parse_practice(text, filename, offered_by_instruments(), is_proposal=True)
    if not isinstance(found, PracticeFile):
        return found
    sent = [line.see for line in (found.presentation.audience if found.presentation else ()) if line.see]
    named = [found.parent, *sent] if found.parent else sent
    known = set(Practice.objects.filter(is_current=True, slug__in=named).values_list("slug", flat=True))
    faults = [
        Fault(filename, _line_of(text, slug), f"la fiche « {slug} » n’existe pas dans ce guide")
        for slug in dict.fromkeys(named)
        if slug not in known
    ]
    return faults or found


def _line_of(text: str, slug: str) -> int:
    lines = (rank for rank, line in enumerate(text.splitlines(), start=1) if slug in line)
    return next(lines, 1)
