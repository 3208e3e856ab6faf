"""Export of journals: the lines of FACTS.md, whatever the size, in an order that no import changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from essaim.directory.models import Organisation
from essaim.journal.engine.content import dump_json
from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action, Fact, Session
from essaim.journal.queries.store import action_rows, organisation_rows, session_rows

CHUNK = 5000
_KEYS = ("id", "kind", "at", "action", "person", "organisation", "session", "cohort", "event", "source", "corrects")


def get_actions_to_export(refs: Sequence[str]) -> QuerySet[Action]:
    """Return these actions, or all of them when ``refs`` is empty; raise Action.DoesNotExist naming the unknown."""
    if not refs:
        return Action.objects.all()
    found = Action.objects.filter(ref__in=refs)
    unknown = set(refs) - set(found.values_list("ref", flat=True))
    if unknown:
        raise Action.DoesNotExist(", ".join(sorted(unknown)))
    return found


def export_lines(actions: QuerySet[Action]) -> Iterator[str]:
    """Yield the header, then every fact of the 32 kinds, corrections and voids included, by day, moment and id.

    People are pseudonyms; local kinds and settings that are lists stay here. Facts stream from the database: run it
    in one transaction, REPEATABLE READ when facts may be written meanwhile, so that the header names every ref used.
    """
    facts = Fact.objects.filter(action__in=actions, kind__in=load_schema().kinds)
    organisations = Organisation.objects.filter(pk__in=facts.order_by().values("organisation"))
    header: dict[str, Any] = {"journal": load_schema().journal}
    header["actions"] = [row.content for row in action_rows(actions)]
    for key, rows in (
        ("organisations", organisation_rows(organisations)),
        ("sessions", session_rows(Session.objects.filter(action__in=actions))),
    ):
        if rows:
            header[key] = [row.content for row in rows]
    yield dump_json(header)
    columns = facts.annotate(exact=Cast("data", TextField())).order_by("day", "at", "ref").values_list(
        "ref", "kind", "at_text", "action__ref", "subject__ref", "organisation__ref", "session__ref", "cohort", "event",
        "source", "corrects__ref", "exact",
    )  # fmt: skip
    for *values, data in columns.iterator(chunk_size=CHUNK):
        named = ",".join(
            f'"{key}":{dump_json(value)}' for key, value in zip(_KEYS, values, strict=True) if value is not None
        )
        yield f'{{{named},"data":{data}}}'


def freeze_snapshot() -> None:
    """Make the transaction just begun see one moment of the database, and write nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
