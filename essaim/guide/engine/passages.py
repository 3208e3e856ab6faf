"""What a search finds in a practice: its passages, each with its weight, and the order of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from essaim.guide.engine.need_phrases import NeedPhrase
from essaim.guide.engine.schema import PracticeFile, Presentation

# Raised when passages are cut or weighed otherwise, so that every practice is indexed anew.
PASSAGES = 1
WEIGHTS = {
    "title": 12,
    "need": 9,
    "promise": 7,
    "theme": 6,
    "place": 6,
    "objective": 5,
    "audience": 4,
    "path": 3,
    "results": 3,
    "role": 2,
    "tool": 2,
    "partner": 2,
    "lesson": 2,
    "figure": 1,
}
CLOSE_ENOUGH = 0.72  # share of the letters in the same order
SAME_BEGINNING = 0.1  # one rarely errs on the first letter
SHORTEST_MISSPELT = 4  # letters: fewer, every word is near


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a practice and the part of the fiche where it stands."""

    part: str
    text: str

    @property
    def weight(self) -> int:
        """How much a word found here counts."""
        return WEIGHTS[self.part]


@dataclass(frozen=True, slots=True)
class Hit:
    """A word asked (by its rank) met in a passage of a practice."""

    word: int
    practice: int
    passage: int
    weight: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A practice that answers: how many of the words it has, its score, and its best passage."""

    practice: int
    words: int
    score: int
    passage: int


def passages_of(practice: PracticeFile, needs: Iterable[NeedPhrase]) -> list[Passage]:
    """Return the passages of a practice, in the order of its page, and the needs that lead to it."""
    found = [
        Passage("title", practice.title),
        Passage("promise", practice.promise),
        Passage("theme", practice.theme),
        Passage("place", f"{practice.place}. {practice.carrier}"),
    ]
    found += [
        Passage("need", f"{need.words}. {need.also}. {need.why(practice.slug)}")
        for need in needs
        if need.why(practice.slug)
    ]
    if practice.presentation is not None:
        found += _story(practice.presentation)
    found += [Passage("figure", indicator.label) for indicator in practice.indicators]
    return [passage for passage in found if passage.text.strip()]


def _story(story: Presentation) -> list[Passage]:
    lessons = (story.strengths, story.success_keys, story.vigilance, story.perspectives, story.spreading)
    return [
        Passage("objective", story.objective),
        *(Passage("audience", line.text) for line in story.audience if line.fits),
        *(Passage("path", f"{stage.title} : {stage.text}") for stage in story.path),
        Passage("results", story.results),
        *(Passage("role", f"{role.role} : {role.does}") for role in story.roles),
        *(Passage("tool", text) for text in story.tools),
        *(Passage("partner", text) for text in story.partners),
        *(Passage("lesson", text) for texts in lessons for text in texts),
    ]


def rank_answers(hits: Iterable[Hit], asked: int) -> tuple[list[Answer], bool]:
    """Return the practices that have every word asked, best first; failing any, those that have the most.

    A word counts by the weightiest passage it is in; a passage that holds several counts once more for each.
    The second value tells whether all the words were met.
    """
    by_practice: dict[int, list[Hit]] = {}
    for hit in hits:
        by_practice.setdefault(hit.practice, []).append(hit)
    answers = [_answer(practice, found) for practice, found in by_practice.items()]
    most = max((answer.words for answer in answers), default=0)
    kept = [answer for answer in answers if answer.words == most]
    return sorted(kept, key=lambda answer: (-answer.score, answer.practice)), most == asked


def _answer(practice: int, hits: Sequence[Hit]) -> Answer:
    words: dict[int, int] = {}
    passages: dict[int, list[int]] = {}
    for hit in hits:
        words[hit.word] = max(words.get(hit.word, 0), hit.weight)
        passages.setdefault(hit.passage, []).append(hit.weight)
    best = max(passages, key=lambda key: (len(passages[key]), passages[key][0], -key))
    together = (len(passages[best]) - 1) * passages[best][0]
    return Answer(practice, len(words), sum(words.values()) + together, best)


def nearest_word(word: str, known: Iterable[str]) -> str:
    """Return the known word that has the most letters of ``word`` in the same order; nothing when none is near."""
    scored = [(_ratio(word, other), other) for other in known]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= CLOSE_ENOUGH else ""


def _ratio(word: str, other: str) -> float:
    if sorted(word) == sorted(other):
        return 1 + SAME_BEGINNING  # the same letters in another order
    ratio = SequenceMatcher(None, word, other, autojunk=False).ratio()
    return ratio + SAME_BEGINNING if word[:1] == other[:1] else ratio - SAME_BEGINNING
