"""Services and training courses that a person used during her parcours. The row and the fil say the same."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.journal.models import Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import MeasureType
from essaim.journeys.models import Enrolment, Measure, TrainingEntry
from essaim.journeys.operations.path_rules import cohort_of, require_following, tidied
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day

MEASURE, TRAINING = "journeys.measure", "journeys.training"
LONGEST_LABEL = 120
MOST = Decimal(1_000_000_000)


class MeasureRefused(OperationError):  # noqa: N818 - the words of the screen
    """A measure or a training course that cannot be recorded so."""


@dataclass(frozen=True, slots=True)
class MeasureDetails:
    """What is known of a measure: euros, days included."""

    type: str
    label: str
    used_on: date
    starts: date | None = None
    ends: date | None = None
    cost: Decimal | None = None
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class TrainingDetails:
    """What is known of a training course; ``ends`` is its last day, included."""

    title: str
    is_qualifying: bool
    joined_on: date
    starts: date
    ends: date | None = None
    organisation: Organisation | None = None


@transaction.atomic
def record_measure(
    *,
    enrolment: Enrolment,
    type: str,
    label: str,
    used_on: date,
    starts: date | None = None,
    ends: date | None = None,
    cost: Decimal | None = None,
    organisation: Organisation | None = None,
    by: Membership,
    now: datetime,
) -> Measure:
    """Write a service, a brick or an aid used by a person: the row and one ``measure_used``.

    Refused (MeasureRefused): someone who does not follow people in this action or does not see this file, an unknown
    kind, no label, a day in the future or before the entry, dates out of order, an end without start, a cost out of
    range.
    """
    require_following(enrolment=enrolment, by=by, refusal=MeasureRefused)
    details = MeasureDetails(type, label, used_on, starts, ends, cost, organisation)
    measure = Measure(enrolment=enrolment, **_measure_columns(details, enrolment, paris_day(now)))
    measure.fact = _record_measure(measure, by, now)
    measure.save()
    return measure


@transaction.atomic
def correct_measure(
    *, measure: Measure, details: MeasureDetails, version: int, by: Membership, now: datetime
) -> Measure:
    """Set a measure right: a new ``measure_used`` replaces the former. Refused as ``record_measure``; EditConflict."""
    enrolment = measure.enrolment
    require_following(enrolment=enrolment, by=by, refusal=MeasureRefused)
    locked = _take_measure(measure, version)
    for name, value in _measure_columns(details, enrolment, paris_day(now)).items():
        setattr(locked, name, value)
    locked.fact = _record_measure(locked, by, now, corrects=locked.fact)
    locked.save()
    return locked


@transaction.atomic
def cancel_measure(*, measure: Measure, version: int, by: Membership, now: datetime) -> Measure:
    """Cancel a measure entered by mistake: its fact is voided, the row stays as a trace. EditConflict."""
    require_following(enrolment=measure.enrolment, by=by, refusal=MeasureRefused)
    locked = _take_measure(measure, version)
    void_fact(locked.fact, emitter=MEASURE, by=by, now=now)
    locked.cancelled_at = now
    locked.save()
    return locked


@transaction.atomic
def join_training(
    *,
    enrolment: Enrolment,
    title: str,
    is_qualifying: bool,
    joined_on: date,
    starts: date,
    ends: date | None = None,
    organisation: Organisation | None = None,
    by: Membership,
    now: datetime,
) -> TrainingEntry:
    """Write a training course joined by a person: the row and one ``training_joined``.

    Refused (MeasureRefused): as ``record_measure``, and a course joined after its last day.
    """
    require_following(enrolment=enrolment, by=by, refusal=MeasureRefused)
    details = TrainingDetails(title, is_qualifying, joined_on, starts, ends, organisation)
    entry = TrainingEntry(enrolment=enrolment, **_training_columns(details, enrolment, paris_day(now)))
    entry.fact = _record_training(entry, by, now)
    entry.save()
    return entry


@transaction.atomic
def correct_training(
    *, training: TrainingEntry, details: TrainingDetails, version: int, by: Membership, now: datetime
) -> TrainingEntry:
    """Set a training course right: a new ``training_joined`` replaces the former. Refused as ``join_training``."""
    enrolment = training.enrolment
    require_following(enrolment=enrolment, by=by, refusal=MeasureRefused)
    locked = _take_training(training, version)
    for name, value in _training_columns(details, enrolment, paris_day(now)).items():
        setattr(locked, name, value)
    locked.fact = _record_training(locked, by, now, corrects=locked.fact)
    locked.save()
    return locked


@transaction.atomic
def cancel_training(*, training: TrainingEntry, version: int, by: Membership, now: datetime) -> TrainingEntry:
    """Cancel a training course entered by mistake: its fact is voided, the row stays as a trace. EditConflict."""
    require_following(enrolment=training.enrolment, by=by, refusal=MeasureRefused)
    locked = _take_training(training, version)
    void_fact(locked.fact, emitter=TRAINING, by=by, now=now)
    locked.cancelled_at = now
    locked.save()
    return locked


def _take_measure(measure: Measure, version: int) -> Measure:
    locked = check_version(measure, version)
    if locked.cancelled_at is not None:
        raise MeasureRefused("Cette mesure est annulée.")
    locked.enrolment = measure.enrolment
    return locked


def _take_training(training: TrainingEntry, version: int) -> TrainingEntry:
    locked = check_version(training, version)
    if locked.cancelled_at is not None:
        raise MeasureRefused("Cette entrée en formation est annulée.")
    locked.enrolment = training.enrolment
    return locked


def _measure_columns(details: MeasureDetails, enrolment: Enrolment, today: date) -> dict[str, object]:
    if details.type not in MeasureType.values:
        raise MeasureRefused("Choisissez la nature.", field="type")
    label = _named(details.label, "label")
    _check_day(details.used_on, enrolment, today, "used_on")
    if details.ends and not details.starts:
        raise MeasureRefused("Indiquez aussi le début.", field="starts")
    _check_order(details.starts, details.ends)
    if details.cost is not None and not 0 <= details.cost <= MOST:
        raise MeasureRefused("Le coût est un montant en euros, positif.", field="cost")
    _check_organisation(details.organisation)
    return {name: getattr(details, name) for name in details.__dataclass_fields__} | {"label": label}


def _training_columns(details: TrainingDetails, enrolment: Enrolment, today: date) -> dict[str, object]:
    title = _named(details.title, "title")
    _check_day(details.joined_on, enrolment, today, "joined_on")
    _check_order(details.starts, details.ends)
    if details.ends and details.joined_on > details.ends:
        raise MeasureRefused("Cette formation était déjà finie à cette date.", field="joined_on")
    _check_organisation(details.organisation)
    return {name: getattr(details, name) for name in details.__dataclass_fields__} | {"title": title}


def _named(words: str, field: str) -> str:
    tidy = tidied(words=words, longest=LONGEST_LABEL)
    if not tidy:
        raise MeasureRefused("Donnez un intitulé.", field=field)
    return tidy


def _check_day(day: date, enrolment: Enrolment, today: date, field: str) -> None:
    if day > today:
        raise MeasureRefused("Cette date est dans l’avenir.", field=field)
    if day < enrolment.opened_on:
        raise MeasureRefused(f"La personne est entrée dans l’action le {long_day(enrolment.opened_on)}.", field=field)


def _check_order(starts: date | None, ends: date | None) -> None:
    if starts and ends and ends < starts:
        raise MeasureRefused("La fin est avant le début.", field="ends")


def _check_organisation(organisation: Organisation | None) -> None:
    if organisation is not None and organisation.origin != OrganisationOrigin.LOCAL:
        raise MeasureRefused("Choisissez une structure de cette instance.", field="organisation")


def _record_measure(measure: Measure, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    data = {
        "type": measure.type,
        "starts": measure.starts.isoformat() if measure.starts else None,
        "ends": measure.ends.isoformat() if measure.ends else None,
        "cost": None if measure.cost is None else float(measure.cost),
    }
    return record(
        "measure_used",
        emitter=MEASURE,
        action=measure.enrolment.action,
        at=measure.used_on,
        person=measure.enrolment.person,
        organisation=measure.organisation,
        cohort=cohort_of(enrolment=measure.enrolment),
        by=by,
        now=now,
        data={key: value for key, value in data.items() if value is not None},
        corrects=corrects,
    )


def _record_training(entry: TrainingEntry, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    data = {
        "qualifying": entry.is_qualifying,
        "starts": entry.starts.isoformat(),
        "ends": entry.ends.isoformat() if entry.ends else None,
    }
    return record(
        "training_joined",
        emitter=TRAINING,
        action=entry.enrolment.action,
        at=entry.joined_on,
        person=entry.enrolment.person,
        organisation=entry.organisation,
        cohort=cohort_of(enrolment=entry.enrolment),
        by=by,
        now=now,
        data={key: value for key, value in data.items() if value is not None},
        corrects=corrects,
    )
