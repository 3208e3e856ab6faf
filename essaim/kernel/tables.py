"""Lists of the screens: filters in the URL, sort, pages of 50, export. Declared once, read at each request.

Example::

    PEOPLE = Table(
        name="personnes suivies",
        noun="personne",
        columns=(
            Column("name", "Personne", "full_name", sort=("last_name", "first_name"), link=person_url),
            Column("since", "Depuis", "since", sort=("since",)),
        ),
        search=("last_name", "first_name"),
        filters=(Filter("etape", "Étape", "Toutes les étapes", Step.choices, keep_step),),
        order="name",
        empty=Empty("Personne pour l’instant", "Les personnes que vous suivez seront ici."),
    )

    table = PEOPLE.read(request.GET, list_people_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "people/person_list.html", {"table": table})   # {% render_table table %}

What the URL says wrongly (a filter that does not exist, a page too far) is set aside with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict

from essaim.kernel import formats
from essaim.kernel.exports import CONTENT_TYPES, export_response
from essaim.kernel.rows import resolve_path, sort_rows, words_match

Rows = Any  # a QuerySet, or a list of any objects
Choice = tuple[str, str]
LONGEST_SEARCH = 100
SORT, PAGE, SEARCH, FORMAT, COLUMNS = "tri", "page", "q", "format", "colonnes"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` is a dotted attribute (the key by default) or a function of the row.

    ``sort`` lists what the database, or the list, is ordered by; without it the head is not a link. The value
    is written by ``show``, or in its usual French form; ``sub`` adds a line under it; ``template`` (of the
    app's own) draws the cell from ``row`` and ``value``. Without ``is_shown`` it is only in the files, and a sort of
    the address.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] = ""
    sort: tuple[str, ...] = ()
    link: Callable[[Any], str] | None = None
    sub: Callable[[Any], str] | None = None
    show: Callable[[Any], str] | None = None
    template: str = ""
    is_number: bool = False
    is_secondary: bool = False
    is_shown: bool = True
    is_exported: bool = True

    @property
    def css(self) -> str:
        return " ".join(["end"] * self.is_number + ["c-opt"] * self.is_secondary)

    def value_of(self, row: Any) -> Any:
        return self.value(row) if callable(self.value) else resolve_path(row, self.value or self.key)


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of the filter bar. ``keep(rows, value)`` narrows the rows to a value of ``choices``."""

    key: str
    label: str
    every: str
    choices: Sequence[Choice] | Callable[[], Sequence[Choice]]
    keep: Callable[[Rows, str], Rows]

    def list_choices(self) -> list[Choice]:
        return [(str(value), label) for value, label in (self.choices() if callable(self.choices) else self.choices)]


