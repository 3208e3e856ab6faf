"""Search by name, tolerant to accents, case, order and typing errors."""

from difflib import SequenceMatcher

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from essaim.people.engine.names import search_words
from essaim.people.models import Person

# A typing error leaves at least a quarter of the groups of three letters that a word and a name share.
TRIGRAMS_SHARED = 0.25
CLOSE_ENOUGH = 0.72  # share of the letters in the same order, of each word, in the best word of the name
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
    candidates = people.order_by("search_key", "pk")
    for word in asked:
        is_near = Q(search_key__trigram_strict_word_similar=word)
        candidates = candidates.filter(_begins(word) | is_near if len(word) >= SHORTEST_MISSPELT else _begins(word))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [str(TRIGRAMS_SHARED)]
            )
        found = list(candidates.values_list("pk", "search_key")[:CANDIDATES_COMPARED])
    scored = [(min(_closeness(word, key) for word in asked), key, pk) for pk, key in found]
    kept = sorted((-score, key, pk) for score, key, pk in scored if score >= CLOSE_ENOUGH)
    return [pk for _, _, pk in kept[:NEAR_SHOWN]]


def _closeness(word: str, name: str) -> float:
    return max(
        1.0 if part.startswith(word) else SequenceMatcher(None, word, part, autojunk=False).ratio()
        for part in name.split() or [""]
    )
