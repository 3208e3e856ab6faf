"""The five syntheses of the guide, one a theme, from their data file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from essaim.guide.engine.cursor import Cursor, Report
from essaim.guide.engine.schema import THEMES
from essaim.guide.engine.source import Fault, Path, SourceError, read_source
from essaim.guide.engine.words import typographic


@dataclass(frozen=True, slots=True)
class Advice:
    """An approach or a recommendation, with the fiches that show it."""

    title: str
    text: str
    fiches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spreading:
    """Fiches that the guide would see taken up elsewhere, and why."""

    fiches: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    """What the guide says of all the fiches of a theme together. ``doubts``: where it contradicts itself."""

    theme: str
    title: str
    summary: str
    questions: tuple[str, ...]
    approaches: tuple[Advice, ...]
    recommendations: tuple[Advice, ...]
    spreading: tuple[Spreading, ...]
    doubts: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """The fiches this page names, in order, each once."""
        parts: tuple[Advice | Spreading, ...] = (*self.approaches, *self.recommendations, *self.spreading)
        return tuple(dict.fromkeys(slug for part in parts for slug in part.fiches))


def parse_themes(text: str, filename: str, slugs: Collection[str]) -> tuple[ThemePage, ...] | list[Fault]:
    """Read the file of the themes. Returns one page a theme, or every fault with its line.

    Refuses a fiche that is none of ``slugs`` and a theme that is missing or told twice.
    """
    try:
        source = read_source(text)
    except SourceError as error:
        return [Fault(filename, line, message) for line, message in error.faults]
    faults: list[Fault] = []

    def report(path: Path, message: str) -> None:
        faults.append(Fault(filename, source.line_of(path), message))

    pages = read_themes(source.data, report, slugs)
    return faults if faults else pages


def read_themes(data: object, report: Report, slugs: Collection[str]) -> tuple[ThemePage, ...]:
    """Read the data of the themes, telling ``report`` what is wrong in it."""
    if not isinstance(data, dict):
        report((), "le fichier doit être un bloc de clés")
        return ()
    file = Cursor(data, (), report)
    file.only("themes")
    pages = tuple(_page(row, slugs) for row in file.rows("themes", required=True))
    told = [page.theme for page in pages]
    if sorted(told) != sorted(THEMES):
        file.fault(f"chaque thème une fois, et aucun autre : {', '.join(THEMES)}", "themes")
    return pages


def read_fiches(row: Cursor, slugs: Collection[str], *, required: bool = False) -> tuple[str, ...]:
    """Return the fiches a row names; refuses those that do not exist."""
    found = row.texts("fiches", required=required)
    for rank, slug in enumerate(found):
        if slug not in slugs:
            row.fault(f"la fiche « {slug} » n’existe pas", "fiches", rank)
    return found


def _page(row: Cursor, slugs: Collection[str]) -> ThemePage:
    row.only(*ThemePage.__dataclass_fields__)
    return ThemePage(
        theme=row.choice("theme", THEMES),
        title=typographic(row.text("title")),
        summary=typographic(row.text("summary")),
        questions=_texts(row, "questions"),
        approaches=tuple(_advice(line, slugs) for line in row.rows("approaches", required=True)),
        recommendations=tuple(_advice(line, slugs) for line in row.rows("recommendations", required=True)),
        spreading=tuple(_spreading(line, slugs) for line in row.rows("spreading", required=True)),
        doubts=_texts(row, "doubts"),
    )


def _texts(row: Cursor, key: str) -> tuple[str, ...]:
    return tuple(typographic(text) for text in row.texts(key, required=True))


def _advice(row: Cursor, slugs: Collection[str]) -> Advice:
    row.only("title", "text", "fiches")
    return Advice(typographic(row.text("title")), typographic(row.text("text")), read_fiches(row, slugs))


def _spreading(row: Cursor, slugs: Collection[str]) -> Spreading:
    row.only("fiches", "why")
    return Spreading(read_fiches(row, slugs, required=True), typographic(row.text("why")))
