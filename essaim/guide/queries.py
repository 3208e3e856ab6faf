"""The guide is the same for everyone who is signed in: no viewer is asked for here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from essaim.guide.engine import (
    THEMES,
    Missing,
    Offered,
    PracticeFile,
    figure_in_words,
    missing_for_launch,
    practice_from_definition,
    setting_in_words,
)
from essaim.guide.engine.catalogue import matches
from essaim.guide.engine.figures import Card, FigureGroup, base_of, card_of, count_checks, group_figures
from essaim.guide.engine.glossary import TermGroup, parse_glossary
from essaim.guide.engine.schema import AudienceLine
from essaim.guide.engine.words import typographic
from essaim.guide.models import Practice
from essaim.kernel.contract import Setting
from essaim.kernel.instruments import all_instruments

GLOSSARY = Path(__file__).resolve().parent / "glossary.yaml"
DATA = Path(__file__).resolve().parent / "data"

# A digest names one content for ever: what was read from it can be kept as long as the process lives.
_READ: dict[str, PracticeFile] = {}


def practice_texts(folder: Path = DATA) -> dict[str, str]:
    """Return the text of every practice file of the folder, by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def get_practice(slug: str) -> Practice:
    """Return the version in force of a practice. Raises Practice.DoesNotExist."""
    return Practice.objects.get(slug=slug, is_current=True)


def list_practices() -> list[Practice]:
    """Return the version in force of every practice, in the order of the guide."""
    return list(Practice.objects.filter(is_current=True).order_by("position"))


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
    )


def missing_instruments(practice: PracticeFile) -> tuple[Missing, ...]:
    """Return the steps, alerts and tools of a practice that no instrument of this house carries out."""
    return missing_for_launch(practice, offered_by_instruments())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The fiches that answer a search, with how many of each theme answer its words."""

    cards: tuple[Card, ...]
    total: int
    by_theme: Mapping[str, int]

    @property
    def ready(self) -> int:
        """How many of the fiches shown are complete."""
        return sum(not card.is_outline for card in self.cards)

    @property
    def count_all_themes(self) -> int:
        """How many fiches answer the words, whatever the theme."""
        return sum(self.by_theme.values())


def search_practices(*, words: str = "", theme: str = "") -> Catalogue:
    """Return the fiches of ``theme`` (any when empty) that speak of every one of ``words``. One query."""
    everything = [practice_file(practice) for practice in list_practices()]
    answering = [practice for practice in everything if matches(practice, words)]
    return Catalogue(
        cards=tuple(card_of(practice) for practice in answering if theme in ("", practice.theme)),
        total=len(everything),
        by_theme={name: sum(practice.theme == name for practice in answering) for name in THEMES},
    )


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as a reader of the fiche sees it."""

    label: str
    value: str
    source: str
    only_text: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """A practice with what its page says around it.

    ``base`` is what the bars are a part of, in words; ``audience`` pairs each line with the title of the
    better fiche it sends to.
    """

    practice: PracticeFile
    figures: tuple[FigureGroup, ...]
    base: str
    checks: Mapping[str, int]
    settings: tuple[SettingLine, ...]
    missing: tuple[Missing, ...]
    audience: tuple[tuple[AudienceLine, str], ...]

    @property
    def can_launch(self) -> bool:
        """The practice has steps, and instruments for everything it uses."""
        return bool(self.practice.steps) and not self.missing


def get_fiche(slug: str) -> Fiche:
    """Return the page of a practice in force. Raises Practice.DoesNotExist."""
    practice = practice_file(get_practice(slug))
    whole = base_of(practice)
    return Fiche(
        practice=practice,
        figures=group_figures(practice),
        base=f"{figure_in_words(whole.published)} {whole.unit}" if whole else "",
        checks=count_checks(practice.indicators),
        settings=tuple(_setting_line(practice, setting) for setting in practice.settings.values()),
        missing=missing_instruments(practice),
        audience=_audience(practice),
    )


def _setting_line(practice: PracticeFile, setting: Setting) -> SettingLine:
    labels = practice.choice_labels.get(setting.key)
    value = setting_in_words(setting, setting.default, labels)
    if setting.at_launch == "start_year":
        value = "l’année où l’action commence"
    return SettingLine(typographic(setting.label), value, typographic(setting.source), typographic(setting.only_text))


def _audience(practice: PracticeFile) -> tuple[tuple[AudienceLine, str], ...]:
    lines = practice.presentation.audience if practice.presentation else ()
    better = {line.see for line in lines if line.see}
    titles = dict(Practice.objects.filter(is_current=True, slug__in=better).values_list("slug", "title"))
    return tuple((line, titles.get(line.see, "")) for line in lines)


@cache
def read_glossary() -> tuple[TermGroup, ...]:
    """Return the words of 2010 and those of today."""
    return parse_glossary(GLOSSARY.read_text(encoding="utf-8"))
