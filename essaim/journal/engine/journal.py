"""Reading journals: files in, accepted facts and one fault for each bad line out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from essaim.journal.engine.corrections import Link, Target, judge_corrections
from essaim.journal.engine.declarations import Declarations, Row, Store, StoredFact
from essaim.journal.engine.facts import Checked, check_fact
from essaim.journal.engine.faults import Fault, FaultError
from essaim.journal.engine.header import check_header, header_refs
from essaim.journal.engine.lines import BOM, is_blank, parse_line

_MESSAGES = {
    "E_DUPLICATE_ID": "le fait « {id} » existe déjà avec un autre contenu",
    "E_CORRECTS_UNKNOWN": "corrects : le fait « {target} » est inconnu, ou rejeté lui-même",
    "E_CORRECTS_CYCLE": "corrects : ce fait se corrige lui-même, directement ou en boucle",
    "E_CORRECTS_KIND": "une correction garde la nature du fait corrigé « {target} »",
    "E_CORRECTS_ACTION": "une correction garde l’action du fait corrigé « {target} »",
    "E_CORRECTS_TWICE": "le fait « {target} » est déjà corrigé par un autre : corrigez cette correction",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A well-formed fact and where it was read."""

    file: int
    line: int
    fact: Checked


@dataclass(slots=True)
class Reading:
    """What the files hold: new rows in order, new facts in order, facts already known (lines), faults in order."""

    rows: list[Row] = field(default_factory=list)
    facts: list[Checked] = field(default_factory=list)
    already_known: int = 0
    faults: list[Fault] = field(default_factory=list)


def read_journals(files: Iterable[tuple[str, Iterable[bytes]]], store: Store) -> Reading:
    """Read the files in the order given: (path as the person wrote it, lines of bytes).

    Every code of FACTS §7 is found here, at most one a line. ``Reading.facts`` is what stands once bad lines are left
    out: whether to store it when there are faults is the caller's choice. Asks the store for the practices, the refs
    and ids met, and the stored targets of corrections.
    """
    reader = _Reader(store)
    for path, lines in files:
        reader.read(path, lines)
    return reader.finish()


class _Reader:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.practices = store.practices()
        self.declared = Declarations(store)
        self.paths: list[str] = []
        self.lines: list[Line] = []
        self.rows: list[Row] = []
        self.faults: list[tuple[int, Fault]] = []

    def read(self, path: str, lines: Iterable[bytes]) -> None:
        """Take one file: its header, then its facts. A header in fault stops the file."""
        self.paths.append(path)
        numbered = enumerate(lines, start=1)
        try:
            self._take_header(next(numbered, (1, b""))[1])
        except FaultError as error:
            self._fault(len(self.paths) - 1, 1, error.code, error.message)
            return
        for number, raw in numbered:
            if is_blank(raw):
                continue
            try:
                self._take_fact(number, raw)
            except FaultError as error:
                self._fault(len(self.paths) - 1, number, error.code, error.message)

    def finish(self) -> Reading:
        """Compare the facts with one another and with the store, then judge the corrections."""
        stored = self.store.facts({line.fact.content["id"] for line in self.lines})
        kept, known = self._without_duplicates(stored)
        fallen = self._judge([lines[0].fact for lines in kept.values()], stored)
        reading = Reading(rows=self.rows, already_known=known)
        for id, lines in kept.items():
            if id in fallen:
                for line in lines:
                    self._fault_of(line, fallen[id])
            else:
                reading.facts.append(lines[0].fact)
                reading.already_known += len(lines) - 1
        self.faults.sort(key=lambda fault: (fault[0], fault[1].line))
        reading.faults = [fault for _, fault in self.faults]
        return reading

    def _take_header(self, raw: bytes) -> None:
        raw = raw.removeprefix(BOM)
        if is_blank(raw):
            raise FaultError("E_HEADER", "la première ligne est vide : un journal commence par son en-tête")
        header = parse_line(raw)
        refs = header_refs(header)
        self.declared.preload(refs)
        new = check_header(header, self.declared, self.practices)
        self.declared.add(new, refs)
        self.rows.extend(new)

    def _take_fact(self, number: int, raw: bytes) -> None:
        content = parse_line(raw)
        if not isinstance(content, dict):
            raise FaultError("E_OBJECT", "la ligne n’est pas un objet")
        self.lines.append(Line(len(self.paths) - 1, number, check_fact(content, self.declared)))

    def _without_duplicates(self, stored: Mapping[str, StoredFact]) -> tuple[dict[str, list[Line]], int]:
        """Return the lines of each new fact, and how many lines say again what the store holds."""
        kept: dict[str, list[Line]] = {}
        known = 0
        for line in self.lines:
            id = line.fact.content["id"]
            digest: UUID | None = line.fact.digest
            if id in stored:
                if stored[id].digest == digest:
                    known += 1
                else:
                    self._fault_of(line, "E_DUPLICATE_ID")
            elif id not in kept:
                kept[id] = [line]
            elif kept[id][0].fact.digest == digest:
                kept[id].append(line)
            else:
                self._fault_of(line, "E_DUPLICATE_ID")
        return kept, known

    def _judge(self, facts: Sequence[Checked], stored: Mapping[str, StoredFact]) -> dict[str, str]:
        links = [
            Link(fact.content["id"], fact.content["kind"], fact.content["action"], fact.content.get("corrects"))
            for fact in facts
        ]
        new = {link.id for link in links}
        elsewhere = {link.corrects for link in links if link.corrects and link.corrects not in new}
        targets = dict(stored) | dict(self.store.facts(elsewhere - stored.keys()))
        return judge_corrections(
            links,
            {id: Target(fact.kind, fact.action, fact.is_corrected) for id, fact in targets.items() if id in elsewhere},
        )

    def _fault_of(self, line: Line, code: str) -> None:
        content = line.fact.content
        message = _MESSAGES[code].format(id=content["id"], target=content.get("corrects"))
        self._fault(line.file, line.line, code, message)

    def _fault(self, file: int, line: int, code: str, message: str) -> None:
        self.faults.append((file, Fault(self.paths[file], line, code, message)))
