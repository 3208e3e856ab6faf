"""Reads of agenda, one module a subject."""

from essaim.agenda.queries.occupations import (
    Taken,
    first_free,
    get_absence,
    list_absences_for,
    list_occupations,
    list_taken_for,
    resource_of,
    working_days,
)

__all__ = [
    "Taken",
    "first_free",
    "get_absence",
    "list_absences_for",
    "list_occupations",
    "list_taken_for",
    "resource_of",
    "working_days",
]
