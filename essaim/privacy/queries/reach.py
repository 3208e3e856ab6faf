"""Which rows tell of a person: by foreign keys, followed from every model to ``Person``."""

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet

from essaim.journal.models import Fact, Subject, SubjectMerge
from essaim.kernel.contract import PrivacyRule
from essaim.kernel.instruments import all_instruments
from essaim.people.models import Person

# A row that points to a fact is personal by its own columns, or not at all; what says that files were merged is not
# followed from one person to the other.
NOT_FOLLOWED = {Fact, SubjectMerge}
OWN_STORY = {"privacy.PersonMerge", "people.DistinctPair"}


@cache
def privacy_rules() -> dict[str, PrivacyRule]:
    """Return the privacy rule of every model that reaches a person, by "app.Model"."""
    return {model: rule for one in all_instruments().values() for model, rule in one.personal.items()}


@cache
def personal_models() -> tuple[type[Model], ...]:
    """Return the models with rows about one person, ``Person`` left out."""
    return tuple(model for model in apps.get_models() if model is not Person and lookups_to_person(model))


@cache
def direct_keys(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the model's foreign keys to ``Person``."""
    return tuple(field.name for field in _keys_of(model) if field.related_model is Person)


@cache
def lookups_to_person(model: type[Model]) -> tuple[str, ...]:
    """Return the lookups that lead from a row to its person: ``("enrolment__person",)``; empty for other models."""
    return tuple(_lookups(model, frozenset()))


def _lookups(model: type[Model], seen: frozenset[type[Model]]) -> Iterator[str]:
    if model is Fact:
        yield "subject__person"
        return
    if model is Person or model in NOT_FOLLOWED or not model.__module__.startswith("essaim."):
        return
    own = direct_keys(model)
    yield from own
    if own:
        return
    for field in _keys_of(model):
        target = field.related_model
        if isinstance(target, type) and target not in seen and target not in NOT_FOLLOWED:
            yield from (f"{field.name}__{path}" for path in _lookups(target, seen | {model}))


def _keys_of(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def rows_about(model: type[Model], people: list[int]) -> QuerySet[Model]:
    """Return the rows of ``model`` about these people (keys), each once."""
    conditions = reduce(or_, (Q(**{f"{lookup}__in": people}) for lookup in lookups_to_person(model)))
    if any("__" in lookup for lookup in lookups_to_person(model)):
        keys = model._default_manager.filter(conditions).values("pk")
        return model._default_manager.filter(pk__in=keys).order_by("pk")
    return model._default_manager.filter(conditions).order_by("pk")


def files_of(person: Person) -> list[int]:
    """Return the keys of the person's file and of every file merged into it, however far."""
    found = [person.pk]
    while found:
        more = Person.objects.filter(merged_into__in=found).exclude(pk__in=found).values_list("pk", flat=True)
        if not more:
            break
        found += list(more)
    return found


def kept_file(person: Person) -> Person:
    """Return the file that stands for this one: itself, or the one it was merged into, however far."""
    found = Person.objects.get(pk=person.pk)
    while found.merged_into is not None:
        found = found.merged_into
    return found


def rows_left_behind(model: type[Model], name: str) -> QuerySet[Model]:
    """Return the rows that a merge should have moved: about a file that is merged into another."""
    once = {label for one in all_instruments().values() for label in one.once}
    if model._meta.label in once | OWN_STORY:
        return model._default_manager.none()
    rows = model._default_manager.filter(**{f"{name}__merged_into__isnull": False})
    if model is Subject:
        return rows.filter(facts__isnull=False).distinct()
    return rows
