"""Tables of the guide, one module a subject."""

from essaim.guide.models.practices import Practice

__all__ = ["Practice"]
