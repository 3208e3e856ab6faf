"""The part of a practice file that people read: promise, headline, needs, presentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from essaim.guide.engine.cursor import Cursor
from essaim.guide.engine.schema import (
    EFFECTS,
    INCONSISTENCY_KINDS,
    PUBLICS,
    AudienceLine,
    Budget,
    Effect,
    Finding,
    Headline,
    Inconsistency,
    Need,
    PracticeIndicator,
    PracticeRole,
    Presentation,
    Stage,
    Tag,
)
from essaim.guide.engine.words import figure_in_words, fill, setting_in_words, typographic
from essaim.kernel.contract import Setting


class Story:
    """Texts for people: ``{key}`` in them becomes a setting's default, or an indicator's figure."""

    def __init__(self, words_of: Callable[[str], str]) -> None:
        self.words_of = words_of

    def filled(self, row: Cursor, text: str, *inside: str | int) -> str:
        """Return ``text`` with its quotations replaced and its spaces set; report what names nothing."""
        try:
            return typographic(fill(text, self.words_of))
        except KeyError as error:
            row.fault(f"« {{{error.args[0]}}} » n’est ni un réglage ni un indicateur de ce fichier", *inside)
            return text

    def text(self, row: Cursor, key: str, *, required: bool = True) -> str:
        """Return one text, filled."""
        return self.filled(row, row.text(key, required=required), key)

    def texts(self, row: Cursor, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of texts, filled."""
        lines = row.texts(key, required=required)
        return tuple(self.filled(row, line, key, rank) for rank, line in enumerate(lines))


def story_of(
    settings: Mapping[str, Setting],
    labels: Mapping[str, Mapping[str, str]],
    indicators: tuple[PracticeIndicator, ...],
) -> Story:
    """Return the reader of texts that quotes these settings (their default in words) and these indicators."""
    words = {key: setting_in_words(item, item.default, labels.get(key)) for key, item in settings.items()}
    words |= {f"indicators.{item.id}": figure_in_words(item.published, item.unit) for item in indicators}
    return Story(words.__getitem__)


def read_headline(file: Cursor, story: Story, ids: set[str]) -> Headline:
    """Return the figure of the card; refuses an indicator that is not in the file."""
    row = file.block("headline", required=True)
    row.only("indicator", "words")
    found = Headline(row.text("indicator"), story.text(row, "words"))
    if found.indicator and found.indicator not in ids:
        row.fault(f"l’indicateur « {found.indicator} » n’existe pas dans ce fichier", "indicator")
    return found


def read_finding(file: Cursor, ids: set[str]) -> Finding:
    """Return what the catalogue finds the practice by; refuses an indicator that is not in the file."""
    row = file.block("finding")
    row.only("publics", "days", "team", "effect")
    publics = row.texts("publics")
    for rank, name in enumerate(publics):
        if name not in PUBLICS:
            row.fault(f"le public « {name} » n’est pas un choix possible ({', '.join(PUBLICS)})", "publics", rank)
    effect = None
    if row.raw("effect"):
        block = row.block("effect")
        block.only("kind", "indicator")
        effect = Effect(block.choice("kind", EFFECTS), block.text("indicator"))
        if effect.indicator and effect.indicator not in ids:
            block.fault(f"l’indicateur « {effect.indicator} » n’existe pas dans ce fichier", "indicator")
    return Finding(publics, row.number("days"), row.number("team"), effect)


def read_needs(file: Cursor, story: Story) -> tuple[Need, ...]:
    """Return what the practice takes."""
    found = []
    for row in file.rows("needs"):
        row.only("icon", "label", "value", "detail")
        texts = (story.text(row, key) for key in ("value", "detail"))
        found.append(Need(row.text("icon"), row.text("label"), *texts))
    return tuple(found)


def read_presentation(file: Cursor, story: Story, ids: set[str], step_keys: set[str]) -> Presentation:
    """Return the presentation of a complete fiche."""
    row = file.block("presentation", required=True)
    row.only(*Presentation.__dataclass_fields__)
    base = row.text("base", required=False)
    if base and base not in ids:
        row.fault(f"l’indicateur « {base} » n’existe pas dans ce fichier", "base")
    lists = ("strengths", "success_keys", "vigilance", "perspectives", "tools", "partners", "spreading")
    return Presentation(
        objective=story.text(row, "objective"),
        results=story.text(row, "results"),
        base=base,
        audience=tuple(_audience(line, story) for line in row.rows("audience", required=True)),
        roles=tuple(_role(line, story) for line in row.rows("roles", required=True)),
        path=tuple(_stage(line, story, step_keys) for line in row.rows("path", required=True)),
        inconsistencies=tuple(_inconsistency(line, story) for line in row.rows("inconsistencies", required=True)),
        budget=_budget(row.block("budget"), story) if row.raw("budget") else None,
        **{key: story.texts(row, key) for key in lists},
    )


def _audience(row: Cursor, story: Story) -> AudienceLine:
    row.only("text", "fits", "see")
    fits = row.boolean("fits") if "fits" in row.value else True
    return AudienceLine(story.text(row, "text"), fits, row.text("see", required=False))


def _role(row: Cursor, story: Story) -> PracticeRole:
    row.only("role", "does")
    return PracticeRole(row.text("role"), story.text(row, "does"))


def _stage(row: Cursor, story: Story, step_keys: set[str]) -> Stage:
    row.only("title", "text", "tags", "repeats", "steps")
    steps = row.texts("steps")
    for rank, key in enumerate(steps):
        if key not in step_keys:
            row.fault(f"l’étape « {key} » n’existe pas dans ce fichier", "steps", rank)
    tags = []
    for tag in row.rows("tags"):
        tag.only("icon", "text")
        tags.append(Tag(tag.text("icon"), story.text(tag, "text")))
    return Stage(story.text(row, "title"), story.text(row, "text"), tuple(tags), row.boolean("repeats"), steps)


def _inconsistency(row: Cursor, story: Story) -> Inconsistency:
    row.only("kind", "text")
    return Inconsistency(row.choice("kind", INCONSISTENCY_KINDS), story.text(row, "text"))


def _budget(row: Cursor, story: Story) -> Budget:
    row.only("amount", "year", "per_person", "basis", "funders", "note")
    return Budget(
        amount=row.number("amount", required=True) or 0,
        year=row.text("year"),
        per_person=row.number("per_person"),
        basis=story.text(row, "basis", required=False),
        funders=row.texts("funders"),
        note=story.text(row, "note", required=False),
    )
