"""Import of a file of people: every row imported exactly, or reported with its line, column and reason.

One transaction: killed midway, nothing is imported. Imported again, the same file changes nothing.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from essaim.accounts.models import Membership
from essaim.directory.queries import find_points
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.enums import GrantScope, IdentifierSystem
from essaim.people.models import AccessGrant, ExternalIdentifier, Person, Profile
from essaim.people.operations.grants import REFERENT_ORIGIN
from essaim.people.permissions import works_with_people
from essaim.people.queries.imports import Columns, FileRefusedError, PlannedBatch, PlannedRow, RefusedRow, plan_import
from essaim.people.tasks import locate_person as locate_later

PLACE = ("address", "postcode", "commune_id")
# One statement a batch: thousands of CASE … WHEN would take minutes.
_UPDATE = """
UPDATE people_person AS person SET
    last_name = given.last_name, first_name = given.first_name, birth_date = given.birth_date,
    phone = given.phone, email = given.email, address = given.address, postcode = given.postcode,
    commune_id = given.commune_id, latitude = given.latitude, longitude = given.longitude,
    version = person.version + 1
FROM unnest(
    %(id)s::bigint[], %(last_name)s::text[], %(first_name)s::text[], %(birth_date)s::date[], %(phone)s::text[],
    %(email)s::text[], %(address)s::text[], %(postcode)s::text[], %(commune_id)s::text[],
    %(latitude)s::numeric[], %(longitude)s::numeric[]
) AS given (
    id, last_name, first_name, birth_date, phone, email, address, postcode, commune_id, latitude, longitude
)
WHERE person.id = given.id
"""
WRITTEN = (
    "last_name",
    "first_name",
    "birth_date",
    "phone",
    "email",
    "address",
    "postcode",
    "commune_id",
    "latitude",
    "longitude",
)
# What a new profile takes from the one before it: everything but its own identity.
CARRIED = tuple(
    name.attname
    for name in Profile._meta.concrete_fields
    if name.name not in {"id", "person", "day", "recorded_at", "recorded_by"}
)
PICTURES_TASK = "journeys.catch_up_pictures"
_LOCK = 0x6573_7069  # with the key of the organisation: one import at a time


class ImportRefused(OperationError):  # noqa: N818 - the words of the screen
    """A file that cannot be imported as a whole. ``refused`` says where and why."""

    def __init__(self, message: str, *, field: str | None = None, refused: Sequence[RefusedRow] = ()) -> None:
        super().__init__(message, field=field)
        self.refused = list(refused)


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do: numbers of rows, and each row refused."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def import_people(
    *, content: bytes, mapping: Columns = None, dry_run: bool = False, by: Membership, now: datetime
) -> ImportReport:
    """Import a CSV or XLSX file of people for the organisation of ``by``, which becomes their referent one.

    A file never erases: only what it fills and what differs is written; sex and level make a profile of today.
    New people have no referent yet. With ``dry_run`` nothing is written and the report is the same. Refused
    (ImportRefused): a role that does not work with people, a file or columns that cannot be read.
    """
    if not works_with_people(by):
        raise ImportRefused("Votre rôle ne donne pas accès aux dossiers des personnes.")
    report = ImportReport()
    try:
        with nullcontext() if dry_run else transaction.atomic():
            if not dry_run:
                _one_at_a_time(by)
            batches = plan_import(content, mapping, by=by, today=paris_day(now), for_update=not dry_run)
            for batch in batches:
                _count(report, batch)
                if not dry_run and batch.rows:
                    _write(batch.rows, by, now)
    except FileRefusedError as refusal:
        raise ImportRefused(str(refusal), field="file", refused=refusal.refused) from None
    except IntegrityError as clash:  # a colleague wrote the same identifier in the same instant
        raise ImportRefused("Des dossiers viennent de changer. Recommencez l’import.") from clash
    return report


def _one_at_a_time(by: Membership) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, by.organisation_id])


def _count(report: ImportReport, batch: PlannedBatch) -> None:
    created = sum(row.is_new for row in batch.rows)
    report.created += created
    report.updated += len(batch.rows) - created
    report.unchanged += batch.unchanged
    report.refused += batch.refused


def _write(rows: Sequence[PlannedRow], by: Membership, now: datetime) -> None:
    moved = _place(rows)
    _create([row for row in rows if row.is_new], by, now)
    known = [row for row in rows if not row.is_new]
    _update([row for row in known if row.changes])
    _add_profiles([row for row in rows if row.profile], by, now)
    _tell_actions([row for row in known if row.profile or "birth_date" in row.changes], by)
    ExternalIdentifier.objects.bulk_create(
        ExternalIdentifier(
            person=row.person,
            organisation_id=by.organisation_id,
            system=IdentifierSystem.OWN,
            value=row.identifier,
            recorded_at=now,
        )
        for row in rows
        if row.identifier
    )
    if settings.GEOCODER_URL and moved:
        tasks: list[dict[str, JSONValue]] = [{"code": row.person.code} for row in moved if row.person]
        locate_later.batch_defer(*tasks)


def _create(rows: Sequence[PlannedRow], by: Membership, now: datetime) -> None:
    people = [Person(**row.changes, referent_organisation_id=by.organisation_id, created_at=now) for row in rows]
    Person.objects.bulk_create(people)
    for row, person in zip(rows, people, strict=True):
        row.person = person
    AccessGrant.objects.bulk_create(
        AccessGrant(
            person=person,
            organisation_id=by.organisation_id,
            scope=GrantScope.REFERENT,
            origin=REFERENT_ORIGIN,
            reason="organisation référente",
            since=now,
        )
        for person in people
    )


def _update(rows: Sequence[PlannedRow]) -> None:
    """Write the changes of people already known, whose rows the plan has locked."""
    given: dict[str, list[Any]] = {
        name: [row.changes.get(name, getattr(row.person, name)) for row in rows] for name in WRITTEN
    }
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, given | {"id": [row.person.pk for row in rows if row.person]})


def _tell_actions(rows: Sequence[PlannedRow], by: Membership) -> None:
    """Let the actions where these people are take their new picture: the app that keeps them stands above."""
    if rows:
        codes: list[JSONValue] = [row.person.code for row in rows if row.person]
        app.configure_task(PICTURES_TASK, allow_unknown=True).defer(codes=codes, membership=by.pk)


def _add_profiles(rows: Sequence[PlannedRow], by: Membership, now: datetime) -> None:
    Profile.objects.bulk_create(
        Profile(
            **{name: getattr(row.last_profile, name) for name in CARRIED if row.last_profile} | row.profile,
            person=row.person,
            day=paris_day(now),
            recorded_at=now,
            recorded_by=by.user,
        )
        for row in rows
    )


def _place(rows: Sequence[PlannedRow]) -> list[PlannedRow]:
    """Put on the map, from the points known here, those whose address changes; return those still to be placed."""
    moved = [row for row in rows if row.changes.keys() & set(PLACE)]
    asked = {id(row): tuple(_after(row, name) or "" for name in PLACE) for row in moved}
    points = find_points((address, postcode, commune) for address, postcode, commune in asked.values())
    for row in moved:
        address, postcode, commune = asked[id(row)]
        row.changes["latitude"], row.changes["longitude"] = points.get((address, postcode, commune), (None, None))
    return [row for row in moved if row.changes["latitude"] is None and asked[id(row)][0]]


def _after(row: PlannedRow, name: str) -> str:
    return str(row.changes.get(name) or getattr(row.person, name, "") or "")
