"""Reads of the guide, one module a subject. It is the same for everyone who is signed in: no viewer is asked for."""

from essaim.guide.queries.catalogue import Catalogue, search_practices, step_kind_labels
from essaim.guide.queries.companions import companion_faults, read_need_phrases, read_theme_pages
from essaim.guide.queries.comparing import compare_practices
from essaim.guide.queries.exchange import LARGEST_FILE, read_proposal
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
from essaim.guide.queries.variants import (
    count_variants_to_review_for,
    get_variant_for,
    has_written_in,
    list_events_of,
    list_published_variants_of,
    list_variants_for,
    list_variations_of,
    variant_file,
)

__all__ = [
    "DATA",
    "LARGEST_FILE",
    "Catalogue",
    "Fiche",
    "SettingLine",
    "companion_faults",
    "compare_practices",
    "count_variants_to_review_for",
    "get_fiche",
    "get_practice",
    "get_variant_for",
    "has_written_in",
    "list_events_of",
    "list_practices",
    "list_published_variants_of",
    "list_variants_for",
    "list_variations_of",
    "missing_instruments",
    "offered_by_instruments",
    "practice_file",
    "practice_texts",
    "read_glossary",
    "read_need_phrases",
    "read_proposal",
    "read_theme_pages",
    "search_practices",
    "step_kind_labels",
    "variant_file",
]
