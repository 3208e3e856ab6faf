"""The contract between a practice file, an instrument and the screens. Plain Python: no Django here.

An instrument is an app; its ``instrument.py`` holds one ``INSTRUMENT = Instrument(...)`` found at start by
``essaim.kernel.instruments``. A practice file names the step, alert and tool kinds it uses and sets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SettingType = Literal[
    "int", "decimal", "money", "duration", "date", "date_rule", "choice", "bool", "ref", "text", "list"
]
AtLaunch = Literal["start_year", "places"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One typed setting of a practice or of a kind. Durations are in days, money in euros.

    ``at_launch`` says what a launch makes of it: ``start_year``, the calendar year in which the action starts
    (of a date, its first of January) stands in for ``default``, which tells what the guide published;
    ``places``, the default is proposed as the places of the action (their sum when several settings say so).
    """

    key: str
    type: SettingType
    default: Any = None
    unit: str = ""
    label: str = ""
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    source: str = ""
    at_launch: AtLaunch | None = None


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact an instrument records.

    ``exported`` is true for the 32 kinds of the journal format, whose fields and needs are in its schema; a local
    kind (``exported=False``) is prefixed by its instrument, appears in the fil only and is never counted.
    """

    key: str
    label: str
    needs: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    exported: bool = True


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step that practice files can use. ``screen`` is a URL name taking ``action``."""

    key: str
    label: str
    emits: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    screen: str = ""


@dataclass(frozen=True, slots=True)
class AlertKind:
    """``find(scope, on)`` gives rows (kind, action, person, subject, since, due, url): a query, never a stored row."""

    key: str
    label: str
    find: Callable[..., Any]
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """A printable document or form. ``data(subject, viewer)`` feeds the typst ``template``."""

    key: str
    label: str
    form: Literal["grid", "document", "list"]
    data: Callable[..., dict[str, Any]]
    template: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a composed page, drawn in place by the page; its ``url``, a URL name, takes the ref of the slot."""

    slot: Literal["person", "company", "action", "session", "practice"]
    key: str
    url: str
    label: str
    order: int = 50
    count: Callable[..., int] | None = None
    access: Callable[..., bool] | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """Everything an app offers to practice files and to the pages above it."""

    key: str
    label: str
    step_kinds: tuple[StepKind, ...] = ()
    fact_kinds: tuple[FactKind, ...] = ()
    alert_kinds: tuple[AlertKind, ...] = ()
    tools: tuple[Tool, ...] = ()
    panels: tuple[Panel, ...] = ()
    subscribers: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    rehearse: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
