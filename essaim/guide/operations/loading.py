"""Loading the practice files. Nothing else writes practices: a fiche is changed by changing its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet

from essaim.guide.engine import Fault, PracticeFile
from essaim.guide.engine.library import read_library
from essaim.guide.engine.practice import FORMAT
from essaim.guide.models import Practice
from essaim.guide.operations.indexing import index_practice
from essaim.guide.queries import DATA, list_practices, practice_texts
from essaim.kernel.errors import OperationError


class PracticeFilesError(OperationError):
    """At least one file cannot be read; ``faults`` says where and why. Nothing was loaded."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Des fiches sont à corriger : " + " ; ".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class LoadedPractices:
    """Slugs: new, changed (a new version is in force), withdrawn (its file is gone), unchanged."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_practices(*, now: datetime, folder: Path = DATA) -> LoadedPractices:
    """Bring the database in step with the practice files, all or none; running it again changes nothing.

    A changed file makes a new version and leaves the older ones as they are, since actions refer to them. A
    practice whose file is gone has no version in force any more, until the file comes back. What the search reads
    follows, for every practice in force.
    Raises PracticeFilesError.
    """
    texts = practice_texts(folder)
    practices, faults = read_library(texts)
    if faults:
        raise PracticeFilesError(faults)
    digests = {practice.slug: _digest(texts, practice) for practice in practices}
    with transaction.atomic():
        _one_loader_at_a_time()
        in_force = dict(_of_the_guide().values_list("slug", "digest"))
        moved = [practice for practice in practices if in_force.get(practice.slug) != digests[practice.slug]]
        withdrawn = tuple(sorted(set(in_force) - set(digests)))
        _of_the_guide().filter(slug__in=[*withdrawn, *(practice.slug for practice in moved)]).update(is_current=False)
        for practice in moved:
            _put_in_force(practice, digests[practice.slug], now)
        for current in list_practices():
            index_practice(practice=current)
    names = [practice.slug for practice in moved]
    return LoadedPractices(
        added=tuple(slug for slug in names if slug not in in_force),
        changed=tuple(slug for slug in names if slug in in_force),
        withdrawn=withdrawn,
        unchanged=tuple(slug for slug in digests if slug not in names),
    )


def _of_the_guide() -> QuerySet[Practice]:
    """The versions in force that come from files; those of organisations are none of the loader's business."""
    return Practice.objects.filter(is_current=True, organisation__isnull=True)


def _digest(texts: dict[str, str], practice: PracticeFile) -> str:
    text = texts[f"{practice.number:02d}-{practice.slug}.yaml"]
    return sha256(f"{FORMAT}\n{text}".encode()).hexdigest()


def _one_loader_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guide.load_practices'))")


def _put_in_force(practice: PracticeFile, digest: str, now: datetime) -> None:
    versions = Practice.objects.filter(slug=practice.slug)
    if versions.filter(digest=digest).update(is_current=True):
        return
    last = versions.order_by("-version").values_list("version", flat=True).first()
    Practice.objects.create(
        slug=practice.slug,
        version=(last or 0) + 1,
        position=practice.number,
        title=practice.title,
        theme=practice.theme,
        digest=digest,
        definition=dict(practice.definition),
        loaded_at=now,
    )
