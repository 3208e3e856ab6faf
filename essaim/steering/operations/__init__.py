"""What steering writes."""

from essaim.steering.operations.cohorts import publish_due_cohorts

__all__ = ["publish_due_cohorts"]
