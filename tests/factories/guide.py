"""Practices as their files make them: ``PracticeFactory(slug=…)``."""

import json
from hashlib import sha256

import factory
from django.utils import timezone

from essaim.guide.engine.library import read_library
from essaim.guide.engine.words import typographic
from essaim.guide.models import Practice
from essaim.guide.operations import index_practice
from essaim.guide.queries import practice_texts

FILES = {practice.slug: practice for practice in read_library(practice_texts())[0]}
FIRST = next(iter(FILES))


def outline_of(slug: str = FIRST) -> dict[str, object]:
    """The definition of this practice as it was before its text and its steps were written."""
    written_since = ("presentation", "steps", "alerts", "tools")
    definition = {key: value for key, value in FILES[slug].definition.items() if key not in written_since}
    return {**definition, "status": "outline"}


class PracticeFactory(factory.django.DjangoModelFactory):
    """A practice in force, from the file of this slug (the first by default).

    ``definition`` may be given to change it: the digest follows, so that what is kept in memory stays true.
    """

    class Meta:
        model = Practice
        django_get_or_create = ("slug", "version")

    slug = FIRST
    version = 1
    definition = factory.LazyAttribute(lambda practice: dict(FILES[practice.slug].definition))
    position = factory.LazyAttribute(lambda practice: practice.definition["number"])
    title = factory.LazyAttribute(lambda practice: typographic(practice.definition["title"]))
    theme = factory.LazyAttribute(lambda practice: practice.definition["theme"])
    digest = factory.LazyAttribute(
        lambda practice: sha256(json.dumps(practice.definition, sort_keys=True).encode()).hexdigest()
    )
    is_current = True
    loaded_at = factory.LazyFunction(timezone.now)


def indexed_practice(slug: str = FIRST) -> Practice:
    """A practice in force that the search finds."""
    practice = PracticeFactory(slug=slug)
    index_practice(practice=practice)
    return practice
