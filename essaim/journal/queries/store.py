"""The instance as an import sees it: declared rows, stored facts, practices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from essaim.directory.enums import OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.guide.models import Practice
from essaim.journal.engine.declarations import Row, RowType, StoredFact
from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action, Session

BATCH = 10_000
SETTING_TEXT_MAX = 200


class DatabaseStore:
    """``engine.declarations.Store`` over the tables of the instance."""

    def practices(self) -> frozenset[str]:
        """Return the slugs of the practices in force."""
        return frozenset(Practice.objects.filter(is_current=True).values_list("slug", flat=True))

    def rows(self, row_type: RowType, refs: Iterable[str]) -> Mapping[str, Row]:
        """Return the stored rows among ``refs``, written as a header writes them."""
        found: dict[str, Row] = {}
        for batch in in_batches(refs):
            if row_type == "action":
                rows = action_rows(Action.objects.filter(ref__in=batch))
            elif row_type == "organisation":
                rows = organisation_rows(Organisation.objects.filter(ref__in=batch))
            else:
                rows = session_rows(Session.objects.filter(ref__in=batch))
            found.update((row.ref, row) for row in rows)
        return found

    def facts(self, ids: Iterable[str]) -> Mapping[str, StoredFact]:
        """Return the stored facts among ``ids``."""
        found: dict[str, StoredFact] = {}
        with connection.cursor() as cursor:
            for batch in in_batches(ids):
                cursor.execute(
                    "SELECT f.ref, f.kind, a.ref, f.content_digest, f.superseded_at IS NOT NULL FROM journal_fact f"
                    " LEFT JOIN journal_action a ON a.id = f.action_id WHERE f.ref = ANY(%s)",
                    [batch],
                )
                found.update((row[0], StoredFact(*row)) for row in cursor.fetchall())
        return found


def action_rows(actions: QuerySet[Action]) -> list[Row]:
    """Return actions as a header declares them: settings that are numbers, booleans or short texts, and no other."""
    columns = actions.annotate(exact=Cast("settings", TextField()), slug=F("practice__slug"))
    return [
        Row.of(
            "action",
            {
                "ref": ref,
                "practice": slug,
                "title": title,
                "starts": starts.isoformat(),
                "ends": ends.isoformat(),
                "settings": _exportable(json.loads(settings, parse_float=Decimal, parse_int=_integer)),
            },
            is_local=not is_imported,
        )
        for ref, slug, title, starts, ends, settings, is_imported in columns.order_by("ref").values_list(
            "ref", "slug", "title", "starts", "ends", "exact", "is_imported"
        )
    ]


def organisation_rows(organisations: QuerySet[Organisation]) -> list[Row]:
    """Return organisations as a header declares them: only the zones that the format knows."""
    known = load_schema().organisation.zones
    return [
        Row.of(
            "organisation",
            {"ref": ref, "name": name, "kind": kind}
            | ({"siret": siret} if siret else {})
            | {"zones": [zone for zone in zones if zone in known]}
            | ({"sector": sector} if sector else {}),
            is_local=origin == OrganisationOrigin.LOCAL,
        )
        for ref, name, kind, siret, zones, sector, origin in organisations.order_by("ref").values_list(
            "ref", "name", "kind", "siret", "zones", "sector", "origin"
        )
    ]


def session_rows(sessions: QuerySet[Session]) -> list[Row]:
    """Return sessions as a header declares them."""
    return [
        Row.of(
            "session",
            {"ref": ref, "action": action, "kind": kind, "title": title}
            | ({"module": module} if module else {})
            | ({"starts": starts} if starts else {})
            | ({"capacity": capacity} if capacity is not None else {}),
            is_local=not is_imported,
        )
        for ref, action, kind, title, module, starts, capacity, is_imported in sessions.order_by("ref").values_list(
            "ref", "action__ref", "kind", "title", "module", "starts", "capacity", "action__is_imported"
        )
    ]


def _exportable(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in settings.items()
        if isinstance(value, bool | int | Decimal) or (isinstance(value, str) and len(value) <= SETTING_TEXT_MAX)
    }


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) < 20 else Decimal(text)


def in_batches(values: Iterable[str]) -> Iterable[list[str]]:
    """Yield lists of at most ``BATCH`` values: what one query asks for."""
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch
