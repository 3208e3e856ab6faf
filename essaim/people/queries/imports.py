"""Files of people: what importing one would do, row by row, and the imports of an organisation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Q, QuerySet

from essaim.accounts.models import Membership
from essaim.directory.engine.commune_names import CommuneNames, UnknownCommuneError
from essaim.directory.queries import load_commune_names
from essaim.kernel.engine.sheets import SheetError, Table, TableRow, open_table
from essaim.people.engine.import_columns import (
    ColumnsError,
    columns_digest,
    guess_columns,
    place_chosen,
    place_fields,
)
from essaim.people.engine.import_rows import ImportField, RowFault, RowValues, read_row, tidy
from essaim.people.engine.names import plain
from essaim.people.enums import IdentifierSystem
from essaim.people.models import ExternalIdentifier, ImportMapping, Person, PersonImport, Profile
from essaim.people.permissions import shows_sensitive, works_with_people
from essaim.people.queries import visible_people

MOST_COLUMNS = 200  # the page that says what each column is has a field for each
ROWS_A_BATCH = 500
# {heading: field}, or the field of each column in order; None for the default names alone.
Columns = Mapping[str, str] | Sequence[str] | None
_KEYS = """
SELECT regexp_replace(public.fr_sort(last || ' ' || first), '[^[:alnum:]]+', ' ', 'g')
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given (last, first, place) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not imported: its line in the file, the column at fault ("" for the whole row), why."""

    line: int
    column: str
    reason: str


class FileRefusedError(ValueError):
    """The file as a whole cannot be read: ``refused`` says where and why."""

    def __init__(self, refused: Sequence[RefusedRow]) -> None:
        super().__init__(refused[0].reason)
        self.refused = list(refused)


@dataclass(slots=True)
class PlannedRow:
    """What a row becomes: a person to create (``person`` is then set by whoever creates her), or the changes of a
    known one; none when every change is empty.
    """

    line: int
    is_new: bool
    person: Person | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    identifier: str = ""
    last_profile: Profile | None = None

    @property
    def is_unchanged(self) -> bool:
        return not self.is_new and not (self.changes or self.profile or self.identifier)


@dataclass(slots=True)
class PlannedBatch:
    rows: list[PlannedRow] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """What the database knows of the people that the rows of a batch may be."""

    keys: list[str]
    owner_of: dict[str, int]
    by_pk: dict[int, Person]
    by_name: dict[tuple[str, date | None], list[Person]]
    identifier_of: dict[int, str]
    profile_of: dict[int, Profile]


def read_headings(content: bytes) -> tuple[str, ...]:
    """Return the headings of a file. Raises FileRefusedError when it cannot be read."""
    return _open(content).headings


def read_first_rows(content: bytes, count: int) -> list[tuple[str, ...]]:
    """Return the first rows of a file, its headings excepted. Raises FileRefusedError."""
    try:
        return [row.cells for row in islice(_open(content).rows, count) if row.cells]
    except SheetError as error:
        raise _refused(error) from None


def plan_import(
    content: bytes, mapping: Columns, *, by: Membership, today: date, for_update: bool = False
) -> Iterator[PlannedBatch]:
    """Say, batch after batch, what each row of a file becomes for the organisation of ``by``.

    A person is the same by her external identifier, else by name, first name (accents and case aside) and birth
    date, among the files that the organisation sees. Two rows of one person that differ are refused at the
    second. The number of queries of a batch is constant; ``for_update`` locks the files found. Raises
    FileRefusedError when the file or its columns cannot be read.
    """
    table = _open(content)
    try:
        by_name = mapping is None or isinstance(mapping, Mapping)
        places = (place_fields if by_name else place_chosen)(table.headings, mapping)  # type: ignore[arg-type, operator]
    except ColumnsError as error:
        raise FileRefusedError([RefusedRow(table.line, fault.field, fault.message) for fault in error.faults]) from None
    planner = _Planner(table.headings, places, by, today, for_update)
    try:
        while rows := list(islice(table.rows, ROWS_A_BATCH)):
            yield planner.plan(rows)
    except SheetError as error:
        raise _refused(error) from None


def get_import_for(viewer: Membership | None, ref: str) -> PersonImport:
    """Return an import of the viewer's organisation. Raises PersonImport.DoesNotExist."""
    return list_imports_for(viewer).get(ref=ref)


def list_imports_for(viewer: Membership | None) -> QuerySet[PersonImport]:
    """Return the imports of the viewer's organisation, done or being prepared, the latest first."""
    if viewer is None or not works_with_people(viewer):
        return PersonImport.objects.none()
    return PersonImport.objects.filter(organisation_id=viewer.organisation_id).select_related("by")


