"""The time of the team of an action, month by month."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.models import StaffTime
from essaim.journeys.permissions import may_manage, may_steer


@dataclass(frozen=True, slots=True)
class TimeTotals:
    """Hours and shares of full time add up apart; ``cost`` is None for who is not told it, or when none is known."""

    hours: Decimal
    months: Decimal
    cost: Decimal | None


def list_staff_time_for(viewer: Membership | None, action: Action) -> QuerySet[StaffTime]:
    """Return the time written for an action, latest month first: to who steers it.

    What it costs is for who manages the carrier: the others get rows whose ``cost`` must not be shown
    (``sees_cost_of_time``).
    """
    if not may_steer(viewer, action):
        return StaffTime.objects.none()
    found = StaffTime.objects.filter(member__action=action).select_related("member__user")
    found = found if may_manage(viewer, action) else found.defer("cost")
    return found.order_by("-month", "member__role", "pk")


def get_staff_time_for(viewer: Membership | None, action: Action, pk: int) -> StaffTime:
    """Return the time of one month. Raises StaffTime.DoesNotExist when the viewer does not steer the action."""
    return list_staff_time_for(viewer, action).select_related("member__action").get(pk=pk)


def total_time_for(viewer: Membership | None, action: Action) -> TimeTotals:
    """Return the totals of the time of an action, the cost only to who manages the carrier. One query."""
    rows = list(list_staff_time_for(viewer, action))
    costs = [row.cost for row in rows if row.cost is not None] if may_manage(viewer, action) else []
    return TimeTotals(
        hours=sum((row.hours for row in rows if row.hours is not None), Decimal(0)),
        months=sum((row.share for row in rows if row.share is not None), Decimal(0)),
        cost=sum(costs, Decimal(0)) if costs else None,
    )
