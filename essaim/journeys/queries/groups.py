"""The groups of an action, their places, and who works there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState, StaffRole, WaitingState
from essaim.journeys.models import Enrolment, Group, StaffMember, WaitingEntry
from essaim.journeys.permissions import may_manage
from essaim.journeys.queries.actions import visible_actions
from essaim.kernel.days import today


@dataclass(frozen=True, slots=True)
class PlacesOffered:
    """Places of an action or of a group: taken, offered to someone who has not answered yet, and all of them."""

    taken: int
    offered: int
    places: int | None

    @property
    def free(self) -> int | None:
        """Places neither taken nor offered, None without capacity."""
        return None if self.places is None else max(0, self.places - self.taken - self.offered)


def list_groups_of(action: Action, *, with_closed: bool = False) -> QuerySet[Group]:
    """Return the groups of an action the viewer obtained through ``get_action_for``, by name, each with ``taken`` (open
    parcours) and ``waiting_now`` (people waiting for this group).
    """
    groups = action.groups.all() if with_closed else action.groups.filter(closed_on__isnull=True)
    taken = Enrolment.objects.filter(group=OuterRef("pk"), state=EnrolmentState.OPEN)
    waiting = WaitingEntry.objects.filter(group=OuterRef("pk"), state=WaitingState.WAITING)
    return (
        groups.select_related("facilitator")
        .annotate(taken=_number_of(taken, "group"), waiting_now=_number_of(waiting, "group"))
        .order_by(F("closed_on").desc(nulls_first=True), "name", "pk")
    )


def get_group_for(viewer: Membership | None, action: Action, ref: str) -> Group:
    """Return a group of an action the viewer may see. Raises Group.DoesNotExist otherwise."""
    return list_groups_of(action, with_closed=True).get(action__in=visible_actions(viewer).values("pk"), ref=ref)


def count_places_offered(action: Action, group: Group | None = None) -> PlacesOffered:
    """Return the places of an action, or of one of its groups: exact under the lock of their rows."""
    inside = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN)
    offered = WaitingEntry.objects.filter(action=action, state=WaitingState.CALLED)
    if group is None:
        return PlacesOffered(inside.count(), offered.count(), action.places)
    return PlacesOffered(inside.filter(group=group).count(), offered.filter(group=group).count(), group.places)


def list_staff_of(action: Action) -> QuerySet[StaffMember]:
    """Return who works for an action the viewer obtained through ``get_action_for``: in force first."""
    return action.staff.select_related("user", "group", "fact").order_by("-ends", "role", "starts", "pk")


def get_staff_of(action: Action, pk: int) -> StaffMember:
    """Return someone who works for this action. Raises StaffMember.DoesNotExist otherwise."""
    return list_staff_of(action).get(pk=pk)


def coordinates(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer moves people between the groups of an action: its coordination now, or a manager of who
    carries it.
    """
    if viewer is None or viewer.until is not None:
        return False
    if may_manage(viewer, action):
        return True
    day = today()
    in_force = Q(ends__isnull=True) | Q(ends__gte=day)
    return action.staff.filter(in_force, user_id=viewer.user_id, role=StaffRole.COORDINATOR, starts__lte=day).exists()


def list_coordinated(viewer: Membership | None, actions: Iterable[Action]) -> set[int]:
    """Return the keys of those of these actions that have several groups between which the viewer moves people."""
    found = {action.pk: action for action in actions}
    several = (
        Group.objects.filter(action__in=found, closed_on__isnull=True)
        .order_by()
        .values_list("action", flat=True)
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    return {key for key in several if coordinates(viewer, found[key])}


def _number_of(rows: QuerySet[Any], path: str) -> Coalesce:
    number = rows.order_by().values(path).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
