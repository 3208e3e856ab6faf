"""Queues: who waits for a place of an action or of one of its groups, in which order, since when."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import WaitingState
from essaim.journeys.models import Group, WaitingEntry
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries.actions import visible_actions
from essaim.people.queries import searchable_people, visible_people

ENTRY_QUEUE = "entry"
IN_QUEUE = (WaitingState.WAITING, WaitingState.CALLED)


def queue_of(action: Action, group: Group | None = None, queue: str = ENTRY_QUEUE) -> QuerySet[WaitingEntry]:
    """Return those still in the queue of an action, first come first. For a group: those who wait for it, and those who
    take any. For operations: nothing is hidden.
    """
    entries = WaitingEntry.objects.filter(action=action, queue=queue, state__in=IN_QUEUE).order_by("since", "pk")
    return entries if group is None else entries.filter(Q(group=group) | Q(group__isnull=True))


def list_queue_for(viewer: Membership | None, action: Action, *, with_left: bool = False) -> QuerySet[WaitingEntry]:
    """Return the queue of an action to the team that receives, each with ``rank``, from 1; or, with ``with_left``,
    those who left it, latest first. ``is_listed`` says whether the reader's lists may name the person.
    """
    if not may_examine(viewer, action):
        return WaitingEntry.objects.none()
    listed = searchable_people(viewer).filter(pk=OuterRef("person")).order_by().values("pk")
    shown = (
        WaitingEntry.objects.filter(action=action, queue=ENTRY_QUEUE)
        .select_related("person", "person__commune", "group", "prescription", "prescription__prescriber")
        .annotate(is_listed=Exists(listed))
    )
    if with_left:
        return shown.exclude(state__in=IN_QUEUE).order_by("-left_at", "-pk")
    return (
        shown.filter(state__in=IN_QUEUE)
        .annotate(rank=Window(RowNumber(), order_by=[F("since").asc(), F("pk").asc()]))
        .order_by("since", "pk")
    )


def get_waiting_entry_for(viewer: Membership | None, action: Action, pk: int) -> WaitingEntry:
    """Return someone of the queue, for the team that receives. Raises WaitingEntry.DoesNotExist otherwise."""
    if not may_examine(viewer, action):
        raise WaitingEntry.DoesNotExist
    entries = WaitingEntry.objects.select_related("person", "group", "prescription")
    return entries.get(
        action=action,
        action__in=visible_actions(viewer).values("pk"),
        pk=pk,
        person__in=visible_people(viewer).values("pk"),
    )


def count_waiting(action: Action) -> int:
    """Return how many people wait for a place of the action."""
    return queue_of(action).count()


def count_queue_for(viewer: Membership | None, action: Action) -> int:
    """Return how many people wait, to the team that receives; 0 to others."""
    return count_waiting(action) if may_examine(viewer, action) else 0
