"""What a merge moves, what it leaves, what it compares; what returns when it is undone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet, UniqueConstraint

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact, Subject
from essaim.journeys.models import Enrolment
from essaim.kernel.formats import phone
from essaim.kernel.instruments import all_instruments
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import get_person_for, visible_people
from essaim.privacy.models import PersonMerge
from essaim.privacy.queries.reach import OWN_STORY, direct_keys, personal_models, rows_about

# What is taken together, when the first of the group is missing from the kept file.
GROUPS = (
    ("birth_date",),
    ("phone", "is_phone_shared"),
    ("email", "is_email_shared"),
    ("contact_preference",),
    ("address", "postcode", "commune", "latitude", "longitude"),
    ("housing", "domiciled_at"),
    ("spoken_language",),
    ("representative_name", "representative_phone", "representative_link"),
    ("referent",),
    ("informed_on", "informed_how"),
)
Moved = tuple[type[Model], str, list[int]]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line of the comparison: both values in words, and whether the absorbed file gives it."""

    label: str
    kept: str
    absorbed: str
    is_taken: bool


def list_merges_for(viewer: Membership | None) -> QuerySet[PersonMerge]:
    """Return the merges of files that the viewer may open, latest first."""
    people = visible_people(viewer).filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
    return (
        PersonMerge.objects.filter(kept__in=people.values("pk"))
        .select_related("kept", "absorbed", "merged_by", "undone_by", "organisation")
        .order_by("-merged_at", "-pk")
    )


def get_merge_for(viewer: Membership | None, ref: str) -> PersonMerge:
    """Return a merge of a file that the viewer may open. Raises PersonMerge.DoesNotExist."""
    return list_merges_for(viewer).get(ref=ref)


def compare_files_for(viewer: Membership | None, kept: Person, absorbed: Person) -> list[ComparedLine]:
    """Say side by side what both files know, and what the kept one will take. Raises Person.DoesNotExist."""
    kept, absorbed = get_person_for(viewer, kept.code), get_person_for(viewer, absorbed.code)
    taken = completed_fields(kept, absorbed)
    names = ["first_name", "last_name", *(name for group in GROUPS for name in group)]
    lines = [_line(name, kept, absorbed, name in taken) for name in names if name not in {"latitude", "longitude"}]
    return [line for line in lines if line.kept or line.absorbed]


def completed_fields(kept: Person, absorbed: Person) -> dict[str, Any]:
    """Return what the kept file takes from the absorbed one: what it does not know; and protection, always."""
    taken: dict[str, Any] = {}
    for group in GROUPS:
        if not getattr(kept, group[0]) and getattr(absorbed, group[0]):
            taken |= {name: getattr(absorbed, name) for name in group}
    if absorbed.is_protected and not kept.is_protected:
        taken["is_protected"] = True
    return taken


def count_what_moves(kept: Person, absorbed: Person) -> list[tuple[str, int]]:
    """Return how many rows of each nature would move, in words. Raises what ``refuse`` of the operation would."""
    found = [(model, len(keys)) for model, _, keys in rows_to_move(kept, absorbed, refuse=lambda row: None)]
    return [(str(model._meta.verbose_name), quantity) for model, quantity in found]


def keyed_models() -> Iterator[tuple[type[Model], str, str]]:
    """Yield the models that name a person by a key in a column: (model, column, pattern)."""
    for instrument in all_instruments().values():
        for label, (column, pattern) in instrument.keyed.items():
            yield apps.get_model(label), column, pattern


def rows_to_move(kept: Person, absorbed: Person, *, refuse: Callable[[Model], None]) -> Iterator[Moved]:
    """Yield what tells of the absorbed file and becomes the kept one's; ``refuse(row)`` where both may not stand."""
    once = {label for instrument in all_instruments().values() for label in instrument.once}
    for model in personal_models():
        if model is Subject or model._meta.label in OWN_STORY:
            continue
        for name in direct_keys(model):
            twice = _clashing(model, name, kept, absorbed)
            if twice and model._meta.label not in once:
                refuse(model._default_manager.get(pk=min(twice)))
            rows = model._default_manager.filter(**{name: absorbed}).exclude(pk__in=twice)
            keys = list(rows.order_by("pk").values_list("pk", flat=True))
            if keys:
                yield model, name, keys


def rows_returning(
    moved: dict[str, list[int]], kept: Person, actions: list[int], *, refuse: Callable[[Model], None]
) -> Iterator[Moved]:
    """Yield what returns to the absorbed file: what had moved, and what came since of its parcours and ``actions``.

    ``actions`` are those that only the absorbed file knew; ``refuse(action)`` when the kept one entered one since.
    """
    enrolments = moved.get("journeys.Enrolment.person", [])
    entered = Enrolment.objects.filter(person=kept, action__in=actions).exclude(pk__in=enrolments)
    for enrolment in entered.select_related("action")[:1]:
        refuse(enrolment.action)
    for model in personal_models():
        for name in direct_keys(model) if model is not Subject and model._meta.label not in OWN_STORY else ():
            wanted = Q(pk__in=moved.get(f"{model._meta.label}.{name}", []))
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey) and field.related_model is Enrolment:
                    wanted |= Q(**{f"{field.name}__in": enrolments})
                elif isinstance(field, ForeignKey) and field.related_model is Action:
                    wanted |= Q(**{f"{field.name}__in": actions})
            keys = list(model._default_manager.filter(wanted, **{name: kept}).values_list("pk", flat=True))
            if keys:
                yield model, name, keys


def facts_recorded_since(kept: Person, absorbed: Person) -> set[int]:
    """Return the facts of the kept person that rows now about the absorbed one say the same as."""
    found: set[int] = set()
    for model in personal_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Fact and model is not Fact:
                rows = rows_about(model, [absorbed.pk]).filter(**{f"{field.name}__subject__person": kept})
                found.update(rows.values_list(f"{field.name}_id", flat=True))
    return found


def _clashing(model: type[Model], name: str, kept: Person, absorbed: Person) -> set[int]:
    """The rows of the absorbed file that a uniqueness rule of the table forbids beside those of the kept one."""
    found: set[int] = set()
    for constraint in model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or name not in constraint.fields:
            continue
        others = [field for field in constraint.fields if field != name]
        rows = model._default_manager.filter(constraint.condition or Q())
        known = {key for _, key in _keys(rows.filter(**{name: kept}), others)}
        for pk, key in _keys(rows.filter(**{name: absorbed}), others):
            if key in known and (constraint.nulls_distinct is False or None not in key):
                found.add(pk)
    return found


def _keys(rows: QuerySet[Model], fields: Iterable[str]) -> list[tuple[int, tuple[Any, ...]]]:
    return [(values[0], tuple(values[1:])) for values in rows.values_list("pk", *fields)]


def _line(name: str, kept: Person, absorbed: Person, is_taken: bool) -> ComparedLine:
    field = Person._meta.get_field(name)
    return ComparedLine(
        str(field.verbose_name).capitalize(),  # type: ignore[union-attr]
        _in_words(kept, name),
        _in_words(absorbed, name),
        is_taken,
    )


def _in_words(person: Person, name: str) -> str:
    display = getattr(person, f"get_{name}_display", None)
    value = display() if display else getattr(person, name)
    if value is None or value is False or value == "":
        return ""
    if name in {"phone", "representative_phone"}:
        return phone(value)
    return "Oui" if value is True else f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
