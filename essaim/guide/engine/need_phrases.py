"""Needs in the words of those who have them, each leading to fiches, from their data file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from essaim.guide.engine.cursor import Cursor, Report
from essaim.guide.engine.source import Fault, Path, SourceError, read_source
from essaim.guide.engine.words import typographic

KEY = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class NeedPhrase:
    """A need: its key in addresses, its words, others one may type, and the fiches that answer, with why."""

    key: str
    words: str
    also: str
    fiches: tuple[tuple[str, str], ...]

    def why(self, slug: str) -> str:
        """Why this fiche answers the need, in one sentence; nothing when it does not."""
        return dict(self.fiches).get(slug, "")


def parse_needs(text: str, filename: str, slugs: Collection[str]) -> tuple[NeedPhrase, ...] | list[Fault]:
    """Read the file of the needs. Returns them in its order, or every fault with its line.

    Refuses a fiche that is none of ``slugs``, a fiche named twice by a need, a key taken or out of form, and a
    fiche of ``slugs`` to which no need leads.
    """
    try:
        source = read_source(text)
    except SourceError as error:
        return [Fault(filename, line, message) for line, message in error.faults]
    faults: list[Fault] = []

    def report(path: Path, message: str) -> None:
        faults.append(Fault(filename, source.line_of(path), message))

    needs = read_needs(source.data, report, slugs)
    return faults if faults else needs


def read_needs(data: object, report: Report, slugs: Collection[str]) -> tuple[NeedPhrase, ...]:
    """Read the data of the needs, telling ``report`` what is wrong in it."""
    if not isinstance(data, dict):
        report((), "le fichier doit être un bloc de clés")
        return ()
    file = Cursor(data, (), report)
    file.only("needs")
    needs: list[NeedPhrase] = []
    for row in file.rows("needs", required=True):
        need = _need(row, slugs)
        if need.key in {other.key for other in needs}:
            row.fault(f"la clé « {need.key} » est déjà prise", "key")
        needs.append(need)
    for slug in sorted(set(slugs) - {slug for need in needs for slug, _ in need.fiches}):
        file.fault(f"aucun besoin ne mène à la fiche « {slug} »", "needs")
    return tuple(needs)


def _need(row: Cursor, slugs: Collection[str]) -> NeedPhrase:
    row.only("key", "words", "also", "fiches")
    key = row.text("key")
    if key and not KEY.match(key):
        row.fault("« key » s’écrit en minuscules, chiffres et traits d’union", "key")
    found: dict[str, str] = {}
    for line in row.rows("fiches", required=True):
        line.only("fiche", "why")
        slug = line.text("fiche")
        if slug not in slugs or slug in found:
            line.fault(f"la fiche « {slug} » {'est déjà nommée ici' if slug in found else 'n’existe pas'}", "fiche")
        found[slug] = typographic(line.text("why"))
    return NeedPhrase(key, typographic(row.text("words")), row.text("also", required=False), tuple(found.items()))
