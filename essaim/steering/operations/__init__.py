"""What steering writes."""

from essaim.steering.operations.cohorts import publish_due_cohorts
from essaim.steering.operations.frozen import BilanNotSent, send_bilan

__all__ = ["BilanNotSent", "publish_due_cohorts", "send_bilan"]
