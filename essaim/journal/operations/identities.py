"""What becomes of the facts of a person when two files are one, two again, or when her identity is erased."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction

from essaim.journal.models import Fact, Subject, SubjectMerge
from essaim.people.models import Person


@transaction.atomic
def merge_subjects(*, kept: Person, absorbed: Person) -> list[int]:
    """Give the facts of ``absorbed`` to ``kept``, whose file must already hold hers (``merged_into``).

    Where ``kept`` had no pseudonym, the pseudonym changes hands; where both had one, the facts do, by the database's
    own function, which keeps which. Returns the keys of the pseudonyms that changed hands. Raises DatabaseError when
    the file is not merged.
    """
    own = {subject.action_id: subject.pk for subject in Subject.objects.filter(person=kept)}
    handed: list[int] = []
    for subject in Subject.objects.select_for_update().filter(person=absorbed).order_by("pk"):
        if subject.action_id not in own:
            subject.person = kept
            subject.save(update_fields=["person"])
            handed.append(subject.pk)
        else:
            _call("journal_reassign_subject(%s, %s)", subject.pk, own[subject.action_id])
    return handed


@transaction.atomic
def part_subjects(*, kept: Person, absorbed: Person, handed: Iterable[int], later: Iterable[int]) -> None:
    """Undo ``merge_subjects``: the pseudonyms of ``handed`` and the facts that had moved are ``absorbed``'s again.

    ``later``: facts recorded since about what returns. To call once ``merged_into`` is empty; DatabaseError else.
    """
    Subject.objects.filter(pk__in=list(handed), person=kept).update(person=absorbed)
    merges = SubjectMerge.objects.filter(from_subject__person=absorbed, to_subject__person=kept, undone_at=None)
    for merge in merges.order_by("-pk"):
        _call("journal_return_facts(%s, %s::bigint[])", merge.pk, list(later))


@transaction.atomic
def forget_person(*, person: Person, coarsen: Callable[[date, Iterable[date]], date]) -> int:
    """Unlink every fact of ``person`` from her: the facts stay, nobody knows whose they were.

    In the pictures of her profile, ``coarsen(birth date, days of her facts)`` takes the place of the birth date: the
    figures stay the same. Returns how many pictures changed.
    """
    changed = 0
    for subject in Subject.objects.select_for_update().filter(person=person).order_by("pk"):
        days = set(Fact.objects.filter(subject=subject).values_list("day", flat=True))
        pictures = Fact.objects.filter(subject=subject, kind="profile_declared", data__has_key="birth_date")
        for key, data in pictures.values_list("pk", "data"):
            born = coarsen(date.fromisoformat(data["birth_date"]), days)
            changed += _call("journal_blank_fact(%s, '{}', %s)", key, born)
        subject.person = None
        subject.save(update_fields=["person"])
    return changed


def _call(function: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", values)
        return int(cursor.fetchone()[0])
