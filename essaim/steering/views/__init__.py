"""The pages of steering, by subject."""

from essaim.steering.views import bilan

__all__ = ["bilan"]
