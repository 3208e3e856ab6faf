"""The end of the keeping: announced, then archived or erased, every day."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from essaim.people.models import Person
from essaim.privacy.enums import ErasureCause, RetentionStage
from essaim.privacy.models import RetentionStep
from essaim.privacy.operations.erasing import ErasureRefused, erase_person
from essaim.privacy.queries.retention import DueFile, list_due_files


@dataclass(slots=True)
class RetentionReport:
    """The public codes of the files announced, archived and erased on a day, and whether it was done."""

    warn: list[str] = field(default_factory=list)
    archive: list[str] = field(default_factory=list)
    anonymise: list[str] = field(default_factory=list)
    applied: bool = False


def run_retention(*, on: date, apply: bool, now: datetime) -> RetentionReport:
    """Say, and do when ``apply``, what the end of the keeping asks on that day. Each file in its own transaction.

    Two years after the person's own last contact her identity is erased, announced exactly 30 days before; someone
    in an open parcours is announced and never erased; evidence that must be kept holds the file in archive. Done
    twice, the second time changes nothing.
    """
    report = RetentionReport(applied=apply)
    due = list(list_due_files(on))
    for one in due:
        stage = _apply(one, on, now) if apply else one.standing.stage
        getattr(report, stage).append(one.person.code)
    return report


def _apply(one: DueFile, on: date, now: datetime) -> str:
    stage = one.standing.stage
    try:
        with transaction.atomic():
            if stage == "anonymise":
                erase_person(person=one.person, cause=ErasureCause.RETENTION, by=None, now=now)
            elif stage == "archive":
                Person.objects.filter(pk=one.person.pk, archived_at__isnull=True).update(archived_at=now)
            _note(one, stage, on)
    except ErasureRefused:  # something was planned meanwhile: she is there
        stage = "warn"
        _note(one, stage, on)
    return stage


def _note(one: DueFile, stage: str, on: date) -> None:
    stages = {
        "warn": RetentionStage.WARNED,
        "archive": RetentionStage.ARCHIVED,
        "anonymise": RetentionStage.ANONYMISED,
    }
    RetentionStep.objects.get_or_create(
        person=one.person, stage=stages[stage], counted_from=one.standing.last_contact, defaults={"on": on}
    )
