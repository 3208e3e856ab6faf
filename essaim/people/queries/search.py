"""Search by name, tolerant to accents, case, order and typing errors."""

from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from essaim.people.engine.names import search_words
from essaim.people.models import Person

# What two letters in the wrong order leave of the groups of three letters that a word and a name share: 3 of 11 in a
# word of six letters, 4 of 12 in one of seven. The more is asked, the fewer names the database compares.
TRIGRAMS_SHARED, TRIGRAMS_SHARED_BY_LONG = 0.25, 0.3
LONG_WORD = 7
CLOSE_ENOUGH = 0.72  # share of the letters in the same order, of each word, in the best word of the name
BEGINNING_ONLY = 0.02  # what is taken off when only the beginning of the name is close
CANDIDATES_COMPARED = 200
NEAR_SHOWN = 20
SHORTEST_MISSPELT = 4  # letters: fewer, every name is near


def keep_named(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Keep the people with a name beginning with each word, whatever accents, case and order.

    When nobody has one, keep those whose names differ from the words by a typing error or two, the
    ``NEAR_SHOWN`` closest, closest first. Only ``people`` are looked at: nothing is said of the others.
    """
    asked = search_words(words)
    exact = people
    for word in asked:
        exact = exact.filter(_begins(word))
    if max((len(word) for word in asked), default=0) < SHORTEST_MISSPELT or exact.order_by().exists():
        return exact
    near = _nearest(people, asked)
    if not near:
        return exact
    place = Case(*(When(pk=key, then=Value(at)) for at, key in enumerate(near)), output_field=IntegerField())
    return people.filter(pk__in=near).alias(nearness=place).order_by("nearness")


def _begins(word: str) -> Q:
    return Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")


def _nearest(people: QuerySet[Person], asked: list[str]) -> list[int]:
    """The keys of the closest, by the letters in order; the database proposes, by the trigrams they share."""
    misspelt = [word for word in asked if len(word) >= SHORTEST_MISSPELT]
    candidates = people
    for word in asked:
        near = Q(search_key__trigram_strict_word_similar=word) if word in misspelt else _begins(word)
        candidates = candidates.filter(near)
    is_long = min(len(word) for word in misspelt) >= LONG_WORD
    threshold = TRIGRAMS_SHARED_BY_LONG if is_long else TRIGRAMS_SHARED
    shared = sum((TrigramStrictWordSimilarity(word, "search_key") for word in misspelt), Value(0.0))
    candidates = candidates.alias(shared=shared).order_by("-shared", "pk")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [str(threshold)])
        found = list(candidates.values_list("pk", "search_key")[:CANDIDATES_COMPARED])
    scored = [(min(_closeness(word, key) for word in asked), key, pk) for pk, key in found]
    kept = sorted((-score, key, pk) for score, key, pk in scored if score >= CLOSE_ENOUGH)
    return [pk for _, _, pk in kept[:NEAR_SHOWN]]


def _closeness(word: str, name: str) -> float:
    """How close a word is to the best word of a name, from 0 to 1."""
    return max(_ratio(word, part) for part in name.split() or [""])


def _ratio(word: str, part: str) -> float:
    if part.startswith(word):
        return 1.0
    beginning = SequenceMatcher(None, word, part[: len(word)], autojunk=False).ratio() - BEGINNING_ONLY
    return max(beginning, SequenceMatcher(None, word, part, autojunk=False).ratio())
