"""The part of a practice file that machines obey: settings, eligibility, steps, alerts, tools, indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from essaim.guide.engine.cursor import Cursor
from essaim.guide.engine.schema import (
    CHECKS,
    INDICATOR_KINDS,
    STEP_SUBJECTS,
    Alert,
    EligibilityRule,
    PracticeIndicator,
    PracticeTool,
    Step,
)
from essaim.guide.engine.settings import AT_LAUNCH, KEY, LAUNCH_TYPES, TYPES, check_value, is_reference
from essaim.guide.engine.source import Path, locate
from essaim.guide.engine.words import PLACEHOLDER
from essaim.kernel.contract import AtLaunch, Setting
from essaim.kernel.engine.conditions import Condition, DefinitionError, fields_of, parse_where, settings_used
from essaim.kernel.engine.indicators import parse_indicators

KIND_FORM = "une nature s’écrit instrument.nature, par exemple journeys.enrolment"


def read_settings(file: Cursor) -> tuple[dict[str, Setting], dict[str, dict[str, str]]]:
    """Return the settings by key, and the French words of their choices by key and code."""
    found: dict[str, Setting] = {}
    labels: dict[str, dict[str, str]] = {}
    for key, row in file.entries("settings"):
        row.only("type", "default", "unit", "label", "min", "max", "choices", "source", "at_launch", "only_text")
        if not KEY.match(key):
            row.fault(f"« {key} » : une clé de réglage a des minuscules, des chiffres et des _")
        labels[key] = _read_choices(row)
        setting = Setting(
            key=key,
            type=row.choice("type", TYPES),  # type: ignore[arg-type]  # checked against the same list
            default=row.raw("default"),
            unit=row.text("unit", required=False),
            label=row.text("label"),
            min=row.number("min"),
            max=row.number("max"),
            choices=tuple(labels[key]),
            source=row.text("source"),
            at_launch=_read_at_launch(row),
            only_text=row.text("only_text", required=False),
        )
        _check_setting(setting, row)
        found[key] = setting
    return found, {key: words for key, words in labels.items() if words}


def _read_choices(row: Cursor) -> dict[str, str]:
    choices = row.raw("choices")
    if isinstance(choices, dict) and all(isinstance(words, str) and words for words in choices.values()):
        return dict(choices)
    if choices is not None:
        row.fault("« choices » est un bloc code: mots", "choices")
    return {}


def _read_at_launch(row: Cursor) -> AtLaunch | None:
    if "at_launch" not in row.value:
        return None
    found = row.choice("at_launch", AT_LAUNCH)
    types = LAUNCH_TYPES.get(found, TYPES)
    if row.raw("type") not in types:
        row.fault(f"« at_launch: {found} » ne va qu’à un réglage de type {' ou '.join(types)}", "at_launch")
    return found  # type: ignore[return-value]  # checked against the same list


def _check_setting(setting: Setting, row: Cursor) -> None:
    if setting.type not in TYPES:
        return
    if setting.type == "choice" and not setting.choices:
        row.fault(f"le réglage « {setting.key} » est un choix : il lui faut « choices »")
        return
    if setting.min is not None and setting.max is not None and setting.min > setting.max:
        row.fault(f"le réglage « {setting.key} » a un minimum plus grand que son maximum", "min")
    if "default" not in row.value:
        row.fault(f"le réglage « {setting.key} » n’a pas de valeur par défaut (null s’il n’y en a pas)")
    elif wrong := check_value(setting, setting.default):
        row.fault(f"valeur par défaut de « {setting.key} » : {wrong}", "default")


def read_eligibility(file: Cursor, settings: Mapping[str, Setting]) -> Iterator[EligibilityRule]:
    """Yield the rules of entry whose condition can be read."""
    codes: set[str] = set()
    for row in file.rows("eligibility"):
        row.only("code", "label", "where")
        code, label = row.text("code"), row.text("label")
        _check_quotes(row, label, settings)
        _once(row, codes, code, "règle")
        where = row.block("where", required=True)
        check_references(where.value, where.path, settings, row)
        condition = _condition(where)
        if condition is not None:
            _refuse_lists(condition, settings, where)
            yield EligibilityRule(code, label, where.value, condition)


def _refuse_lists(condition: Condition, settings: Mapping[str, Setting], where: Cursor) -> None:
    for key in settings_used(condition):
        if key in settings and settings[key].type == "list":
            where.fault(f"le réglage « {key} » est une liste, et une condition compare à une seule valeur")


def _check_quotes(row: Cursor, label: str, settings: Mapping[str, Setting]) -> None:
    for key in PLACEHOLDER.findall(label):
        if key not in settings:
            row.fault(f"le réglage « {key} » n’existe pas dans ce fichier", "label")


def _condition(where: Cursor) -> Condition | None:
    if not where.value:
        where.fault("une règle d’entrée a au moins une condition")
        return None
    try:
        condition = parse_where(where.value)
    except DefinitionError as error:
        where.fault(f"condition illisible : {error.message}", *locate(where.value, error.path))
        return None
    for field in fields_of(condition):
        if not field.startswith("person."):
            where.fault(f"« {field} » : une règle d’entrée ne regarde que la personne (person.…)")
    return condition


def read_steps(file: Cursor, settings: Mapping[str, Setting]) -> tuple[Step, ...]:
    """Return the steps; refuses a key met twice, an unknown step after which to come, and a cycle."""
    keys: set[str] = set()
    found: list[tuple[Step, Cursor]] = []
    for row in file.rows("steps"):
        row.only("key", "kind", "label", "for", "after", "settings")
        step = Step(
            key=row.text("key"),
            kind=_kind(row),
            label=row.text("label"),
            subject=row.choice("for", STEP_SUBJECTS),
            after=row.texts("after"),
            settings=_settings_of(row, settings),
        )
        _once(row, keys, step.key, "étape")
        found.append((step, row))
    for step, row in found:
        for rank, earlier in enumerate(step.after):
            if earlier not in keys:
                row.fault(f"l’étape « {earlier} » n’existe pas", "after", rank)
    _refuse_cycles(found)
    return tuple(step for step, _ in found)


def _refuse_cycles(found: list[tuple[Step, Cursor]]) -> None:
    settled: set[str] = set()
    waiting = {step.key: (step, row) for step, row in found}
    names = set(waiting)
    while ready := [key for key, (step, _) in waiting.items() if not (set(step.after) & names) - settled]:
        settled.update(ready)
        for key in ready:
            del waiting[key]
    for key, (_, row) in waiting.items():
        row.fault(f"l’étape « {key} » attend, par un chemin ou un autre, une étape qui l’attend elle-même", "after")


def read_alerts(file: Cursor, settings: Mapping[str, Setting]) -> Iterator[Alert]:
    """Yield the watches."""
    for row in file.rows("alerts"):
        row.only("kind", "label", "settings")
        alert = Alert(_kind(row), row.text("label"), _settings_of(row, settings))
        _check_quotes(row, alert.label, settings)
        yield alert


def read_tools(file: Cursor, settings: Mapping[str, Setting]) -> Iterator[PracticeTool]:
    """Yield the forms, grids and documents."""
    keys: set[str] = set()
    for row in file.rows("tools"):
        row.only("key", "kind", "label", "fields", "settings")
        tool = PracticeTool(
            key=row.text("key"),
            kind=_kind(row),
            label=row.text("label"),
            fields=tuple(field.value for field in row.rows("fields")),
            settings=_settings_of(row, settings),
        )
        _once(row, keys, tool.key, "outil")
        yield tool


def read_indicators(file: Cursor, settings: Mapping[str, Setting]) -> tuple[PracticeIndicator, ...]:
    """Return the indicators in the order of the file, their formulas checked by the indicator language."""
    rows = list(file.rows("indicators", required=True))
    ids: set[str] = set()
    found = tuple(_read_indicator(row, ids) for row in rows)
    for row in rows:
        for key in ("formula", "realised"):
            check_references(row.raw(key), (*row.path, key), settings, row)
    formulas = [_formulas(row) for row in rows]
    try:
        parse_indicators(formulas)
    except DefinitionError as error:
        _report_formula(file, formulas, error)
    return found


def _read_indicator(row: Cursor, ids: set[str]) -> PracticeIndicator:
    row.only(*PracticeIndicator.__dataclass_fields__)
    id = row.text("id")
    _once(row, ids, id, "indicateur")
    for key in ("published", "formula"):
        if key not in row.value:
            row.fault(f"il manque « {key} »")
    published = row.raw("published")
    if isinstance(published, bool) or not isinstance(published, int | float | str):
        row.fault("« published » est un nombre ou un texte", "published")
        published = ""
    return PracticeIndicator(
        id=id,
        label=row.text("label"),
        unit=row.text("unit"),
        published=published,
        kind=row.choice("kind", INDICATOR_KINDS),
        definition=row.text("definition"),
        check=row.choice("check", CHECKS),
        formula=row.raw("formula"),
        realised=row.raw("realised"),
        approx=row.boolean("approx"),
        recomputed=row.raw("recomputed"),
        derived_from=row.text("derived_from", required=False),
        computable=row.text("computable"),
        note=row.text("note", required=False),
        explanation=row.text("explanation", required=False),
    )


def _report_formula(file: Cursor, formulas: list[dict[str, Any]], error: DefinitionError) -> None:
    by_id = {str(row.get("id")): rank for rank, row in enumerate(formulas)}
    inside = locate({id: formulas[rank] for id, rank in by_id.items()}, error.path)
    inside = (by_id[str(inside[0])], *inside[1:]) if inside else locate(formulas, error.path)
    file.fault(f"formule illisible ({error.path}) : {error.message}", "indicators", *inside)


def _formulas(row: Cursor) -> dict[str, Any]:
    return {key: row.raw(key) for key in ("id", "formula", "realised") if key in row.value}


def check_references(value: Any, path: Path, settings: Mapping[str, Setting], row: Cursor) -> None:
    """Report every ``{setting: key}`` inside ``value`` that names no setting of the file."""
    if is_reference(value):
        if value["setting"] not in settings:
            row.report((*path, "setting"), f"le réglage « {value['setting']} » n’existe pas dans ce fichier")
    elif isinstance(value, dict):
        for key, item in value.items():
            check_references(item, (*path, key), settings, row)
    elif isinstance(value, list):
        for rank, item in enumerate(value):
            check_references(item, (*path, rank), settings, row)


def _settings_of(row: Cursor, settings: Mapping[str, Setting]) -> Mapping[str, Any]:
    block = row.block("settings")
    check_references(block.value, block.path, settings, row)
    return block.value


def _kind(row: Cursor) -> str:
    kind = row.text("kind")
    instrument, dot, name = kind.partition(".")
    if kind and not (dot and KEY.match(instrument) and KEY.match(name)):
        row.fault(f"« {kind} » : {KIND_FORM}", "kind")
    return kind


def _once(row: Cursor, seen: set[str], key: str, noun: str) -> None:
    if key and key in seen:
        row.fault(f"{noun} « {key} » : déjà pris plus haut dans ce fichier")
    seen.add(key)
