"""What steering writes: figures that stay as they were."""

from essaim.steering.models.claims import ClaimFile, ClaimParticipant
from essaim.steering.models.frozen import FrozenBilan, PublishedCohort

__all__ = ["ClaimFile", "ClaimParticipant", "FrozenBilan", "PublishedCohort"]
