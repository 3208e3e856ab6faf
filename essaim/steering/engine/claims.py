"""What the file of a participant misses of what a funder asks to see. Codes of ``journeys.enums.Evidence``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# The file is closed to the carrier now: what it holds cannot be shown.
CLOSED = "closed_file"
# Proven by a document of the same name in her file.
DOCUMENTS = frozenset({"identity", "zone_proof", "diploma", "cv", "commitment"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a file: its nature, and the last day it is valid, None when it does not expire."""

    kind: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a participant. ``is_open``: the carrier may open her file."""

    entered_on: date
    papers: tuple[Paper, ...] = ()
    is_open: bool = True
    has_signed: bool = False
    has_attended: bool = False
    left_for_a_job: bool = False
    has_contract: bool = False


def missing_evidence(asked: Iterable[str], held: Held) -> tuple[str, ...]:
    """Return what is asked and not held, in the order asked; a closed file misses everything at once.

    A document is valid when it was on the day she entered: a right is judged that day. A contract is asked only of who
    left for a job.
    """
    asked = tuple(asked)
    if not held.is_open:
        return (CLOSED,) if asked else ()
    return tuple(code for code in asked if not _is_held(code, held))


def _is_held(code: str, held: Held) -> bool:
    if code == "attendance":
        return held.has_attended
    if code == "work_contract":
        return held.has_contract or not held.left_for_a_job
    if code == "commitment" and held.has_signed:
        return True
    return code in DOCUMENTS and any(_proves(paper, code, held.entered_on) for paper in held.papers)


def _proves(paper: Paper, code: str, on: date) -> bool:
    return paper.kind == code and (paper.valid_until is None or paper.valid_until >= on)
