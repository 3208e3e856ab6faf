"""Targets of an action and what became of them."""

from decimal import Decimal

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.models import TargetChange
from essaim.journeys.permissions import may_steer


def target_of(action: Action, indicator: str) -> Decimal | None:
    """Return the target of an indicator of an action obtained through ``get_action_for``, None without one."""
    value: Decimal | None = action.targets.filter(indicator=indicator).values_list("value", flat=True).first()
    return value


def list_target_changes_for(viewer: Membership | None, action: Action) -> QuerySet[TargetChange]:
    """Return what changed in the targets since the launch, latest first: to who steers the action."""
    if not may_steer(viewer, action):
        return TargetChange.objects.none()
    return TargetChange.objects.filter(action=action).select_related("by").order_by("-at", "-pk")
