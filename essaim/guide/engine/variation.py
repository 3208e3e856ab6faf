"""A practice changed by those who tried it: what may be changed by a form, and what was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from essaim.guide.engine.differences import is_adapted
from essaim.guide.engine.schema import PracticeFile
from essaim.guide.engine.words import setting_in_words

# What a form lets rewrite: where it stands in the file, and its name on the screen. A list has one text a line.
TEXTS: Mapping[str, str] = {
    "promise": "La promesse, en une phrase",
    "place": "Le lieu",
    "carrier": "Qui porte l’action",
    "presentation.objective": "L’objectif",
    "presentation.results": "Ce que cela a donné",
    "presentation.strengths": "Points forts",
    "presentation.success_keys": "Clés de réussite",
    "presentation.vigilance": "Vigilance",
    "presentation.tools": "Outils",
    "presentation.partners": "Partenaires",
    "presentation.spreading": "Pour la reprendre ailleurs",
    "presentation.perspectives": "Et ensuite",
}
# What only a file can change, told by the labels it gains and loses.
PARTS: Mapping[str, tuple[str, str]] = {
    "eligibility": ("code", "Règles d’entrée"),
    "steps": ("key", "Étapes"),
    "alerts": ("label", "Veilles"),
    "tools": ("key", "Documents"),
    "indicators": ("id", "Indicateurs"),
    "needs": ("label", "Ce que cela demande"),
}


@dataclass(frozen=True, slots=True)
class Variation:
    """One thing that a variant changes, in words: ``nature`` is "setting", "text" or "part"."""

    nature: str
    label: str
    before: str
    after: str


def text_at(definition: Mapping[str, Any], path: str) -> str | list[str] | None:
    """Return the text, or the list of texts, written at ``path`` (a key of TEXTS); None when the file has none."""
    place: Any = definition
    for key in path.split("."):
        place = place.get(key) if isinstance(place, Mapping) else None
    found: str | list[str] | None = place
    return found


def vary(
    practice: PracticeFile,
    *,
    title: str,
    texts: Mapping[str, str | list[str]],
    settings: Mapping[str, Any],
    origin: PracticeFile | None = None,
) -> dict[str, Any]:
    """Return the definition of ``practice`` with this title, these texts (by key of TEXTS) and these values of
    settings. What is not named stays as it is.

    The source of a setting that changes says so, beside the value of ``origin``, the practice that is varied; back to
    that value, it takes its source again.
    """
    changed: dict[str, Any] = deepcopy(dict(practice.definition))
    changed["title"] = title
    for path, text in texts.items():
        *parents, last = path.split(".")
        place = changed
        for key in parents:
            place = place.setdefault(key, {})
        place[last] = text
    for key, value in settings.items():
        if is_adapted(value, practice.settings[key].default):
            changed["settings"][key] |= {"default": value, "source": _source(practice, origin, key, value)}
    return changed


def _source(practice: PracticeFile, origin: PracticeFile | None, key: str, value: Any) -> str:
    former = (origin or practice).settings.get(key)
    if former is None:
        return "Réglé par la variante."
    if origin is not None and not is_adapted(value, former.default):
        return former.source
    words = setting_in_words(former, former.default, practice.choice_labels.get(key))
    return f"Réglé par la variante ; la fiche d’origine : {words}."


def list_variations(before: PracticeFile, after: PracticeFile) -> tuple[Variation, ...]:
    """Return everything that ``after`` changes: settings, then texts, then the parts that only a file changes."""
    return (*_settings(before, after), *_texts(before, after), *_parts(before, after))


def _settings(before: PracticeFile, after: PracticeFile) -> Iterator[Variation]:
    def words(practice: PracticeFile, key: str) -> str:
        setting = practice.settings.get(key)
        return setting_in_words(setting, setting.default, practice.choice_labels.get(key)) if setting else ""

    for key in dict.fromkeys((*before.settings, *after.settings)):
        old, new = before.settings.get(key), after.settings.get(key)
        if old is None or new is None or is_adapted(new.default, old.default):
            setting = new or old
            assert setting is not None
            yield Variation("setting", setting.label, words(before, key), words(after, key))


def _texts(before: PracticeFile, after: PracticeFile) -> Iterator[Variation]:
    for path, label in {"title": "Le titre", **TEXTS}.items():
        old, new = text_at(before.definition, path), text_at(after.definition, path)
        if old != new:
            yield Variation("text", label, _lines(old), _lines(new))


def _lines(text: str | list[str] | None) -> str:
    return "\n".join(text) if isinstance(text, list) else text or ""


def _parts(before: PracticeFile, after: PracticeFile) -> Iterator[Variation]:
    for part, (name, label) in PARTS.items():
        old, new = (_rows(practice, part, name) for practice in (before, after))
        lost = [old[key] for key in old if key not in new]
        gained = [new[key] for key in new if key not in old]
        touched = [
            new[key] for key in new if key in old and _row(before, part, name, key) != _row(after, part, name, key)
        ]
        if lost or gained or touched:
            yield Variation("part", label, "\n".join([*lost, *touched]), "\n".join([*gained, *touched]))


def _rows(practice: PracticeFile, part: str, name: str) -> dict[str, str]:
    rows = practice.definition.get(part) or []
    return {str(row.get(name)): str(row.get("label") or row.get(name)) for row in rows}


def _row(practice: PracticeFile, part: str, name: str, key: str) -> Any:
    return next(row for row in practice.definition[part] if str(row.get(name)) == key)
