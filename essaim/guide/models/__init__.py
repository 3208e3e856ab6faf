"""Tables of the guide, one module a subject."""

from essaim.guide.models.passages import SEARCH_CONFIG, PracticePassage
from essaim.guide.models.practices import Practice
from essaim.guide.models.variants import Variant, VariantEvent

__all__ = ["SEARCH_CONFIG", "Practice", "PracticePassage", "Variant", "VariantEvent"]
