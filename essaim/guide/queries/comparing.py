"""Up to three fiches side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from essaim.guide.engine import PracticeFile, figure_in_words
from essaim.guide.engine.finding import cost_of
from essaim.guide.queries.catalogue_words import EFFECTS
from essaim.guide.queries.practices import list_practices, practice_file

UNTOLD = "Non publié"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One line of the comparison: for each fiche, its title and its texts. ``differs``: they are not all alike."""

    label: str
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fiches compared (slug, title, place), the lines, and the fiches that may be added (slug, title)."""

    fiches: tuple[tuple[str, str, str], ...]
    rows: tuple[ComparedRow, ...]
    others: tuple[tuple[str, str], ...]


def compare_practices(slugs: Sequence[str]) -> Comparison:
    """Return these practices in force side by side, in the order asked; those that do not exist are left out."""
    everything = {practice.slug: practice for practice in list_practices()}
    files = [practice_file(everything[slug]) for slug in slugs if slug in everything]
    told = [_told(practice) for practice in files]
    labels = told[0] if told else {}
    titles = [practice.title for practice in files]
    rows = (
        ComparedRow(
            label,
            tuple((title, one[label]) for title, one in zip(titles, told, strict=True)),
            len({one[label] for one in told}) > 1,
        )
        for label in labels
    )
    return Comparison(
        fiches=tuple((practice.slug, practice.title, practice.place) for practice in files),
        rows=tuple(rows),
        others=tuple((slug, practice.title) for slug, practice in everything.items() if slug not in slugs),
    )


def _told(practice: PracticeFile) -> dict[str, tuple[str, ...]]:
    """What each line says of a practice."""
    story = practice.presentation
    budget = story.budget if story else None
    takes = {need.icon: f"{need.value} ({need.detail})" for need in practice.needs}
    cost = cost_of(practice)
    per_person = (figure_in_words(cost, "EUR"), f"pour {budget.basis}") if cost is not None and budget else ()
    lines: dict[str, tuple[str, ...]] = {
        "Thème": (practice.theme,),
        "Public": tuple(line.text for line in story.audience if line.fits) if story else (),
        "Durée": _first(takes, "clock", "calendar"),
        "Équipe": _first(takes, "people", "user"),
        "Budget": (f"{figure_in_words(budget.amount, 'EUR')} en {budget.year}",) if budget else (),
        "Coût par personne": per_person,
        "Effet publié": _effect(practice),
        "Partenaires": story.partners if story else (),
        "Étapes": tuple(stage.title for stage in story.path) if story else (),
        "Vigilance": story.vigilance if story else (),
    }
    return {label: texts or (UNTOLD,) for label, texts in lines.items()}


def _first(takes: dict[str, str], *icons: str) -> tuple[str, ...]:
    return next(((takes[icon],) for icon in icons if icon in takes), ())


def _effect(practice: PracticeFile) -> tuple[str, ...]:
    effect = practice.finding.effect
    if effect is None:
        return ()
    indicator = practice.indicator(effect.indicator)
    return (EFFECTS[effect.kind], f"{indicator.label} : {figure_in_words(indicator.published, indicator.unit)}")
