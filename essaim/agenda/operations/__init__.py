"""The only writers of agenda, one module a subject."""

from essaim.agenda.operations.occupations import (
    AbsenceRefused,
    OccupationConflict,
    declare_absence,
    free,
    occupy,
    withdraw_absence,
)

__all__ = [
    "AbsenceRefused",
    "OccupationConflict",
    "declare_absence",
    "free",
    "occupy",
    "withdraw_absence",
]
