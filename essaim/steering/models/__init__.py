"""What steering writes: figures that stay as they were."""

from essaim.steering.models.frozen import FrozenBilan, PublishedCohort

__all__ = ["FrozenBilan", "PublishedCohort"]
