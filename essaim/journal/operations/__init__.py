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

__all__ = [
    "ActionNotOpen",
    "ActionRefused",
    "FactAlreadyCorrected",
    "InvalidFact",
    "UndeclaredFact",
    "create_action",
    "record",
    "void_fact",
]
