"""Watches (*veilles*): each alert kind is one query of one shape, so that « À faire » is one union.

An app writes ``find(scope) -> QuerySet`` in its ``queries/alerts.py``, from the rows it watches, and ends it with
``alert_rows``::

    def find_silent(scope: AlertScope) -> QuerySet[Any]:
        days = scope.setting("days")          # the value of each action, as an expression
        silent = Enrolment.objects.filter(action__in=scope.actions, state="open")...
        return alert_rows(silent, scope, person="person", action="action", user=F("referent"), subject=F("ref"),
                          since=..., due=..., number=...)

``scope`` only names actions that the reader follows; the union keeps the people whose file she may open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, Expression, F, IntegerField, QuerySet, Value, When
from django.db.models.fields import CharField
from django.db.models.functions import Cast

# The columns of a line, in order: what the union selects. ``since`` is the day it became true, ``due`` the day by
# which it should be done (late after it), ``number`` what the sentence of the kind counts.
ALERT_COLUMNS = (
    "alert_kind",
    "alert_action",
    "alert_action_title",
    "alert_person",
    "alert_first_name",
    "alert_last_name",
    "alert_person_key",
    "alert_user",
    "alert_subject",
    "alert_title",
    "alert_since",
    "alert_due",
    "alert_number",
)


@dataclass(frozen=True, slots=True)
class AlertScope:
    """One alert kind asked for on a day: the actions that watch it, each with its own settings."""

    kind: str
    on: date
    settings_by_action: Mapping[int, Mapping[str, Any]]

    @property
    def actions(self) -> list[int]:
        """The keys of the actions that watch this kind."""
        return list(self.settings_by_action)

    def setting(self, key: str) -> Expression:
        """Return the whole number that the row's action gives to this setting; the row has an ``action``."""
        return self.setting_of(key, "action")

    def setting_of(self, key: str, action: str) -> Expression:
        """Return the same, for a row that reaches its action by ``action`` ("enrolment__action")."""
        return Case(
            *(
                When(**{action: pk}, then=Value(int(settings[key])))
                for pk, settings in self.settings_by_action.items()
                if settings.get(key) is not None
            ),
            default=None,
            output_field=IntegerField(),
        )


def alert_rows(
    rows: QuerySet[Any],
    scope: AlertScope,
    *,
    subject: Expression | F,
    since: Expression | F,
    due: Expression | F,
    action: str = "action",
    person: str | None = None,
    user: Expression | F | None = None,
    title: Expression | F | None = None,
    number: Expression | F | None = None,
) -> QuerySet[Any]:
    """Give ``rows`` the columns of a line. ``action`` and ``person`` are paths of the model ("enrolment__person");
    ``action`` is empty when the row is the action itself.

    ``subject`` is the public reference the link of the kind takes; ``user`` the key of who is in charge (empty: anyone
    of the team); ``title`` names what has no person, a session or a company. Days are plain dates.
    """
    text = CharField(max_length=2000)
    nobody = Value(None, output_field=text)
    # A bare NULL is text in a UNION.
    no_number = Cast(Value(None), IntegerField())
    columns: dict[str, Any] = {
        "alert_kind": Value(scope.kind, output_field=text),
        "alert_action": Cast(F(f"{action}__ref" if action else "ref"), text),
        "alert_action_title": Cast(F(f"{action}__title" if action else "title"), text),
        "alert_person": Cast(F(f"{person}__code"), text) if person else nobody,
        "alert_first_name": Cast(F(f"{person}__first_name"), text) if person else nobody,
        "alert_last_name": Cast(F(f"{person}__last_name"), text) if person else nobody,
        "alert_person_key": Cast(F(f"{person}__pk"), IntegerField()) if person else no_number,
        "alert_user": Cast(user, IntegerField()) if user is not None else no_number,
        "alert_subject": Cast(subject, text),
        "alert_title": Cast(title, text) if title is not None else nobody,
        "alert_since": Cast(since, DateField()),
        "alert_due": Cast(due, DateField()),
        "alert_number": Cast(number, IntegerField()) if number is not None else no_number,
    }
    return rows.order_by().annotate(**columns).values_list(*ALERT_COLUMNS)


def union_of(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any] | None:
    """Return the lines of all the parts as one query, None when there is no part."""
    if not parts:
        return None
    first, *others = parts
    return first.union(*others, all=True) if others else first
