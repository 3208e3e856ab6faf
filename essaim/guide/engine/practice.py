"""From the text of a practice file to its typed form, or to the list of everything to mend in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from essaim.guide.engine.cursor import Cursor, Report
from essaim.guide.engine.launching import Offered, find_misfits
from essaim.guide.engine.reading_machine import (
    read_alerts,
    read_eligibility,
    read_indicators,
    read_settings,
    read_steps,
    read_tools,
)
from essaim.guide.engine.reading_story import read_finding, read_headline, read_needs, read_presentation, story_of
from essaim.guide.engine.schema import STATUSES, THEMES, Alert, EligibilityRule, PracticeFile
from essaim.guide.engine.source import Fault, Path, SourceError, read_source
from essaim.guide.engine.words import fill, setting_in_words, typographic

# Raised when the same text gives another definition than before, so that every file is loaded anew.
FORMAT = 2

FILE_NAME = re.compile(r"^([0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.yaml$")
SLUG = re.compile(r"^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$")
TITLE_LENGTH = 200
LAST_NUMBER = 999
DERIVED = ("order",)  # what a definition holds that no file says
KEYS = tuple(key for key in PracticeFile.__dataclass_fields__ if key not in ("definition", "choice_labels"))


def parse_practice(
    text: str, filename: str, offered: Offered | None = None, *, is_proposal: bool = False
) -> PracticeFile | list[Fault]:
    """Read a practice file. Returns it typed, or every fault found in it, in the order of the lines.

    ``filename`` is the bare name ``NN-slug.yaml``: its number and slug must be those written inside, unless the file
    ``is_proposal``: then it may have any name, and its slug and number need only be possible ones. With
    ``offered``, what the instruments here offer, a setting given to a kind that does not know it is a fault
    too; a kind that nothing offers is not: it is a step to read.
    """
    try:
        source = read_source(text)
    except SourceError as error:
        return [Fault(filename, line, message) for line, message in error.faults]
    faults: list[Fault] = []

    def report(path: Path, message: str) -> None:
        faults.append(Fault(filename, source.line_of(path), message))

    if not isinstance(source.data, dict):
        return [Fault(filename, 1, "le fichier doit être un bloc de clés")]
    practice = _read(source.data, report)
    if is_proposal:
        _check_identity(practice, report)
    else:
        _check_name(practice, filename, report)
    for path, message in find_misfits(practice, offered) if offered else ():
        report(path, message)
    return sorted(set(faults), key=lambda fault: (fault.line, fault.message)) if faults else practice


def find_faults(definition: Mapping[str, Any], offered: Offered | None = None) -> list[tuple[Path, str]]:
    """Return (path, message) for everything to mend in a definition changed by a form, as in a file that says the
    same; empty when it is a practice.
    """
    faults: list[tuple[Path, str]] = []

    def report(path: Path, message: str) -> None:
        faults.append((path, message))

    practice = _read(_in_order(definition), report, *DERIVED)
    _check_identity(practice, report)
    return [*faults, *(find_misfits(practice, offered) if offered else ())]


def practice_from_definition(definition: Mapping[str, Any]) -> PracticeFile:
    """Return the typed form of a definition kept in the database: a practice's, or the one an action froze.

    Raises ValueError when the definition is not one that ``parse_practice`` accepted.
    """

    def refuse(path: Path, message: str) -> None:
        raise ValueError(f"{'.'.join(map(str, path))}: {message}")

    return _read(_in_order(definition), refuse, *DERIVED)


def rule_in_words(practice: PracticeFile, rule: EligibilityRule, values: Mapping[str, Any]) -> str:
    """Return the sentence of a rule of entry with the values an action gave to the settings it quotes."""
    return _in_words(practice, rule.label, values)


def alert_in_words(practice: PracticeFile, alert: Alert, values: Mapping[str, Any]) -> str:
    """Return the sentence of a watch with the values an action gave to the settings it quotes."""
    return _in_words(practice, alert.label, values)


def text_in_words(practice: PracticeFile, text: str, values: Mapping[str, Any]) -> str:
    """Return a text of a tool of the practice with the values an action gave to the settings it quotes."""
    return _in_words(practice, text, values)


def _in_words(practice: PracticeFile, text: str, values: Mapping[str, Any]) -> str:
    def words_of(key: str) -> str:
        setting = practice.settings[key]
        return setting_in_words(setting, values.get(key, setting.default), practice.choice_labels.get(key))

    return typographic(fill(text, words_of))


def _read(data: Mapping[str, Any], report: Report, *derived: str) -> PracticeFile:
    file = Cursor(data, (), report)
    file.only(*KEYS, *derived)
    settings, choice_labels = read_settings(file)
    indicators = read_indicators(file, settings)
    ids = {indicator.id for indicator in indicators}
    steps = read_steps(file, settings)
    story = story_of(settings, choice_labels, indicators)
    status = file.choice("status", STATUSES)
    has_story = status == "complete" or "presentation" in data
    return PracticeFile(
        slug=file.text("slug"),
        number=file.integer("number"),
        title=typographic(file.text("title")),
        place=typographic(file.text("place")),
        theme=file.choice("theme", THEMES),
        status=status,
        carrier=typographic(file.text("carrier")),
        period=typographic(file.text("period")),
        promise=story.text(file, "promise"),
        headline=read_headline(file, story, ids),
        needs=read_needs(file, story),
        presentation=read_presentation(file, story, ids, {step.key for step in steps}) if has_story else None,
        settings=settings,
        choice_labels=choice_labels,
        eligibility=tuple(read_eligibility(file, settings)),
        steps=steps,
        alerts=tuple(read_alerts(file, settings)),
        tools=tuple(read_tools(file, settings)),
        indicators=indicators,
        parent=file.text("parent", required=False),
        finding=read_finding(file, ids),
        definition={**data, "order": _order_of(data)},
    )


def _order_of(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The order of the keys that readers see: the database keeps none."""
    if "order" in data:
        return dict(data["order"])
    settings = data.get("settings") or {}
    if not isinstance(settings, Mapping):
        return {}
    choices = {key: row.get("choices") for key, row in settings.items() if isinstance(row, Mapping)}
    orders = {key: list(found) for key, found in choices.items() if isinstance(found, Mapping)}
    return {"settings": list(settings), **{f"settings.{key}.choices": found for key, found in orders.items()}}


def _in_order(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definition with its settings and their choices as the file had them."""
    order = definition.get("order", {})
    settings = definition.get("settings") or {}
    rows = {key: dict(settings[key]) for key in order.get("settings", settings)}
    for key, row in rows.items():
        if "choices" in row:
            row["choices"] = {
                code: row["choices"][code] for code in order.get(f"settings.{key}.choices", row["choices"])
            }
    return {**definition, "settings": rows}


def _check_identity(practice: PracticeFile, report: Report) -> None:
    if practice.slug and not SLUG.match(practice.slug):
        report(("slug",), "« slug » : des minuscules, des chiffres et des tirets, 64 signes au plus")
    if not 1 <= practice.number <= LAST_NUMBER:
        report(("number",), f"« number » : de 1 à {LAST_NUMBER}")
    if len(practice.title) > TITLE_LENGTH:
        report(("title",), f"« title » : {TITLE_LENGTH} caractères au plus")


def _check_name(practice: PracticeFile, filename: str, report: Report) -> None:
    named = FILE_NAME.match(filename)
    if named is None:
        report((), "un fichier de fiche s’appelle NN-nom-de-la-fiche.yaml")
        return
    if practice.number != int(named[1]):
        report(("number",), f"« number » devrait être {int(named[1])}, comme dans le nom du fichier")
    if practice.slug != named[2]:
        report(("slug",), f"« slug » devrait être « {named[2]} », comme dans le nom du fichier")
