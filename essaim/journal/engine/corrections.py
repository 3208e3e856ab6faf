"""Which corrections hold (FACTS §4 and §7). Order decides which of two corrections of a fact is the later, no more."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A fact of the files, in the order of lines: what it is and what it corrects (an id, or None)."""

    id: str
    kind: str
    action: str
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A stored fact that files may correct."""

    kind: str
    action: str | None
    is_corrected: bool


def judge_corrections(links: Sequence[Link], stored: Mapping[str, Target]) -> dict[str, str]:
    """Return the code of each fact that falls, by id; a fact that corrects a fallen one falls too.

    ``links`` are the facts of the files that passed every other check, ids unique; ``stored`` the facts of the store
    that they correct. Codes come in the order of FACTS §7: a target that falls makes its corrections unknown before
    anything else is asked of them.
    """
    return _Judge(links, stored).run()


class _Judge:
    def __init__(self, links: Sequence[Link], stored: Mapping[str, Target]) -> None:
        self.stored = stored
        self.alive = {link.id: link for link in links}
        self.fallen: dict[str, str] = {}
        self.corrections: dict[str, list[str]] = defaultdict(list)
        for link in links:
            if link.corrects is not None:
                self.corrections[link.corrects].append(link.id)

    def run(self) -> dict[str, str]:
        self.fell("E_CORRECTS_UNKNOWN", [id for id, link in self.open() if not self.is_known(link.corrects)])
        self.fell("E_CORRECTS_CYCLE", self.cycles())
        for code, attribute in (("E_CORRECTS_KIND", "kind"), ("E_CORRECTS_ACTION", "action")):
            self.fell(
                code,
                [id for id, link in self.open() if getattr(link, attribute) != getattr(self.target(link), attribute)],
            )
        self.fell("E_CORRECTS_TWICE", self.later_ones())
        return self.fallen

    def open(self) -> list[tuple[str, Link]]:
        return [(id, link) for id, link in self.alive.items() if link.corrects is not None]

    def is_known(self, target: str | None) -> bool:
        return target in self.alive or target in self.stored

    def target(self, link: Link) -> Link | Target:
        assert link.corrects is not None
        return self.alive.get(link.corrects) or self.stored[link.corrects]

    def fell(self, code: str, ids: Iterable[str]) -> None:
        """Let these fall with ``code``, then whatever corrects them, which no longer has a target."""
        pending = deque(ids)
        for id in pending:
            self.fallen[id] = code
            del self.alive[id]
        while pending:
            gone = pending.popleft()
            if gone in self.stored:
                continue
            for id in self.corrections.get(gone, ()):
                if id in self.alive:
                    self.fallen[id] = "E_CORRECTS_UNKNOWN"
                    del self.alive[id]
                    pending.append(id)

    def cycles(self) -> list[str]:
        """Return the facts that correct themselves through one another."""
        done: set[str] = set()
        found: list[str] = []
        for start in self.alive:
            path: list[str] = []
            place: dict[str, int] = {}
            here: str | None = start
            while here is not None and here in self.alive and here not in done and here not in place:
                place[here] = len(path)
                path.append(here)
                here = self.alive[here].corrects
            if here is not None and here in place:
                found.extend(path[place[here] :])
            done.update(path)
        return found

    def later_ones(self) -> list[str]:
        """Return every correction of a fact but the first; all of them when the store already holds one."""
        later: list[str] = []
        for target, ids in self.corrections.items():
            standing = [id for id in ids if id in self.alive]
            known = self.stored.get(target)
            first = 0 if target not in self.alive and known is not None and known.is_corrected else 1
            later.extend(standing[first:])
        return later
