"""The words of 2010 and those of today, from their data file."""

from __future__ import annotations

from dataclasses import dataclass

from essaim.guide.engine.cursor import Cursor
from essaim.guide.engine.source import Path, read_source


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the guide, what it meant, what is said today and what has changed."""

    old: str
    then: str
    now: str
    note: str


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Words of one subject."""

    title: str
    terms: tuple[Term, ...]


def parse_glossary(text: str) -> tuple[TermGroup, ...]:
    """Read the glossary file. Raises ValueError on the first thing wrong in it."""

    def refuse(path: Path, message: str) -> None:
        raise ValueError(f"{'.'.join(map(str, path))}: {message}")

    file = Cursor(read_source(text).data, (), refuse)
    file.only("groups")
    return tuple(_group(row) for row in file.rows("groups", required=True))


def _group(row: Cursor) -> TermGroup:
    row.only("title", "terms")
    return TermGroup(row.text("title"), tuple(_term(term) for term in row.rows("terms", required=True)))


def _term(row: Cursor) -> Term:
    row.only("old", "then", "now", "note")
    return Term(row.text("old"), row.text("then"), row.text("now"), row.text("note", required=False))
