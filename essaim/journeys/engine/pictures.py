"""A person's profile as a fact tells it, and as the conditions of a practice read it. Plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from essaim.people.engine.ages import age_on

ACTION_AREA = "action_area"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a person on a day: the exported fields of ``profile_declared`` (FACTS §6.1) and no
    other.
    """

    birth_date: date | None = None
    sex: str = ""
    level: int | None = None
    zones: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    resources: str = ""
    licence_since: date | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the fact's data: a field left out is unknown, dates are ``YYYY-MM-DD``."""
        values: dict[str, Any] = {
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "sex": self.sex,
            "level": self.level,
            "zones": list(self.zones),
            "statuses": list(self.statuses),
            "resources": self.resources,
            "licence_since": self.licence_since.isoformat() if self.licence_since else None,
        }
        return {key: value for key, value in values.items() if value not in (None, "", [])}


def with_action_area(zones: Iterable[str], *, lives_in_area: bool) -> tuple[str, ...]:
    """Return the zones of a picture taken for one action, its territory among them when the person lives
    there.
    """
    kept = [zone for zone in zones if zone != ACTION_AREA or not lives_in_area]
    return (*kept, ACTION_AREA) if lives_in_area else tuple(kept)


def values_of(picture: Picture, day: date) -> Callable[[str], Any]:
    """Return what the condition language reads: ``person.age``, ``person.zones``… null when unknown
    (INDICATORS §3).
    """
    known = picture.as_data() | {"age": age_on(picture.birth_date, day)}

    def read(name: str) -> Any:
        return known.get(name.removeprefix("person.")) if name.startswith("person.") else None

    return read


def unknown_fields(where: Mapping[str, Any] | list[Any] | Any, read: Callable[[str], Any]) -> tuple[str, ...]:
    """Return the person's fields that a condition reads and that nobody has written yet, in order."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, Mapping):
            for key, value in part.items():
                if key.startswith("person.") and read(key) in (None, []):
                    found.append(key.removeprefix("person."))
                walk(value)
        elif isinstance(part, list | tuple):
            for item in part:
                walk(item)

    walk(where)
    return tuple(dict.fromkeys(found))
