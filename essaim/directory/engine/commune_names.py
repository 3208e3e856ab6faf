"""Communes meant by what files say of them: a name, with its postcode or not, or an INSEE code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from essaim.kernel.engine.sheets import fold_heading

_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_SHORT = re.compile(r"\b(ste|st)\b")
_CEDEX = re.compile(r"_cedex(_[0-9]+)?$")


class UnknownCommuneError(ValueError):
    """No commune, or several: the message says what to write."""


@dataclass(frozen=True, slots=True)
class KnownCommune:
    code: str
    name: str
    department: str
    postcodes: tuple[str, ...]


class CommuneNames:
    """A list of communes held in memory, to find thousands of them without asking the database each time."""

    def __init__(self, communes: Iterable[KnownCommune]) -> None:
        self._by_code: dict[str, KnownCommune] = {}
        self._by_name: dict[str, list[KnownCommune]] = {}
        for commune in communes:
            self._by_code[commune.code] = commune
            self._by_name.setdefault(plain_commune(commune.name), []).append(commune)

    def find(self, text: str, postcode: str = "") -> str:
        """Return the INSEE code of the one commune meant.

        A postcode tells homonyms apart; one that belongs to no commune (CEDEX) does so by its department. Raises
        UnknownCommuneError.
        """
        code = text.upper().replace(" ", "")
        if re.fullmatch(r"[0-9]{4}", code):  # a spreadsheet took away the first zero
            code = f"0{code}"
        if _CODE.fullmatch(code):
            if code not in self._by_code:
                raise UnknownCommuneError("Aucune commune n’a ce code INSEE.")
            return code
        named = self._by_name.get(plain_commune(text), [])
        found = _near(named, postcode) if postcode else named
        if len(found) == 1:
            return found[0].code
        if not named:
            raise UnknownCommuneError("Aucune commune ne porte ce nom : vérifiez, ou écrivez son code INSEE.")
        if not found:
            raise UnknownCommuneError("Cette commune n’a pas ce code postal.")
        raise UnknownCommuneError("Plusieurs communes portent ce nom : ajoutez le code postal ou le code INSEE.")


def plain_commune(name: str) -> str:
    """Return a name to compare: « ST-DENIS CEDEX 2 » and « Saint-Denis » are the same."""
    folded = _CEDEX.sub("", fold_heading(name.replace("œ", "oe").replace("Œ", "oe")))
    return _SHORT.sub(lambda found: "sainte" if found[1] == "ste" else "saint", folded.replace("_", " "))


def _near(named: Sequence[KnownCommune], postcode: str) -> list[KnownCommune]:
    exact = [commune for commune in named if postcode in commune.postcodes]
    return exact or [commune for commune in named if postcode.startswith(_beginning(commune.department))]


def _beginning(department: str) -> str:
    return "20" if department in {"2A", "2B"} else department
