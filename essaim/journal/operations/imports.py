"""Import of journals: read all, refuse or store all, in one transaction."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from essaim.directory.models import Organisation
from essaim.directory.operations import DeclaredOrganisation, declare_organisations
from essaim.guide.models import Practice
from essaim.journal.engine.content import dump_json
from essaim.journal.engine.declarations import Row, RowType
from essaim.journal.engine.facts import Checked
from essaim.journal.engine.faults import Fault
from essaim.journal.engine.journal import Reading, read_journals
from essaim.journal.models import Action, Fact, Session
from essaim.journal.queries.store import DatabaseStore, in_batches

# Any number, the same for every import of every process: one import at a time writes.
IMPORT_LOCK = 7_301_542
ANALYSE_FROM = 1000
_COLUMNS = (
    "id", "ref", "action_id", "kind", "at", "at_text", "day", "source", "subject_id", "organisation_id", "session_id",
    "cohort", "event", "data", "corrects_id", "live", "superseded_at", "recorded_at", "content_digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: facts stored, lines met again, faults by line."""

    imported: int
    already_known: int
    faults: Sequence[Fault]


def import_journals(
    *, files: Iterable[tuple[str, Iterable[bytes]]], now: datetime, keep_valid: bool = False
) -> ImportReport:
    """Read journals (path as given, lines of bytes) and store them as read-only actions.

    All or nothing: a single fault and nothing is stored, unless ``keep_valid`` stores what stands without the lines
    in fault. Importing again changes nothing. One import at a time; killed, it leaves nothing. Refuses no file by an
    exception: every fault is in the report.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        with _without_collector():
            reading = read_journals(files, DatabaseStore())
        if reading.faults and not keep_valid:
            return ImportReport(0, reading.already_known, reading.faults)
        _Writer(reading, now).write()
    return ImportReport(len(reading.facts), reading.already_known, reading.faults)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the collector from walking all the lines read so far, again and again: they hold no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Writer:
    """Stores what a reading accepted, in bulk."""

    def __init__(self, reading: Reading, now: datetime) -> None:
        self.reading = reading
        self.now = now
        self.new = {fact.content["id"] for fact in reading.facts}
        self.corrected = {fact.content["corrects"] for fact in reading.facts if "corrects" in fact.content}

    def write(self) -> None:
        """Store rows, pseudonyms and facts; then the stored facts that are now corrected stop being live."""
        self._declare()
        facts = self.reading.facts
        if not facts:
            return
        self.actions = _keys(Action, (fact.content["action"] for fact in facts))
        self.organisations = _keys(
            Organisation, (f.content["organisation"] for f in facts if "organisation" in f.content)
        )
        self.sessions = _keys(Session, (fact.content["session"] for fact in facts if "session" in fact.content))
        self.subjects = self._subjects()
        stored = _keys(Fact, self.corrected - self.new)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('journal_fact', 'id')) FROM generate_series(1, %s)", [len(facts)]
            )
            keys = [key for (key,) in cursor.fetchall()]
            self.facts = stored | {fact.content["id"]: key for fact, key in zip(facts, keys, strict=True)}
            with cursor.copy(f"COPY journal_fact ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                for fact in facts:
                    copy.write_row(self._row(fact))
            if stored:
                cursor.execute("SELECT journal_supersede_facts(%s::bigint[], %s)", [list(stored.values()), self.now])
            if len(facts) >= ANALYSE_FROM:
                cursor.execute("SELECT journal_analyse()")

    def _declare(self) -> None:
        rows: dict[RowType, list[Row]] = {"action": [], "organisation": [], "session": []}
        for row in self.reading.rows:
            rows[row.type].append(row)
        declare_organisations(rows=[_organisation(row) for row in rows["organisation"]], now=self.now)
        practices = {practice.slug: practice for practice in Practice.objects.filter(is_current=True)}
        Action.objects.bulk_create(
            Action(
                ref=row.ref,
                is_imported=True,
                practice=practices[row.content["practice"]],
                definition=practices[row.content["practice"]].definition,
                title=row.content["title"],
                starts=row.content["starts"],
                ends=row.content["ends"],
                settings=row.content.get("settings", {}),
                created_at=self.now,
            )
            for row in rows["action"]
        )
        actions = _keys(Action, (row.content["action"] for row in rows["session"]))
        Session.objects.bulk_create(
            (
                Session(
                    ref=row.ref,
                    action_id=actions[row.content["action"]],
                    kind=row.content["kind"],
                    title=row.content["title"],
                    module=row.content.get("module", ""),
                    starts=row.content.get("starts", ""),
                    capacity=None if "capacity" not in row.content else int(row.content["capacity"]),
                )
                for row in rows["session"]
            ),
            batch_size=2000,
        )

    def _subjects(self) -> dict[tuple[int, str], int]:
        """Return the key of each pseudonym met, by action and ref; make those that are new."""
        met = sorted(
            {
                (self.actions[f.content["action"]], f.content["person"])
                for f in self.reading.facts
                if "person" in f.content
            }
        )
        actions, refs = [action for action, _ in met], [ref for _, ref in met]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_subject (action_id, ref)"
                " SELECT * FROM unnest(%s::bigint[], %s::text[]) ON CONFLICT DO NOTHING",
                [actions, refs],
            )
            cursor.execute(
                "SELECT s.action_id, s.ref, s.id FROM journal_subject s"
                " JOIN unnest(%s::bigint[], %s::text[]) AS met (action_id, ref)"
                ' ON s.action_id = met.action_id AND s.ref = met.ref COLLATE "C"',
                [actions, refs],
            )
            return {(action, ref): key for action, ref, key in cursor.fetchall()}

    def _row(self, fact: Checked) -> tuple[Any, ...]:
        content = fact.content
        id, action = content["id"], self.actions[content["action"]]
        is_superseded = id in self.corrected
        return (
            self.facts[id],
            id,
            action,
            content["kind"],
            fact.at,
            content["at"],
            fact.day,
            content["source"],
            self.subjects[action, content["person"]] if "person" in content else None,
            self.organisations.get(content.get("organisation", "")),  # a void may name what nobody declared
            self.sessions.get(content.get("session", "")),
            content.get("cohort"),
            content.get("event"),
            dump_json(content["data"]),
            self.facts[content["corrects"]] if "corrects" in content else None,
            not fact.is_void and not is_superseded,
            self.now if is_superseded else None,
            self.now,
            fact.digest,
        )


def _organisation(row: Row) -> DeclaredOrganisation:
    content = row.content
    return DeclaredOrganisation(
        ref=row.ref,
        name=content["name"],
        kind=content["kind"],
        siret=content.get("siret", ""),
        sector=content.get("sector", ""),
        zones=tuple(content.get("zones", ())),
    )


def _keys(model: Any, refs: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in in_batches(set(refs)):
        found.update(model.objects.filter(ref__in=batch).order_by().values_list("ref", "pk"))
    return found
