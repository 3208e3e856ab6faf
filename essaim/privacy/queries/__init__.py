"""Reads of privacy, one module a subject."""

from essaim.privacy.queries.erasing import KnownErasure, erasures_path, list_known_erasures, list_reasons_to_wait
from essaim.privacy.queries.merging import (
    ComparedLine,
    compare_files_for,
    count_what_moves,
    get_merge_for,
    list_merges_for,
)
from essaim.privacy.queries.reach import (
    direct_keys,
    files_of,
    kept_file,
    personal_models,
    privacy_rules,
    rows_about,
    rows_left_behind,
)
from essaim.privacy.queries.retention import DueFile, get_standing, list_due_files, list_due_files_for

__all__ = [
    "ComparedLine",
    "DueFile",
    "KnownErasure",
    "compare_files_for",
    "count_what_moves",
    "direct_keys",
    "erasures_path",
    "files_of",
    "get_merge_for",
    "get_standing",
    "kept_file",
    "list_due_files",
    "list_due_files_for",
    "list_known_erasures",
    "list_merges_for",
    "list_reasons_to_wait",
    "personal_models",
    "privacy_rules",
    "rows_about",
    "rows_left_behind",
]