@dataclass(frozen=True, slots=True)
class Empty:
    """What the page says when there is nothing: what will be here, why it is empty, the one thing to do."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The declaration of a list. ``order`` is the key of its first sort, after a ``-`` to start from the end.

    ``actions(row)`` gives the (label, url) pairs of the end of the row. ``prefix`` keeps two tables of one
    page apart.
    """

    name: str
    noun: str
    columns: tuple[Column, ...]
    order: str
    empty: Empty
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] | Callable[[Rows, str], Rows] = ()
    search_label: str = "Filtrer par nom"
    actions: Callable[[Any], Sequence[Choice]] | None = None
    page_size: int = 50
    prefix: str = ""
    is_exported: bool = True

    def read(self, data: QueryDict, rows: Rows) -> TableView:
        """Apply what the URL asks to the rows the reader may see. ``rows`` is a QuerySet or a list."""
        return TableView(self, data, rows)

    def file(self, data: QueryDict, rows: Rows) -> HttpResponse:
        """Answer with the rows that the URL asks for as a file: CSV unless it says otherwise."""
        asked = data.copy()
        asked.setdefault(self.prefix + FORMAT, "csv")
        return self.read(asked, rows).export()

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its link sorts, or turns the current sort round."""

    column: Column
    url: str
    direction: str  # "ascending", "descending" or "": the words of aria-sort


class TableView:
    """A table as one request asks for it: what its template and its export need."""

    def __init__(self, table: Table, data: QueryDict, rows: Rows) -> None:
        self.table = table
        self._faults: list[str] = []
        self._asked = {key: str(value).replace("\x00", "").strip() for key, value in data.items()}
        self.search = self._get(SEARCH)[:LONGEST_SEARCH]
        self.chosen = self._read_filters()
        self.sort = self._read_sort()
        self.export_format = self._get(FORMAT)
        self._rows = self._sorted(self._searched(self._filtered(rows)))

    def _get(self, key: str) -> str:
        return self._asked.get(self.table.prefix + key, "")

    def _read_filters(self) -> dict[str, str]:
        chosen: dict[str, str] = {}
        self.filters: list[dict[str, Any]] = []
        for each in self.table.filters:
            choices, value = each.list_choices(), self._get(each.key)
            if value and value not in dict(choices):
                self._faults.append(f"Le choix « {value[:40]} » n’existe pas dans « {each.label} » : il est ignoré.")
                value = ""
            if value:
                chosen[each.key] = value
            self.filters.append({"filter": each, "choices": choices, "value": value})
        return chosen

    def _read_sort(self) -> str:
        asked = self._get(SORT)
        column = self.table.column(asked.removeprefix("-"))
        if asked and not (column and column.sort):
            self._faults.append("Ce tri n’existe pas : la liste garde son ordre habituel.")
        return asked if column and column.sort else self.table.order

    def _filtered(self, rows: Rows) -> Rows:
        for each in self.table.filters:
            if each.key in self.chosen:
                rows = each.keep(rows, self.chosen[each.key])
        return rows

    def _searched(self, rows: Rows) -> Rows:
        asked = self.table.search
        if not self.search or not asked:
            return rows
        if callable(asked):
            return asked(rows, self.search)
        if not isinstance(rows, QuerySet):
            return [row for row in rows if words_match(self.search, [resolve_path(row, path) for path in asked])]
        for word in self.search.split():
            anywhere = Q()
            for path in asked:
                anywhere |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(anywhere)
        return rows

    def _sorted(self, rows: Rows) -> Rows:
        column = self.table.column(self.sort.removeprefix("-"))
        paths, is_descending = (column.sort if column else ()), self.sort.startswith("-")
        if not isinstance(rows, QuerySet):
            return sort_rows(list(rows), paths, is_descending=is_descending)
        orders = [F(path).desc(nulls_last=True) if is_descending else F(path).asc(nulls_last=True) for path in paths]
        return rows.order_by(*orders, "pk")

    @property
    def page(self) -> Any:
        if not hasattr(self, "_page"):
            paginator = Paginator(self._rows, self.table.page_size)
            self._page = paginator.get_page(self._get(PAGE) or 1)
        return self._page

    @property
    def faults(self) -> list[str]:
        """The sentences about what the URL asked in vain."""
        return [*self._faults, *self._page_faults()]

    def _page_faults(self) -> list[str]:
        is_found = self._get(PAGE) in ("", str(self.page.number))
        return [] if is_found else [f"Cette page n’existe pas : voici la page {self.page.number}."]

    @property
    def total(self) -> int:
        return int(self.page.paginator.count)

    @property
    def total_words(self) -> str:
        singular, _, plural = self.table.noun.partition(",")
        return formats.count(self.total, singular, plural)

    @property
    def has_search(self) -> bool:
        return bool(self.table.search)

    @property
    def has_actions(self) -> bool:
        return self.table.actions is not None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.chosen)

    @property
    def is_sortable(self) -> bool:
        return any(column.sort for column in self.table.columns)

    def url(self, **changes: str) -> str:
        """Return the address of this list with some parameters changed; an empty value takes one away."""
        kept = {SEARCH: self.search, **self.chosen, SORT: self.sort if self.sort != self.table.order else ""}
        asked = {self.table.prefix + key: value for key, value in {**kept, **changes}.items() if value}
        others = {key: value for key, value in self._asked.items() if value and not self._is_mine(key)}
        return f"?{urlencode({**others, **asked})}"

    def _is_mine(self, key: str) -> bool:
        mine = {SORT, PAGE, SEARCH, FORMAT, COLUMNS, *(each.key for each in self.table.filters)}
        return key in {self.table.prefix + name for name in mine}

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.table.columns if column.is_shown]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        return Head(
            column,
            self.url(**{SORT: f"-{column.key}" if direction == "ascending" else column.key}),
            direction,
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "cells": [self._cell(column, row) for column in self.table.columns if column.is_shown],
                "actions": self.table.actions(row) if self.table.actions else (),
            }
            for row in self.page
        ]

    def _cell(self, column: Column, row: Any) -> dict[str, Any]:
        value = column.value_of(row)
        return {
            "column": column,
            "value": value,
            "words": column.show(value) if column.show and value is not None else formats.plain(value),
            "url": column.link(row) if column.link else "",
            "sub": column.sub(row) if column.sub else "",
        }

    @property
    def url_without_filters(self) -> str:
        return self.url(**dict.fromkeys((SEARCH, *self.chosen), ""))

    @property
    def previous_url(self) -> str:
        return self.url(**{PAGE: str(self.page.previous_page_number())})

    @property
    def next_url(self) -> str:
        return self.url(**{PAGE: str(self.page.next_page_number())})

    @property
    def hidden(self) -> list[Choice]:
        """The parameters a filter form must send again: the sort, and what other tables of the page ask."""
        kept = [(key, value) for key, value in self._asked.items() if value and not self._is_mine(key)]
        return kept + ([(self.table.prefix + SORT, self.sort)] if self.sort != self.table.order else [])

    @property
    def exports(self) -> list[Choice]:
        names = {"csv": "CSV", "xlsx": "Excel (XLSX)"}
        return [(names[fmt], self.url(**{FORMAT: fmt})) for fmt in CONTENT_TYPES] if self.table.is_exported else []

    def export(self) -> HttpResponse:
        """Answer with every row asked for, all pages, as a file. Http404 on an unknown format or column."""
        if self.export_format not in CONTENT_TYPES or not self.table.is_exported:
            raise Http404("unknown export format")
        columns = self._exported_columns()
        values: Iterable[list[Any]] = ([column.value_of(row) for column in columns] for row in self._rows)
        headings = [(column.key, column.label) for column in columns]
        return export_response(self.table.name, headings, values, self.export_format)  # type: ignore[arg-type]

    def _exported_columns(self) -> list[Column]:
        offered = {column.key: column for column in self.table.columns if column.is_exported}
        asked = self._get(COLUMNS).split(",") if self._get(COLUMNS) else list(offered)
        if not set(asked) <= offered.keys():
            raise Http404("unknown column")
        return [offered[key] for key in asked]