def propose_columns(headings: Sequence[str], *, by: Membership) -> list[str]:
    """Return the field of each column: as the organisation chose for these columns last time, else as their names
    say.
    """
    digest = columns_digest(headings)
    known = ImportMapping.objects.filter(organisation_id=by.organisation_id, columns_digest=digest).first()
    if known is None or len(known.mapping) != len(headings):
        return guess_columns(headings)
    return list(known.mapping)


def read_draft(draft: PersonImport) -> bytes:
    """Return the content of the file of a draft. Raises FileRefusedError when it is gone."""
    try:
        with draft.file.open("rb") as stored:
            return bytes(stored.read())
    except (OSError, ValueError):
        gone = "Ce fichier n’est plus là : il est gardé 24 heures. Choisissez-le de nouveau."
        raise FileRefusedError([RefusedRow(0, "", gone)]) from None


def _open(content: bytes) -> Table:
    try:
        table = open_table(content)
    except SheetError as error:
        raise _refused(error) from None
    if len(table.headings) > MOST_COLUMNS:
        reason = f"Ce fichier a plus de {MOST_COLUMNS} colonnes : gardez celles qui parlent des personnes."
        raise FileRefusedError([RefusedRow(table.line, "", reason)])
    return table


def _refused(error: SheetError) -> FileRefusedError:
    return FileRefusedError([RefusedRow(error.fault.line, error.fault.column, error.fault.message)])


