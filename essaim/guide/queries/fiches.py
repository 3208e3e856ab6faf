"""The page of a fiche."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from essaim.guide.engine import (
    Missing,
    MissingGroup,
    PracticeFile,
    figure_in_words,
    group_missing,
    setting_in_words,
)
from essaim.guide.engine.figures import FigureGroup, base_of, count_checks, group_figures
from essaim.guide.engine.schema import AudienceLine, Stage
from essaim.guide.engine.words import typographic
from essaim.guide.models import Practice
from essaim.guide.queries.practices import (
    get_practice,
    missing_instruments,
    offered_by_instruments,
    practice_file,
)
from essaim.guide.queries.variants import list_published_variants_of
from essaim.kernel.contract import Setting


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as a reader of the fiche sees it."""

    label: str
    value: str
    source: str
    only_text: str = ""


@dataclass(frozen=True, slots=True)
class VariantOrigin:
    """Where a practice of an organisation comes from: the fiche it changes (none for its own), what changes and why."""

    organisation: str
    parent_slug: str
    parent_title: str
    version: int
    changes: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fiche:
    """A practice with what its page says around it.

    ``path`` tells of each stage whether this house keeps all its steps; ``base`` is what the bars are a part of, in
    words; ``audience`` pairs each line with the title of the better fiche it sends to.
    """

    practice: PracticeFile
    figures: tuple[FigureGroup, ...]
    base: str
    checks: Mapping[str, int]
    settings: tuple[SettingLine, ...]
    missing: tuple[Missing, ...]
    path: tuple[tuple[Stage, bool], ...]
    audience: tuple[tuple[AudienceLine, str], ...]
    origin: VariantOrigin | None = None
    variants: tuple[Practice, ...] = ()

    @property
    def can_launch(self) -> bool:
        """The practice has steps, and instruments for everything it uses."""
        return bool(self.practice.steps) and not self.missing

    @property
    def missing_groups(self) -> tuple[MissingGroup, ...]:
        """What is missing, by nature."""
        return group_missing(self.missing)


def get_fiche(slug: str) -> Fiche:
    """Return the page of a practice in force. Raises Practice.DoesNotExist."""
    current = get_practice(slug)
    practice = practice_file(current)
    whole = base_of(practice)
    return Fiche(
        practice=practice,
        figures=group_figures(practice),
        base=f"{figure_in_words(whole.published)} {whole.unit}" if whole else "",
        checks=count_checks(practice.indicators),
        settings=tuple(_setting_line(practice, setting) for setting in practice.settings.values()),
        missing=missing_instruments(practice),
        path=_path(practice),
        audience=_audience(practice),
        origin=_origin(current),
        variants=tuple(list_published_variants_of(slug)),
    )


def _path(practice: PracticeFile) -> tuple[tuple[Stage, bool], ...]:
    here = offered_by_instruments().steps
    kept = {step.key for step in practice.steps if step.kind in here}
    stages = practice.presentation.path if practice.presentation else ()
    return tuple((stage, bool(stage.steps) and kept.issuperset(stage.steps)) for stage in stages)


def _origin(practice: Practice) -> VariantOrigin | None:
    if practice.organisation is None:
        return None
    told = practice.variant
    return VariantOrigin(
        organisation=str(practice.organisation),
        parent_slug=practice.parent.slug if practice.parent else "",
        parent_title=practice.parent.title if practice.parent else "",
        version=practice.version,
        changes=told.changes,
        reason=told.reason,
    )


def _setting_line(practice: PracticeFile, setting: Setting) -> SettingLine:
    labels = practice.choice_labels.get(setting.key)
    value = setting_in_words(setting, setting.default, labels)
    if setting.at_launch == "start_year":
        value = "l’année où l’action commence"
    return SettingLine(typographic(setting.label), value, typographic(setting.source), typographic(setting.only_text))


def _audience(practice: PracticeFile) -> tuple[tuple[AudienceLine, str], ...]:
    lines = practice.presentation.audience if practice.presentation else ()
    better = {line.see for line in lines if line.see}
    titles = dict(Practice.objects.filter(is_current=True, slug__in=better).values_list("slug", "title"))
    return tuple((line, titles.get(line.see, "")) for line in lines)
