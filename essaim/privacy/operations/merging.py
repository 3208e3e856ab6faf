"""Two files of one person made one, and two again."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Subject
from essaim.journal.operations import merge_subjects, part_subjects
from essaim.journeys.operations.limits import derive_terms
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.privacy.models import PersonMerge
from essaim.privacy.permissions import may_merge
from essaim.privacy.queries.merging import (
    completed_fields,
    facts_recorded_since,
    keyed_models,
    rows_returning,
    rows_to_move,
)


class MergeRefused(OperationError):  # noqa: N818 - the words of the screen
    """Two files that may not be merged, or a merge that may not be undone."""


@transaction.atomic
def merge_people(*, kept: Person, absorbed: Person, by: Membership, now: datetime) -> PersonMerge:
    """Make one file of two: what tells of ``absorbed`` tells of ``kept`` from now on, and nothing is deleted.

    What ``kept`` does not know is taken from ``absorbed``. A row that both have (a skill, an open access…) stays on
    the absorbed file, which nobody sees any more. Refused (MergeRefused): twice the same file, a file that the
    organisation of ``by`` does not see or that is merged already, someone who is not of the referent team, two rows
    that may not stand together (two open parcours in one action), two appointments at the same time.
    """
    kept, absorbed = _lock(kept, absorbed)
    _check_files(kept, absorbed, by)
    moved: dict[str, Any] = {"rows": {}, "keyed": {}}
    for model, name, keys in rows_to_move(kept, absorbed, refuse=_refuse_clash):
        _give(model, name, keys, kept)
        moved["rows"][f"{model._meta.label}.{name}"] = keys
    moved["keyed"] = _rename_keys(absorbed, kept)
    moved["fields"] = _complete(kept, absorbed)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    moved["subjects"] = merge_subjects(kept=kept, absorbed=absorbed)
    _derive_terms(kept)
    try:
        with transaction.atomic():
            return PersonMerge.objects.create(
                kept=kept,
                absorbed=absorbed,
                moved=moved,
                merged_at=now,
                merged_by=by.user,
                organisation_id=by.organisation_id,
            )
    except IntegrityError as twice:
        raise MergeRefused("Ces deux dossiers viennent d’être fusionnés.") from twice


@transaction.atomic
def undo_merge(*, merge: PersonMerge, by: Membership, now: datetime) -> PersonMerge:
    """Make two files again: each row, fact and field is where it was; what came since follows the parcours it is of.

    Refused (MergeRefused): outside the referent team of the kept file, undone already, a kept file that was itself
    merged or erased since, a parcours opened since in an action that only the absorbed file knew.
    """
    merge = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    kept, absorbed = _lock(merge.kept, merge.absorbed)
    _check_undoing(merge, kept, by)
    moved = merge.moved
    subjects = Subject.objects.filter(pk__in=moved["subjects"], person=kept)
    actions = [key for key in subjects.values_list("action_id", flat=True) if key is not None]
    for model, name, keys in rows_returning(moved["rows"], kept, actions, refuse=_refuse_new_parcours):
        _give(model, name, keys, absorbed)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    _restore_keys(moved["keyed"], kept, absorbed)
    _restore_fields(moved["fields"], kept)
    later = facts_recorded_since(kept, absorbed)
    part_subjects(kept=kept, absorbed=absorbed, handed=moved["subjects"], later=later)
    _derive_terms(kept, absorbed)
    merge.undone_at, merge.undone_by = now, by.user
    merge.save(update_fields=["undone_at", "undone_by"])
    return merge


def _lock(*people: Person) -> list[Person]:
    """Lock both files, always in the same order, so that two merges wait for each other."""
    keys = [person.pk for person in people]
    fresh = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [fresh[key] for key in keys]


def _check_files(kept: Person, absorbed: Person, by: Membership) -> None:
    if kept.pk == absorbed.pk:
        raise MergeRefused("C’est deux fois le même dossier : choisissez-en un autre.", field="absorbed")
    if absorbed.merged_into_id or kept.merged_into_id:
        raise MergeRefused("L’un de ces dossiers vient d’être fusionné. Rechargez la page.")
    if not may_merge(by, kept, absorbed):
        raise MergeRefused("Seule l’équipe référente des deux dossiers peut les fusionner.")


def _check_undoing(merge: PersonMerge, kept: Person, by: Membership) -> None:
    if merge.undone_at is not None:
        raise MergeRefused("Cette fusion est déjà défaite.")
    if kept.erased_at is not None or kept.archived_at is not None:
        raise MergeRefused("L’identité de cette personne a été effacée : la fusion ne se défait plus.")
    if kept.merged_into_id is not None:
        raise MergeRefused("Le dossier gardé a été fusionné depuis avec un autre : défaites d’abord cette fusion-là.")
    if not may_merge(by, kept, kept):
        raise MergeRefused("Seule l’équipe référente du dossier peut défaire cette fusion.")


def _refuse_clash(row: Model) -> None:
    of = getattr(row, "action", None) or getattr(row, "planned", None)
    where = f" pour « {of} »" if of else ""
    raise MergeRefused(
        f"Les deux dossiers ont chacun un même élément en cours{where} ({row._meta.verbose_name})."
        " Terminez ou annulez l’un des deux, puis fusionnez."
    )


def _refuse_new_parcours(action: Model) -> None:
    raise MergeRefused(
        f"Un parcours a été ouvert depuis la fusion dans « {action} » : annulez-le avant de défaire la fusion."
    )


def _give(model: type[Model], name: str, keys: Iterable[int], person: Person) -> None:
    model._default_manager.filter(pk__in=list(keys)).update(**{name: person})


def _derive_terms(*people: Person) -> None:
    """The days that a practice allows are those of one person: her parcours now count together, or apart again."""
    for person in people:
        for action in Action.objects.filter(enrolments__person=person).distinct().order_by("pk"):
            derive_terms(action=action, person=person)


def _rename_keys(absorbed: Person, kept: Person) -> dict[str, list[int]]:
    renamed = {}
    for model, column, pattern in keyed_models():
        rows = model._default_manager.filter(**{column: pattern.format(absorbed.pk)})
        keys = list(rows.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                rows.update(**{column: pattern.format(kept.pk)})
        except IntegrityError as clash:
            raise MergeRefused(
                "Les deux dossiers sont pris au même moment (rendez-vous ou séance). Annulez l’un des deux d’abord."
            ) from clash
        if keys:
            renamed[f"{model._meta.label}.{column}"] = keys
    return renamed


def _restore_keys(keyed: dict[str, list[int]], kept: Person, absorbed: Person) -> None:
    for model, column, pattern in keyed_models():
        keys = keyed.get(f"{model._meta.label}.{column}", [])
        rows = model._default_manager.filter(pk__in=keys, **{column: pattern.format(kept.pk)})
        rows.update(**{column: pattern.format(absorbed.pk)})


def _complete(kept: Person, absorbed: Person) -> dict[str, list[Any]]:
    taken = completed_fields(kept, absorbed)
    before = {name: _plain(kept, name) for name in taken}
    for name, value in taken.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save(update_fields=[*taken, "version"])
    changes = {name: [before[name], _plain(kept, name)] for name in taken}
    return changes | {"version": [kept.version - 1, kept.version]}


def _restore_fields(fields: dict[str, list[Any]], kept: Person) -> None:
    unchanged = [name for name, (_, after) in fields.items() if _plain(kept, name) == after]
    for name in unchanged:
        field = Person._meta.get_field(name)
        setattr(kept, field.attname, field.to_python(fields[name][0]))  # type: ignore[union-attr]
    kept.save(update_fields=unchanged)


def _plain(person: Person, name: str) -> Any:
    value = getattr(person, Person._meta.get_field(name).attname)  # type: ignore[union-attr]
    return str(value) if isinstance(value, date | Decimal) else value