class _Planner:
    def __init__(
        self,
        headings: Sequence[str],
        places: Mapping[ImportField, int],
        by: Membership,
        today: date,
        for_update: bool,
    ) -> None:
        self.headings, self.places = headings, places
        self.by, self.today, self.for_update = by, today, for_update
        self.seen: dict[tuple[object, ...], tuple[int, int]] = {}

    @cached_property
    def communes(self) -> CommuneNames:
        return load_commune_names()

    def plan(self, rows: Sequence[TableRow]) -> PlannedBatch:
        batch = PlannedBatch()
        read: list[tuple[int, RowValues, str]] = []
        for row in rows:
            values, commune, faults = self._read(row)
            if values is None:
                batch.refused.append(self._refusal(row.line, faults))
            else:
                read.append((row.line, values, commune))
        known = self._look_up([values for _, values, _ in read])
        for (line, values, commune), key in zip(read, known.keys, strict=True):
            planned, fault = self._decide(line, values, commune, key, known)
            if fault is not None:
                batch.refused.append(self._refusal(line, [fault]))
            elif planned is None or planned.is_unchanged:
                batch.unchanged += 1
            else:
                batch.rows.append(planned)
        batch.refused.sort(key=lambda refused: refused.line)
        return batch

    def _read(self, row: TableRow) -> tuple[RowValues | None, str, list[RowFault]]:
        fields = {index: field for field, index in self.places.items()}
        faults = [
            RowFault("" if fault.index is None else fields[fault.index].value, fault.message)
            for fault in row.faults
            if fault.index is None or fault.index in fields
        ]
        if faults:
            return None, "", faults
        cells = {field: row.cells[index] if index < len(row.cells) else "" for field, index in self.places.items()}
        values, faults = read_row(cells, today=self.today, is_email=_is_email)
        commune = ""
        if named := tidy(cells.get(ImportField.COMMUNE, "")):
            try:
                postcode = values.postcode if values else tidy(cells.get(ImportField.POSTCODE, ""))
                commune = self.communes.find(named, postcode)
            except UnknownCommuneError as unknown:
                faults = [*faults, RowFault(ImportField.COMMUNE.value, str(unknown))]
        return (None if faults else values), commune, faults

    def _refusal(self, line: int, faults: Sequence[RowFault]) -> RefusedRow:
        first, *others = faults
        more = "".join(f" {self._column(fault.field)} : {fault.message}" for fault in others)
        return RefusedRow(line, self._column(first.field), first.message + more)

    def _column(self, field: str) -> str:
        index = self.places.get(ImportField(field)) if field else None
        return self.headings[index] if index is not None else field

    def _look_up(self, values: Sequence[RowValues]) -> _Known:
        keys = _search_keys(values)
        asked = {one.identifier for one in values if one.identifier}
        own = ExternalIdentifier.objects.filter(organisation_id=self.by.organisation_id, system=IdentifierSystem.OWN)
        owner_of = dict(own.filter(value__in=asked).values_list("value", "person_id"))
        may_be = Q(search_key__in=set(keys)) | Q(pk__in=owner_of.values())
        found = visible_people(self.by).filter(may_be)
        if self.for_update:
            found = found.select_for_update(of=("self",), no_key=True)
        by_pk = {person.pk: person for person in found.order_by("pk")}
        by_name: dict[tuple[str, date | None], list[Person]] = {}
        for person in by_pk.values():
            if shows_sensitive(person) or not person.is_protected:
                by_name.setdefault((person.search_key, person.birth_date), []).append(person)
        profiles = Profile.objects.filter(person__in=by_pk).order_by("person_id", "-day", "-recorded_at", "-pk")
        return _Known(
            keys=keys,
            owner_of=owner_of,
            by_pk=by_pk,
            by_name=by_name,
            identifier_of=dict(own.filter(person__in=by_pk).values_list("person_id", "value")),
            profile_of={profile.person_id: profile for profile in profiles.distinct("person_id")},
        )

    def _decide(
        self, line: int, values: RowValues, commune: str, key: str, known: _Known
    ) -> tuple[PlannedRow | None, RowFault | None]:
        """The planned row, or None for a second row that says the same; else the fault."""
        try:
            person = self._same_person(values, key, known)
            if self._is_said_already(line, values, key, person):
                return None, None
            return self._compare(line, values, commune, person, known), None
        except _Refusal as refusal:
            return None, refusal.fault

    def _same_person(self, values: RowValues, key: str, known: _Known) -> Person | None:
        owner = known.owner_of.get(values.identifier) if values.identifier else None
        if owner is not None:
            person = known.by_pk.get(owner)
            if person is None:
                raise _Refusal(ImportField.IDENTIFIER, "Cet identifiant est celui d’un dossier que vous ne voyez plus.")
            return person
        named = known.by_name.get((key, values.birth_date), [])
        if len(named) > 1:
            raise _Refusal(
                ImportField.LAST_NAME, "Plusieurs de vos dossiers portent ce nom et cette date de naissance."
            )
        if named and values.identifier and known.identifier_of.get(named[0].pk, values.identifier) != values.identifier:
            raise _Refusal(ImportField.IDENTIFIER, "Le dossier de cette personne porte un autre identifiant externe.")
        return named[0] if named else None

    def _is_said_already(self, line: int, values: RowValues, key: str, person: Person | None) -> bool:
        """Whether a row above said exactly the same of this person; remembers this one."""
        said = hash(values)
        names: list[tuple[object, ...]] = [("name", key, values.birth_date)]
        if values.identifier:
            names.append(("identifier", values.identifier))
        if person is not None:
            names.append(("person", person.pk))
        for name in names:
            above = self.seen.get(name)
            if above is not None and above[1] != said:
                raise _Refusal("", f"La ligne {above[0]} parle déjà de cette personne, autrement.")
            if above is not None:
                return True
        for name in names:
            self.seen[name] = (line, said)
        return False

    def _compare(self, line: int, values: RowValues, commune: str, person: Person | None, known: _Known) -> PlannedRow:
        given = _given(values, commune)
        profile_given = {name: value for name in ("sex", "level") if (value := getattr(values, name))}
        if person is None:
            return PlannedRow(line, True, None, given, profile_given, values.identifier)
        if plain(f"{values.last_name} {values.first_name}") == plain(f"{person.last_name} {person.first_name}"):
            del given["last_name"], given["first_name"]
        last = known.profile_of.get(person.pk)
        planned = PlannedRow(
            line,
            False,
            person,
            {name: value for name, value in given.items() if getattr(person, name) != value},
            {name: value for name, value in profile_given.items() if getattr(last, name, None) != value},
            values.identifier if person.pk not in known.identifier_of else "",
            last,
        )
        if known.identifier_of.get(person.pk) not in (None, values.identifier) and values.identifier:
            raise _Refusal(ImportField.IDENTIFIER, "Le dossier de cette personne porte un autre identifiant externe.")
        if not shows_sensitive(person) and (planned.changes or planned.profile or given.keys() & _unseen(person)):
            raise _Refusal("", "Une autre organisation tient ce dossier : seule son équipe référente le modifie.")
        return planned


class _Refusal(Exception):  # noqa: N818 - carried to the report of the row
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.fault = RowFault(str(field), message)


def _given(values: RowValues, commune: str) -> dict[str, Any]:
    """What the row says of who she is and how to reach her: what is empty says nothing."""
    names = ("last_name", "first_name", "birth_date", "phone", "email", "address", "postcode")
    given = {name: value for name in names if (value := getattr(values, name))}
    return given | ({"commune_id": commune} if commune else {})


def _unseen(person: Person) -> set[str]:
    """What the file says that only her referent team reads: that a row says the same must not be confirmed."""
    return {"address", "postcode", "commune_id"} | ({"phone", "email"} if person.is_protected else set())


def _search_keys(values: Sequence[RowValues]) -> list[str]:
    """Return the ``search_key`` that the database would write for each: it alone decides what is the same name."""
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [[one.last_name for one in values], [one.first_name for one in values]])
        return [key for (key,) in cursor.fetchall()]


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
