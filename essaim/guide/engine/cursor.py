"""Walking through data read from a file: each step checks the shape and notes, in French, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from essaim.guide.engine.source import Path

Report = Callable[[Path, str], None]

_WORDS: dict[type, str] = {
    str: "un texte",
    bool: "true ou false",
    int: "un nombre entier",
    list: "une liste",
    dict: "un bloc de clés",
}


class Cursor:
    """A mapping of the file at ``path``. What is missing or misshapen is reported and read as empty."""

    def __init__(self, value: Mapping[str, Any], path: Path, report: Report) -> None:
        self.value = value
        self.path = path
        self.report = report

    def only(self, *keys: str) -> None:
        """Refuse every key that is not one of these."""
        for key in self.value:
            if key not in keys:
                self.fault(f"clé inconnue « {key} »", key)

    def fault(self, message: str, *inside: str | int) -> None:
        """Report a fault on this mapping, or on the value at ``inside``."""
        self.report((*self.path, *inside), message)

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a text that is not blank; an empty one when it is missing."""
        value: str = self._typed(key, str, "", required=required)
        if required and key in self.value and isinstance(self.value[key], str) and not value.strip():
            self.fault(f"« {key} » est vide", key)
        return value.strip()

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of ``choices``."""
        value = self.text(key)
        if value and value not in choices:
            self.fault(f"« {key} » : « {value} » n’est pas un choix possible ({', '.join(choices)})", key)
        return value

    def boolean(self, key: str) -> bool:
        """Return a boolean, false when the key is absent."""
        value: bool = self._typed(key, bool, False, required=False)
        return value

    def integer(self, key: str) -> int:
        """Return a whole number."""
        value: int = self._typed(key, int, 0, required=True)
        return value

    def number(self, key: str, *, required: bool = False) -> int | float | None:
        """Return a number; None when it is missing."""
        value = self.value.get(key)
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"« {key} » doit être un nombre", key)
            return None
        return value

    def raw(self, key: str) -> Any:
        """Return whatever is written there, None when it is absent."""
        return self.value.get(key)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts."""
        found = []
        for rank, item in enumerate(self._typed(key, list, [], required=required)):
            if isinstance(item, str) and item.strip():
                found.append(item.strip())
            else:
                self.fault(f"« {key} » : chaque ligne est un texte", key, rank)
        return tuple(found)

    def block(self, key: str, *, required: bool = False) -> Cursor:
        """Return the mapping written under ``key``."""
        return Cursor(self._typed(key, dict, {}, required=required), (*self.path, key), self.report)

    def rows(self, key: str, *, required: bool = False) -> Iterator[Cursor]:
        """Yield each mapping of the list written under ``key``."""
        for rank, item in enumerate(self._typed(key, list, [], required=required)):
            if isinstance(item, dict):
                yield Cursor(item, (*self.path, key, rank), self.report)
            else:
                self.fault(f"« {key} » : chaque ligne est un bloc de clés", key, rank)

    def entries(self, key: str) -> Iterator[tuple[str, Cursor]]:
        """Yield each key of the mapping written under ``key``, with the mapping it holds."""
        block = self.block(key)
        for name, item in block.value.items():
            if isinstance(item, dict):
                yield name, Cursor(item, (*block.path, name), self.report)
            else:
                block.fault(f"« {name} » doit être un bloc de clés", name)

    def _typed(self, key: str, kind: type, empty: Any, *, required: bool) -> Any:
        if key not in self.value or (self.value[key] is None and not required):
            if required:
                self.fault(f"il manque « {key} »")
            return empty
        value = self.value[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(f"« {key} » doit être {_WORDS[kind]}", key)
            return empty
        return value
