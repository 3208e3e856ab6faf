"""The contract between a practice file, an instrument and the screens. Plain Python: no Django here.

An instrument is an app; its ``instrument.py`` holds one ``INSTRUMENT = Instrument(...)`` found at start by
``essaim.kernel.instruments``. A practice file names the step, alert and tool kinds it uses and sets them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SettingType = Literal[
    "int", "decimal", "money", "duration", "date", "date_rule", "choice", "bool", "ref", "text", "list"
]
AtLaunch = Literal["start_year", "places"]
PrivacyRule = Literal["delete", "blank", "keep"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One typed setting of a practice or of a kind. Durations are in days, money in euros.

    ``at_launch`` says what a launch makes of it: ``start_year``, the calendar year in which the action starts
    (of a date, its first of January) stands in for ``default``, which tells what the guide published;
    ``places``, the default is proposed as the places of the action (their sum when several settings say so).
    ``only_text`` is the reason why nothing computes with it: people read it, on the fiche and on the documents.
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
    only_text: str = ""


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact an instrument records.

    ``exported`` is true for the 32 kinds of the journal format, whose fields and needs are in its schema; a local
    kind (``exported=False``) is prefixed by its instrument, appears in the fil only and is never counted.
    ``is_contact``: it proves that the person herself was in touch that day (present, answered, signed): what
    « dernier contact », silence and retention are counted from. A kind recorded for an absence too is one only
    when its ``data.state`` is ``present``. ``icon`` pictures a local kind in the fil.
    """

    key: str
    label: str
    needs: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    exported: bool = True
    is_contact: bool = False
    icon: str = "note"


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
    """A watch that practice files can keep: a query, never a stored row.

    ``find(scope)`` returns a query of the shape of ``kernel.alerts``, from the actions of ``scope`` and their settings.
    ``label`` says what is to be done (« Sans nouvelle depuis {number} jours »: ``{number}`` is the row's own);
    the rule behind it is in the practice's own words. ``url`` is a URL name taking the references that ``url_takes``
    names in order, among "action", "person", "subject"; ``button`` its verb. A line shows a week before its day;
    with ``from_since``, from the day it became true, however far its day is.

    A kind with a ``rule`` is kept by the house: for every action, with its own defaults, whether or not the practice
    declares it; ``rule`` says why in words. ``access(viewer, action)`` says who is told, everyone who follows the
    action when it is not given. ``mine(viewer)`` returns the keys of the actions in which some of its lines are the
    viewer's own: she is told those, and those only, where she is not told the others.
    """

    key: str
    label: str
    find: Callable[..., Any]
    settings: tuple[Setting, ...] = ()
    from_since: bool = False
    icon: str = "alert"
    url: str = ""
    url_takes: tuple[Literal["action", "person", "subject"], ...] = ("person",)
    button: str = "Ouvrir"
    rule: str = ""
    access: Callable[..., bool] | None = None
    mine: Callable[..., set[int]] | None = None


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
    """A part of a composed page, drawn in place by the page; its ``url``, a URL name, takes the ref of the slot.

    Panels of the same ``group`` share one tab, which bears its name, and are chosen between under it. That tab counts
    those that ``adds_up``: approaches and contracts together are no number of anything.
    """

    slot: Literal["person", "company", "action", "session", "practice"]
    key: str
    url: str
    label: str
    order: int = 50
    group: str = ""
    count: Callable[..., int] | None = None
    adds_up: bool = True
    access: Callable[..., bool] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What an app plans with the person of a parcours, which no longer stands once she has left it.

    ``count(enrolment, on, now)`` says what would be withdrawn if she left that day, in words ("2 rendez-vous"; empty
    when nothing is); ``withdraw(enrolment=, on=, by=, now=)`` withdraws it, in the transaction of the exit.
    """

    count: Callable[..., str]
    withdraw: Callable[..., None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the data that should never be: what kind of fault, where, and the detail, without a name."""

    what: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """Everything an app offers to practice files and to the pages above it.

    What becomes of people's data, by model ("app.Model"):
    ``personal`` says what erasure does to the rows that reach a person: "delete"; "keep", they tell nothing of
    her once her identity is gone; "blank", the fields of ``blank`` take the value given there (a text already
    empty stays so; no field at all when an operation of the app does it).
    ``once``: rows of which a merge of two files keeps one when both have the same; of any other model, two rows
    that may not stand together refuse the merge.
    ``keyed``: (column, pattern of a person's key) of rows that name a person without a foreign key.
    ``obligations``: functions of (people, on) returning those of whom evidence must still be kept that day.

    ``planned``: what ends with a parcours, whoever writes the exit.

    What is checked: ``facts`` says of which kind is the live fact that a column holds ("app.Model.field": kind);
    ``checks`` return the faults of what an app derives.
    """

    key: str
    label: str
    step_kinds: tuple[StepKind, ...] = ()
    fact_kinds: tuple[FactKind, ...] = ()
    alert_kinds: tuple[AlertKind, ...] = ()
    tools: tuple[Tool, ...] = ()
    counts: frozenset[str] = frozenset()  # the kinds of facts that the formulas of practices may count
    panels: tuple[Panel, ...] = ()
    subscribers: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, PrivacyRule] = field(default_factory=dict)
    blank: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    keyed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    obligations: tuple[Callable[..., Any], ...] = ()
    planned: tuple[Planned, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Callable[[], Iterable[Fault]], ...] = ()
    rehearse: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
