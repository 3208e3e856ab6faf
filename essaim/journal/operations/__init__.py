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
from essaim.journal.operations.identities import forget_person, merge_subjects, part_subjects
from essaim.journal.operations.imports import ImportReport, import_journals
from essaim.journal.operations.sessions import SessionRefused, create_session, update_session

__all__ = [
    "ActionNotOpen",
    "ActionRefused",
    "FactAlreadyCorrected",
    "ImportReport",
    "InvalidFact",
    "SessionRefused",
    "UndeclaredFact",
    "create_action",
    "create_session",
    "forget_person",
    "import_journals",
    "merge_subjects",
    "part_subjects",
    "record",
    "update_session",
    "void_fact",
]
