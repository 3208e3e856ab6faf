"""Reads of the guide, one module a subject. It is the same for everyone who is signed in: no viewer is asked for."""

from essaim.guide.queries.catalogue import Catalogue, search_practices, step_kind_labels
from essaim.guide.queries.companions import companion_faults, read_need_phrases, read_theme_pages
from essaim.guide.queries.comparing import compare_practices
from essaim.guide.queries.fiches import Fiche, SettingLine, get_fiche
from essaim.guide.queries.glossary import read_glossary
from essaim.guide.queries.practices import (
    DATA,
    get_practice,
    list_practices,
    missing_instruments,
    offered_by_instruments,
    practice_file,
    practice_texts,
)

__all__ = [
    "DATA",
    "Catalogue",
    "Fiche",
    "SettingLine",
    "companion_faults",
    "compare_practices",
    "get_fiche",
    "get_practice",
    "list_practices",
    "missing_instruments",
    "offered_by_instruments",
    "practice_file",
    "practice_texts",
    "read_glossary",
    "read_need_phrases",
    "read_theme_pages",
    "search_practices",
    "step_kind_labels",
]
