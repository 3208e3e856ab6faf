"""A practice file (fiche of the guide) as typed, frozen data. Field names are the keys of the file.

A setting (``kernel.contract.Setting``) is written under its key: ``type``, ``default`` (what the guide published),
``label``, ``source``, and when they apply ``unit``, ``min``, ``max``, ``choices`` and ``at_launch``. This last one says
what a launch makes of the setting: ``start_year`` (int or date), the year in which the action starts instead of the
default; ``places`` (int), the default is proposed as the places of the action. ``only_text`` says why nothing computes
with the setting: people read it, on the fiche and on the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from essaim.kernel.contract import Setting
from essaim.kernel.engine.conditions import Condition

THEMES = ("mobilisation", "intermédiation", "filières porteuses", "forums", "mobilité")
CHECKS = ("ok", "stated", "ambiguous", "mismatch", "not_checkable")
INDICATOR_KINDS = ("result", "ratio", "cost", "target", "context", "derived")
INCONSISTENCY_KINDS = ("arithmetic", "bug_date", "copy_paste", "definition", "period", "scope", "textual")
STATUSES = ("complete", "outline")
PUBLICS = ("young", "women", "qpv", "low_level", "graduates", "long_term", "rsa", "jobseekers", "companies")
EFFECTS = ("lasting_job", "job", "apprenticeship", "training", "licence", "solution", "meetings", "hours")
STEP_SUBJECTS = ("enrolment", "person", "action", "session", "company")

Published = int | float | str


@dataclass(frozen=True, slots=True)
class PracticeIndicator:
    """One indicator: its formula as data, and the figure the guide published with what a check of it gave.

    ``published`` is a number, or a text such as « 1/3 »; ``recomputed`` is what the fiche's own figures give.
    ``explanation`` says in French what ``note`` notes for the record.
    """

    id: str
    label: str
    unit: str
    published: Published
    kind: str
    definition: str
    check: str
    formula: Any = None
    realised: Any = None
    approx: bool = False
    recomputed: int | float | str | None = None
    derived_from: str = ""
    computable: str = ""
    note: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """A yes/no rule of entry: ``where`` as written, ``condition`` ready to be evaluated.

    ``label`` is its sentence; ``{key}`` in it stands for a setting: see ``rule_in_words``.
    """

    code: str
    label: str
    where: Mapping[str, Any]
    condition: Condition


@dataclass(frozen=True, slots=True)
class Step:
    """A step an instrument carries out. ``settings`` may hold references ``{"setting": key}``."""

    key: str
    kind: str
    label: str
    subject: str
    after: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """A watch (*veille*) an instrument keeps."""

    kind: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PracticeTool:
    """A form, a grid or a printable document of the practice."""

    key: str
    kind: str
    label: str
    fields: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure shown on the card of the catalogue: an indicator, and the words that follow its value."""

    indicator: str
    words: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What the guide published of what became of people: its kind, and the indicator that says it."""

    kind: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the catalogue finds a practice by, besides its words; what the guide does not say is None.

    ``days`` is about how long it lasts for one person, ``team`` how many people it takes.
    """

    publics: tuple[str, ...] = ()
    days: int | float | None = None
    team: int | float | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One thing the practice takes: a team, partners, money, time."""

    icon: str
    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """Who the practice is for, or (``fits`` false) is not for; ``see`` is the slug of a better fiche."""

    text: str
    fits: bool = True
    see: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A short mark under a stage of the path."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the path as people tell it; ``steps`` are the keys of the steps that live in it."""

    title: str
    text: str
    tags: tuple[Tag, ...] = ()
    repeats: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeRole:
    """Who does what."""

    role: str
    does: str


@dataclass(frozen=True, slots=True)
class Budget:
    """The published budget, in euros; ``basis`` says over whom the cost per person was computed."""

    amount: int | float
    year: str
    per_person: int | float | None = None
    basis: str = ""
    funders: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One thing that does not add up in the guide, in one sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a reader needs to decide, its quotations of settings and indicators already replaced."""

    objective: str
    results: str
    audience: tuple[AudienceLine, ...]
    roles: tuple[PracticeRole, ...]
    path: tuple[Stage, ...]
    strengths: tuple[str, ...]
    success_keys: tuple[str, ...]
    vigilance: tuple[str, ...]
    perspectives: tuple[str, ...]
    tools: tuple[str, ...]
    partners: tuple[str, ...]
    spreading: tuple[str, ...]
    inconsistencies: tuple[Inconsistency, ...]
    budget: Budget | None = None
    base: str = ""  # the indicator that the bars of the results are a part of


@dataclass(frozen=True, slots=True)
class PracticeFile:
    """A whole practice. ``definition`` is the file as data, what an action freezes at launch."""

    slug: str
    number: int
    title: str
    place: str
    theme: str
    status: str
    carrier: str
    period: str
    promise: str
    headline: Headline
    needs: tuple[Need, ...]
    presentation: Presentation | None
    settings: Mapping[str, Setting]
    choice_labels: Mapping[str, Mapping[str, str]]
    eligibility: tuple[EligibilityRule, ...]
    steps: tuple[Step, ...]
    alerts: tuple[Alert, ...]
    tools: tuple[PracticeTool, ...]
    indicators: tuple[PracticeIndicator, ...]
    definition: Mapping[str, Any]
    parent: str = ""  # of a variant: the slug of the practice it changes
    finding: Finding = Finding()

    @property
    def is_outline(self) -> bool:
        """The presentation of this fiche is still to come."""
        return self.status == "outline"

    def indicator(self, id: str) -> PracticeIndicator:
        """Return the indicator of this id. Raises KeyError."""
        for indicator in self.indicators:
            if indicator.id == id:
                return indicator
        raise KeyError(id)
