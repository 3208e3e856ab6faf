"""The only writers of privacy, one module a subject."""

from essaim.privacy.operations.erasing import ErasureRefused, erase_person, replay_erasures
from essaim.privacy.operations.exporting import ExportRefused, export_person
from essaim.privacy.operations.keeping import RetentionReport, run_retention
from essaim.privacy.operations.merging import MergeRefused, merge_people, undo_merge

__all__ = [
    "ErasureRefused",
    "ExportRefused",
    "MergeRefused",
    "RetentionReport",
    "erase_person",
    "export_person",
    "merge_people",
    "replay_erasures",
    "run_retention",
    "undo_merge",
]
