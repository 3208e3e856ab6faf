"""When the training that opens a parcours is done: its weeks are over, or all its contents were attended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta


def training_end(opened_on: date, weeks: int | None) -> date:
    """Return the first day after the training weeks of a parcours opened that day; without weeks, the day itself."""
    return opened_on + timedelta(weeks=weeks or 0)


def has_attended_all(contents: Collection[str], attended: Collection[str]) -> bool:
    """Tell whether there are contents and every one was attended."""
    return bool(contents) and set(contents) <= set(attended)


def is_training_over(
    opened_on: date, on: date, *, weeks: int | None, contents: Collection[str], attended: Collection[str]
) -> bool:
    """Tell whether, that day, the weeks of training are over or every content was attended already."""
    return on >= training_end(opened_on, weeks) or has_attended_all(contents, attended)
