"""The practices in force, and what this house can carry out of them."""

from __future__ import annotations

from pathlib import Path

from django.db.models import F

from essaim.guide.engine import Missing, Offered, PracticeFile, missing_for_launch, practice_from_definition
from essaim.guide.models import Practice
from essaim.kernel.instruments import all_instruments

DATA = Path(__file__).resolve().parents[1] / "data"

# A digest names one content for ever: what was read from it can be kept as long as the process lives.
_READ: dict[str, PracticeFile] = {}


def practice_texts(folder: Path = DATA) -> dict[str, str]:
    """Return the text of every practice file of the folder, by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def get_practice(slug: str) -> Practice:
    """Return the version in force of a practice. Raises Practice.DoesNotExist."""
    return Practice.objects.select_related("organisation", "parent", "variant").get(slug=slug, is_current=True)


def list_practices() -> list[Practice]:
    """Return the version in force of every practice, in the order of the guide, each followed by its variants."""
    found = (
        Practice.objects.filter(is_current=True).select_related("parent", "organisation").defer("parent__definition")
    )
    return list(found.order_by("position", F("organisation").asc(nulls_first=True), "title", "pk"))


def practice_file(practice: Practice) -> PracticeFile:
    """Return the typed form of a version of a practice. The form is kept in memory."""
    found = _READ.get(practice.digest)
    if found is None:
        found = _READ[practice.digest] = practice_from_definition(practice.definition)
    return found


def offered_by_instruments() -> Offered:
    """Return what the instruments of this house offer to practices."""
    instruments = all_instruments().values()
    return Offered(
        steps={kind.key: kind.settings for instrument in instruments for kind in instrument.step_kinds},
        alerts={kind.key: kind.settings for instrument in instruments for kind in instrument.alert_kinds},
        tools=frozenset(tool.key for instrument in instruments for tool in instrument.tools),
        facts=frozenset(kind for instrument in instruments for kind in instrument.counts),
    )


def missing_instruments(practice: PracticeFile) -> tuple[Missing, ...]:
    """Return the steps, alerts and tools of a practice that no instrument of this house carries out."""
    return missing_for_launch(practice, offered_by_instruments())
