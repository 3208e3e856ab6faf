"""Full-text search: French words, accents and typing errors forgiven, with the passage that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from essaim.guide.engine.catalogue import fold
from essaim.guide.engine.passages import SHORTEST_MISSPELT, Answer, Hit, nearest_word, rank_answers

OPEN, CLOSE = "⟪", "⟫"  # around the words found, in no text of the guide
CLIPPED = f"StartSel={OPEN}, StopSel={CLOSE}, MaxWords=34, MinWords=18, ShortWord=1"
MOST_WORDS = 12

STOPPED = """
SELECT asked.word FROM unnest(%s::text[]) WITH ORDINALITY AS asked(word, rank)
WHERE numnode(plainto_tsquery('public.essaim_fr', asked.word)) > 0 ORDER BY asked.rank
"""
HITS = """
SELECT asked.rank, passage.practice_id, passage.id, passage.weight
FROM unnest(%s::text[]) WITH ORDINALITY AS asked(word, rank)
JOIN guide_practicepassage passage ON passage.vector @@ plainto_tsquery('public.essaim_fr', asked.word)
JOIN guide_practice practice ON practice.id = passage.practice_id AND practice.is_current
ORDER BY passage.practice_id, passage.id
"""
NEAR = """
SELECT asked.word, known.word
FROM unnest(%s::text[]) AS asked(word)
JOIN (
  SELECT DISTINCT found AS word
  FROM guide_practicepassage passage
  JOIN guide_practice practice ON practice.id = passage.practice_id AND practice.is_current
  CROSS JOIN LATERAL regexp_split_to_table(public.fr_sort(passage.text), '[^a-z0-9]+') AS found
  WHERE length(found) >= %s
) known ON public.similarity(asked.word, known.word) >= 0.2
ORDER BY asked.word, known.word
"""
CLIPS = """
SELECT passage.id, passage.part,
       ts_headline('public.essaim_fr', passage.text, websearch_to_tsquery('public.essaim_fr', %s), %s)
FROM guide_practicepassage passage WHERE passage.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """A passage around the words found: its part of the fiche, and its text cut in (text, is found)."""

    part: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What words lead to: practices (by key), best first, each with its passage.

    ``is_whole``: every word was met. ``corrected``: the words understood in place of those that were typed.
    """

    practices: tuple[int, ...] = ()
    clips: dict[int, Clip] = field(default_factory=dict)
    is_whole: bool = True
    corrected: dict[str, str] = field(default_factory=dict)


def find_words(text: str) -> Found | None:
    """Return what these words lead to; None when there is none to search for. Three queries, four after an error."""
    asked = _lookup_words(text)
    if not asked:
        return None
    hits = _read_hits(asked)
    missing = [word for rank, word in enumerate(asked) if rank not in {hit.word for hit in hits}]
    corrected = _correct([word for word in missing if len(word) >= SHORTEST_MISSPELT])
    if corrected:
        asked = [corrected.get(word, word) for word in asked]
        hits = _read_hits(asked)
    answers, is_whole = rank_answers(hits, len(asked))
    return Found(tuple(answer.practice for answer in answers), _read_clips(answers, asked), is_whole, corrected)


def _lookup_words(text: str) -> list[str]:
    words = list(dict.fromkeys(re.findall(r"[a-z0-9]+", fold(text))))[:MOST_WORDS]
    return [row[0] for row in _rows(STOPPED, [words])] if words else []


def _read_hits(asked: Sequence[str]) -> list[Hit]:
    return [Hit(rank - 1, practice, passage, weight) for rank, practice, passage, weight in _rows(HITS, [list(asked)])]


def _correct(words: Sequence[str]) -> dict[str, str]:
    """The nearest known word of each, if there is one."""
    near: dict[str, list[str]] = {}
    for word, known in _rows(NEAR, [list(words), SHORTEST_MISSPELT]) if words else []:
        near.setdefault(word, []).append(known)
    found = {word: nearest_word(word, known) for word, known in near.items()}
    return {word: better for word, better in found.items() if better}


def _read_clips(answers: Sequence[Answer], asked: Sequence[str]) -> dict[int, Clip]:
    if not answers:
        return {}
    rows = _rows(CLIPS, [" or ".join(asked), CLIPPED, [answer.passage for answer in answers]])
    clips = {key: Clip(part, _pieces(text)) for key, part, text in rows}
    return {answer.practice: clips[answer.passage] for answer in answers}


def _pieces(text: str) -> tuple[tuple[str, bool], ...]:
    pieces = re.split(f"{OPEN}(.*?){CLOSE}", text)
    return tuple((piece, rank % 2 == 1) for rank, piece in enumerate(pieces) if piece)


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
