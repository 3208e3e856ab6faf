"""All the practice files together."""

from __future__ import annotations

from collections.abc import Mapping

from essaim.guide.engine.launching import Offered
from essaim.guide.engine.practice import parse_practice
from essaim.guide.engine.schema import PracticeFile
from essaim.guide.engine.source import Fault


def read_library(texts: Mapping[str, str], offered: Offered | None = None) -> tuple[list[PracticeFile], list[Fault]]:
    """Read every file of ``texts`` (by name). Returns the good ones in the guide's order, and all the faults.

    Refuses, besides what ``parse_practice`` refuses: two files of one number, and a fiche that sends its
    reader to one that does not exist.
    """
    practices: list[PracticeFile] = []
    faults: list[Fault] = []
    names: dict[str, str] = {}
    for name in sorted(texts):
        found = parse_practice(texts[name], name, offered)
        if isinstance(found, list):
            faults += found
        else:
            practices.append(found)
            names[found.slug] = name
    faults += _same_numbers(practices, names)
    faults += [] if faults else _lost_readers(practices, names)
    return sorted(practices, key=lambda practice: practice.number), faults


def _same_numbers(practices: list[PracticeFile], names: Mapping[str, str]) -> list[Fault]:
    first: dict[int, str] = {}
    faults = []
    for practice in practices:
        name = names[practice.slug]
        other = first.setdefault(practice.number, name)
        if other != name:
            faults.append(Fault(name, 1, f"le numéro {practice.number} est déjà celui de {other}"))
    return faults


def _lost_readers(practices: list[PracticeFile], names: Mapping[str, str]) -> list[Fault]:
    return [
        Fault(names[practice.slug], 1, f"la fiche « {line.see} », où le lecteur est envoyé, n’existe pas")
        for practice in practices
        for line in (practice.presentation.audience if practice.presentation else ())
        if line.see and line.see not in names
    ]
