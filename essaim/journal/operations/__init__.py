"""The only writers of the journal."""

from essaim.journal.operations.actions import ActionRefused, create_action
from essaim.journal.operations.facts import (
    ActionNotOpen,
    FactAlreadyCorrected,
    InvalidFact,
    UndeclaredFact,
    record,
    void_fact,
)
from essaim.journal.operations.imports import ImportReport, import_journals

__all__ = [
    "ActionNotOpen",
    "ActionRefused",
    "FactAlreadyCorrected",
    "ImportReport",
    "InvalidFact",
    "UndeclaredFact",
    "create_action",
    "import_journals",
    "record",
    "void_fact",
]
