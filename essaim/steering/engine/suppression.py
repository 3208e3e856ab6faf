"""Counts that may be shown without telling about a person: what is under the threshold is hidden, and so is what would
give it back.

A table counts the same people by one question, or by two: the rows of ``sexes`` times the columns of another question.
Its total and the counts of its rows and columns are shown beside the cells. A cell is hidden when it is under the
threshold (zero included); then as many others as it takes for every hidden count to keep, against all that is shown,
at least two possible values, one of them at or above the threshold.

What protects a table protects several together, provided they share no more than what is shown in each of them: the
total, and the rows when all are shown. Any choice of the hidden counts in one table then agrees with any choice in the
others, since people can be imagined who answer all the questions accordingly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FUNDER_THRESHOLD = 5
PUBLIC_THRESHOLD = 11


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown of a table; None is a hidden count. ``cells`` is empty when the crossing is not shown at all."""

    total: int | None
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    cells: tuple[tuple[int | None, ...], ...] = ()


def protect_list(values: Sequence[int], *, threshold: int = FUNDER_THRESHOLD) -> tuple[int | None, ...]:
    """Return the counts that may be shown beside their total, the others as None.

    Hidden counts are at least two and add up to the threshold or more: each of them can be zero, and can be their sum.
    Everything is hidden when that cannot be: the total must then be hidden too if it is under the threshold.
    """
    hidden = {rank for rank, value in enumerate(values) if value < threshold}
    others = sorted(set(range(len(values))) - hidden, key=lambda rank: (values[rank], rank))
    while hidden and others and (len(hidden) < 2 or sum(values[rank] for rank in hidden) < threshold):
        hidden.add(others.pop(0))
    return tuple(None if rank in hidden else value for rank, value in enumerate(values))


def protect_table(cells: Sequence[Sequence[int]], *, threshold: int = FUNDER_THRESHOLD) -> Table:
    """Return what may be shown of a table of counts, rows by columns.

    The crossing is shown only when every row is: otherwise its two margins alone are.
    """
    row_sums = [sum(row) for row in cells]
    column_sums = [sum(column) for column in zip(*cells, strict=True)]
    if sum(row_sums) < threshold:
        return Table(None, (None,) * len(row_sums), (None,) * len(column_sums))
    rows = protect_list(row_sums, threshold=threshold)
    columns = protect_list(column_sums, threshold=threshold)
    if None in rows:
        return Table(sum(row_sums), rows, columns)
    hidden = _hidden_cells(cells, columns, threshold)
    shown = tuple(
        tuple(None if (i, j) in hidden else value for j, value in enumerate(row)) for i, row in enumerate(cells)
    )
    return Table(sum(row_sums), rows, columns, shown)


Place = tuple[int, int]


def _hidden_cells(cells: Sequence[Sequence[int]], columns: Sequence[int | None], threshold: int) -> set[Place]:
    """Hide what is under the threshold, then one more cell at a time beside a hidden count that is not safe yet.

    It ends: with every cell hidden, a cell can be anything up to the smaller of its row and column, both shown counts
    at or above the threshold, or parts of a sum that is.
    """
    places = [(i, j) for i, row in enumerate(cells) for j in range(len(row))]
    hidden = {(i, j) for i, j in places if cells[i][j] < threshold}
    while True:
        unsafe = _unsafe(cells, columns, hidden, threshold)
        beside = [place for place in places if place not in hidden and _touches(place, unsafe)]
        others = beside or [place for place in places if place not in hidden]
        if not unsafe or not others:
            return hidden
        hidden.add(min(others, key=lambda place: (cells[place[0]][place[1]], place)))


def _touches(place: Place, unsafe: Iterable[Place]) -> bool:
    return any(place[0] == i or place[1] == j for i, j in unsafe)


@dataclass(slots=True)
class Edge:
    """A hidden count as a flow: from a row to a column, or from a column to the pool of the hidden columns."""

    tail: str
    head: str
    value: int


def _unsafe(
    cells: Sequence[Sequence[int]], columns: Sequence[int | None], hidden: set[Place], threshold: int
) -> set[Place]:
    """The places of the hidden counts that what is shown determines, or bounds under the threshold.

    A hidden column is told by its place in a row that does not exist.
    """
    edges = {(i, j): Edge(f"r{i}", f"c{j}", cells[i][j]) for i, j in sorted(hidden)}
    for j, shown in enumerate(columns):
        if shown is None:
            edges[-1, j] = Edge(f"c{j}", "pool", sum(row[j] for row in cells))
    known = [*edges.values()]
    return {place for place, edge in edges.items() if not is_safe(edge, known, threshold)}


def is_safe(edge: Edge, edges: Sequence[Edge], threshold: int) -> bool:
    """Whether a hidden count has another possible value, and one at or above the threshold.

    What is shown keeps the balance of each row and column: a hidden count moves only along a cycle of others. How far
    it can grow is the greatest flow that comes back from its head to its tail through them; how far it can shrink, from
    its tail to its head. Exact, in whole numbers.
    """
    others = [other for other in edges if other is not edge]
    enough = max(threshold - edge.value, 1)
    grows = _flow(others, edge.head, edge.tail, enough)
    if edge.value + grows < threshold:
        return False
    return grows > 0 or (edge.value > 0 and _flow(others, edge.tail, edge.head, 1) > 0)


def _flow(edges: Sequence[Edge], source: str, sink: str, enough: int) -> int:
    """Send up to ``enough`` from source to sink: without limit along an edge, up to its value against it."""
    pushed = [0] * len(edges)
    sent = 0
    while sent < enough:
        path = _path(edges, pushed, source, sink)
        if path is None:
            return sent
        room = min((edges[rank].value + pushed[rank] for rank, way in path if way < 0), default=enough)
        step = min(room, enough - sent)
        for rank, way in path:
            pushed[rank] += way * step
        sent += step
    return sent


def _path(edges: Sequence[Edge], pushed: Sequence[int], source: str, sink: str) -> list[tuple[int, int]] | None:
    """The edges of a shortest way, each with +1 along it or -1 against it; None when there is none."""
    came: dict[str, tuple[str, int, int]] = {}
    reached = [source]
    for node in reached:
        for rank, edge in enumerate(edges):
            for start, end, way in ((edge.tail, edge.head, 1), (edge.head, edge.tail, -1)):
                is_open = way > 0 or edge.value + pushed[rank] > 0
                if start == node and end != source and end not in came and is_open:
                    came[end] = (start, rank, way)
                    reached.append(end)
    if sink not in came:
        return None
    path = []
    while sink != source:
        sink, rank, way = came[sink]
        path.append((rank, way))
    return path
