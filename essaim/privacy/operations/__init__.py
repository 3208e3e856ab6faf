"""The only writers of privacy, one module a subject."""

from essaim.privacy.operations.erasing import ERASURES_FILE, ErasureRefused, erase_again, erase_person
from essaim.privacy.operations.keeping import RetentionReport, run_retention
from essaim.privacy.operations.merging import MergeRefused, merge_people, undo_merge

__all__ = [
    "ERASURES_FILE",
    "ErasureRefused",
    "MergeRefused",
    "RetentionReport",
    "erase_again",
    "erase_person",
    "merge_people",
    "run_retention",
    "undo_merge",
]
