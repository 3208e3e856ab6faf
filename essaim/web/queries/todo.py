"""« À faire »: the watches of every action the reader follows, as one query.

Each alert kind gives a query of one shape (``kernel.alerts``); their union is read once, without the people whose
file the reader may not open and without the lines put off. A protected person is told to her referent team, and to
the one who follows her.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.urls import reverse

from essaim.accounts.models import Membership
from essaim.guide.engine import alert_in_words
from essaim.guide.engine.settings import resolve
from essaim.journal.models import Action
from essaim.journeys.queries import list_followed_actions, practice_of, visible_actions
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope, union_of
from essaim.kernel.contract import AlertKind
from essaim.kernel.instruments import all_alert_kinds
from essaim.people.permissions import works_with_people
from essaim.people.queries import searchable_people, visible_people

DAYS_AHEAD = 7
LINES_SHOWN = 200
LATE, TODAY, WEEK, AFTER = "late", "today", "week", "after"


@dataclass(frozen=True, slots=True)
class TodoFilters:
    """What « À faire » can be narrowed by: mine (or nobody's) rather than the team's, one action, one kind."""

    is_team: bool = False
    action: str = ""
    kind: str = ""


@dataclass(frozen=True)
class TodoLine:
    """One thing to do: what, for whom, since when, why (the practice's rule), and the one button."""

    kind: AlertKind
    why: str
    action_ref: str
    action_title: str
    person_code: str
    person_name: str
    person_key: int | None
    user_key: int | None
    subject: str
    title: str
    since: date
    due: date
    number: int | None
    on: date

    @property
    def what(self) -> str:
        """What is to be done or noticed: the words of the kind before the first comma."""
        return self._sentence.partition(", ")[0]

    @property
    def detail(self) -> str:
        """What the words of the kind add after the first comma, often empty."""
        return self._sentence.partition(", ")[2]

    @property
    def _sentence(self) -> str:
        words = self.kind.label.replace("{number}", str(self.number if self.number is not None else ""))
        return words.replace("jours", "jour") if self.number == 1 else words

    @property
    def urgency(self) -> str:
        """Late, today, this week or after it."""
        if self.due <= self.on:
            return LATE if self.due < self.on else TODAY
        return WEEK if self.due <= self.on + timedelta(days=DAYS_AHEAD) else AFTER

    @property
    def days_late(self) -> int:
        """How many days after its day, 0 when it is not late."""
        return max(0, (self.on - self.due).days)

    @cached_property
    def url(self) -> str:
        """Where the button leads."""
        names = {"action": self.action_ref, "person": self.person_code, "subject": self.subject}
        return reverse(self.kind.url, args=[names[name] for name in self.kind.url_takes])


@dataclass(frozen=True, slots=True)
class Todo:
    """What is to be done: lines by urgency, the most pressing first, and how many beyond what is shown.

    ``mine`` and ``team`` count everything, whatever the filters; ``late`` what is shown late.
    """

    lines: list[TodoLine]
    mine: int
    team: int
    total: int
    actions: list[tuple[str, str]]
    kinds: list[tuple[str, str]]

    def _of(self, urgency: str) -> list[TodoLine]:
        return [line for line in self.lines if line.urgency == urgency]

    @property
    def late(self) -> list[TodoLine]:
        """What should be done already."""
        return self._of(LATE)

    @property
    def today(self) -> list[TodoLine]:
        """What is for today."""
        return self._of(TODAY)

    @property
    def week(self) -> list[TodoLine]:
        """What is for the next days."""
        return self._of(WEEK)

    @property
    def after(self) -> list[TodoLine]:
        """What is to be prepared beyond the next days."""
        return self._of(AFTER)

    @property
    def hidden(self) -> int:
        """How many lines are not shown."""
        return self.total - len(self.lines)


@dataclass(slots=True)
class _Watches:
    """What is watched: the settings of each kind by action, and its words by action and kind. ``own``: where the
    viewer, of key ``user``, is told her own lines only.
    """

    user: int = 0
    settings: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    own: dict[str, dict[int, Mapping[str, Any]]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)


def todo_for(viewer: Membership | None, on: date, filters: TodoFilters | None = None) -> Todo:
    """Return what the viewer, or her team, has to do within the week or begin to prepare: a constant number of queries.

    Nothing for someone who does not work with people. At most LINES_SHOWN lines, the most pressing first.
    """
    filters = filters or TodoFilters()
    watches = _watches_for(viewer, on)
    rows = _read(viewer, watches, on, filters)
    lines = [_line(row, watches, on) for row in rows]
    counts = rows[0][len(ALERT_COLUMNS) :] if rows else _counts_when_empty(viewer, watches, on, filters)
    kinds = sorted(
        ((key, _motive(all_alert_kinds()[key])) for key in {*watches.settings, *watches.own}), key=lambda kind: kind[1]
    )
    return Todo(
        lines=lines,
        mine=counts[0],
        team=counts[1],
        total=counts[2],
        actions=[(action.ref, action.title) for action in watches.actions],
        kinds=kinds,
    )


def list_todo_for(viewer: Membership | None, on: date, filters: TodoFilters) -> list[TodoLine]:
    """Return every line that « À faire » would show with these filters, for a file that leaves the screen: a protected
    person is named in it to her referent team only.
    """
    watches = _watches_for(viewer, on)
    lines = [_line(row, watches, on) for row in _read(viewer, watches, on, filters, limit=None)]
    keys = {line.person_key for line in lines if line.person_key is not None}
    named = set(searchable_people(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        line if line.person_key in named | {None} else replace(line, person_code="", person_name="Dossier protégé")
        for line in lines
    ]


def count_todo_for(viewer: Membership | None, on: date) -> int:
    """Return how many lines are the viewer's own, or nobody's."""
    return todo_for(viewer, on).mine


def get_line_for(viewer: Membership | None, on: date, kind: str, subject: str) -> TodoLine | None:
    """Return the line of the viewer's team with this kind and subject, None when it is not there (any more)."""
    watches = _watches_for(viewer, on)
    rows = _read(viewer, watches, on, TodoFilters(is_team=True, kind=kind), subject=subject)
    return _line(rows[0], watches, on) if rows else None


def _watches_for(viewer: Membership | None, on: date) -> _Watches:
    watches = _Watches()
    if viewer is None or not works_with_people(viewer):
        return watches
    running = visible_actions(viewer).filter(is_imported=False, state="open")
    found = {action.pk: action for action in running.select_related("practice").order_by("title", "ref")}
    followed = list_followed_actions(viewer, found.values())
    for key, action in found.items():
        if key not in followed:
            continue
        if action.starts <= on:
            watches.actions.append(action)
            _watch_as_practice_says(watches, viewer, action)
        _watch_as_house_says(watches, viewer, action)
    _watch_what_is_hers(watches, viewer, found)
    return watches


def _watch_as_practice_says(watches: _Watches, viewer: Membership, action: Action) -> None:
    """Keep the watches that the practice of a running action declares."""
    practice, kinds = practice_of(action), all_alert_kinds()
    for alert in practice.alerts:
        kind = kinds.get(alert.kind)
        if kind is None or not _is_told(kind, viewer, action):
            continue
        given = _defaults(kind) | dict(resolve(alert.settings, action.settings))
        watches.settings.setdefault(kind.key, {})[action.pk] = given
        watches.words[kind.key, action.ref] = alert_in_words(practice, alert, action.settings)


def _watch_as_house_says(watches: _Watches, viewer: Membership, action: Action) -> None:
    """Keep the watches of the house that the practice leaves unsaid, from before the action starts."""
    for kind in all_alert_kinds().values():
        if kind.rule and _is_told(kind, viewer, action) and action.pk not in watches.settings.get(kind.key, {}):
            watches.settings.setdefault(kind.key, {})[action.pk] = _defaults(kind)
            watches.words[kind.key, action.ref] = kind.rule


def _watch_what_is_hers(watches: _Watches, viewer: Membership, found: Mapping[int, Action]) -> None:
    """Tell her what is hers in the actions she sees, where the watch is not kept for her."""
    watches.user = viewer.user_id
    for kind in all_alert_kinds().values():
        keys = kind.mine(viewer) & found.keys() if kind.mine else set()
        for key in keys - watches.settings.get(kind.key, {}).keys():
            watches.own.setdefault(kind.key, {})[key] = _defaults(kind)
            watches.words[kind.key, found[key].ref] = kind.rule


def _defaults(kind: AlertKind) -> dict[str, Any]:
    return {setting.key: setting.default for setting in kind.settings}


def _is_told(kind: AlertKind, viewer: Membership, action: Action) -> bool:
    return kind.access is None or kind.access(viewer, action)


def _parts(watches: _Watches, on: date) -> Iterable[Any]:
    kinds = all_alert_kinds()
    for key, settings in sorted(watches.settings.items()):
        yield kinds[key].find(AlertScope(key, on, settings))
    for key, settings in sorted(watches.own.items()):
        yield kinds[key].find(AlertScope(key, on, settings)).filter(alert_user=watches.user)


def _read(
    viewer: Membership | None,
    watches: _Watches,
    on: date,
    filters: TodoFilters,
    subject: str = "",
    limit: int | None = LINES_SHOWN,
) -> list[tuple[Any, ...]]:
    union = union_of(list(_parts(watches, on)))
    if union is None or viewer is None:
        return []
    lines_sql, lines_params = union.query.sql_with_params()
    people_sql, people_params = visible_people(viewer).order_by().values("pk").query.sql_with_params()
    listed_sql, listed_params = searchable_people(viewer).order_by().values("pk").query.sql_with_params()
    wanted, wanted_params = _wanted(viewer, filters, subject)
    is_mine = "(alert_user IS NULL OR alert_user = %s)"
    statement = f"""
        WITH line AS MATERIALIZED ({lines_sql}),
        shown AS MATERIALIZED (
            SELECT * FROM line
            WHERE (alert_due <= %s OR (alert_kind = ANY(%s) AND alert_since <= %s))
              AND (alert_person_key IS NULL OR alert_person_key IN ({listed_sql})
                   OR (alert_user = %s AND alert_person_key IN ({people_sql})))
              AND NOT EXISTS (
                SELECT 1 FROM web_snooze s
                WHERE s.organisation_id = %s AND s.kind = line.alert_kind AND s.subject_ref = line.alert_subject
                  AND s.until > %s AND s.cancelled_at IS NULL)
        )
        SELECT {", ".join(ALERT_COLUMNS)},
               (SELECT count(*) FROM shown WHERE {is_mine}), (SELECT count(*) FROM shown),
               count(*) OVER ()
        FROM shown WHERE {wanted}
        ORDER BY alert_due, alert_since, alert_kind, alert_subject LIMIT %s
    """  # noqa: S608 - the parts are compiled by Django or written above; every value is a parameter
    bounds = [
        on + timedelta(days=DAYS_AHEAD),
        [key for key in {*watches.settings, *watches.own} if all_alert_kinds()[key].from_since],
        on,
        *listed_params,
        viewer.user_id,
        *people_params,
        viewer.organisation_id,
        on,
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*lines_params, *bounds, viewer.user_id, *wanted_params, limit])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _wanted(viewer: Membership, filters: TodoFilters, subject: str) -> tuple[str, list[Any]]:
    conditions, params = ["true"], []
    for condition, value in (
        ("(alert_user IS NULL OR alert_user = %s)", None if filters.is_team else viewer.user_id),
        ("alert_action = %s", filters.action),
        ("alert_kind = %s", filters.kind),
        ("alert_subject = %s", subject),
    ):
        if value:
            conditions.append(condition)
            params.append(value)
    return " AND ".join(conditions), params


def _counts_when_empty(
    viewer: Membership | None, watches: _Watches, on: date, filters: TodoFilters
) -> tuple[int, int, int]:
    """The counts when the filters leave nothing: those of the whole team tell the rest."""
    if filters == TodoFilters(is_team=True):
        return 0, 0, 0
    rows = _read(viewer, watches, on, TodoFilters(is_team=True))
    return (rows[0][len(ALERT_COLUMNS)], rows[0][len(ALERT_COLUMNS) + 1], 0) if rows else (0, 0, 0)


def _motive(kind: AlertKind) -> str:
    """The words of a kind as a choice: neither its number nor what follows the comma."""
    return kind.label.partition(", ")[0].partition("{")[0].strip().removesuffix(" depuis")


def _line(row: tuple[Any, ...], watches: _Watches, on: date) -> TodoLine:
    found = dict(zip(ALERT_COLUMNS, row, strict=False))
    names = (found["alert_first_name"], found["alert_last_name"])
    return TodoLine(
        kind=all_alert_kinds()[found["alert_kind"]],
        why=watches.words.get((found["alert_kind"], found["alert_action"]), ""),
        action_ref=found["alert_action"] or "",
        action_title=found["alert_action_title"] or "",
        person_code=found["alert_person"] or "",
        person_name=" ".join(name for name in names if name),
        person_key=found["alert_person_key"],
        user_key=found["alert_user"],
        subject=found["alert_subject"],
        title=found["alert_title"] or "",
        since=found["alert_since"],
        due=found["alert_due"],
        number=found["alert_number"],
        on=on,
    )
