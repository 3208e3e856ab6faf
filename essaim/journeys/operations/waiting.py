"""Queues: one mechanism for whoever waits for a place of an action or of one of its groups."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journal.operations import record
from essaim.journeys.enums import EnrolmentState, LeavingReason, PrescriptionState, WaitingState
from essaim.journeys.models import Enrolment, Group, Prescription, WaitingEntry
from essaim.journeys.operations.parcours_rules import lock_action
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries.groups import count_places_offered, list_groups_of
from essaim.journeys.queries.waiting import ENTRY_QUEUE, IN_QUEUE
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.people.operations import close_grants
from essaim.people.queries import scope_for

DAYS_TO_ANSWER = 3


class QueueRefused(OperationError):  # noqa: N818 - the words of the screen
    """Someone who cannot join, be called from or leave a queue so."""


@transaction.atomic
def join_queue(
    *,
    action: Action,
    person: Person,
    group: Group | None = None,
    queue: str = ENTRY_QUEUE,
    prescription: Prescription | None = None,
    by: Membership,
    now: datetime,
) -> WaitingEntry:
    """Put a person at the end of the queue of an action, for one of its groups or for any place.

    Refused (QueueRefused): outside the team that receives, a file not open to it, already in the queue or in the
    action, a group of another action or closed.
    """
    action = lock_action(action=action)
    _require_team(action, by)
    if scope_for(by, person) is None:
        raise QueueRefused("Ce dossier ne vous est pas ouvert.")
    if Enrolment.objects.filter(action=action, person=person, state=EnrolmentState.OPEN).exists():
        raise QueueRefused("Cette personne est déjà inscrite dans cette action.")
    if WaitingEntry.objects.filter(action=action, queue=queue, person=person, state__in=IN_QUEUE).exists():
        raise QueueRefused("Cette personne est déjà en liste d’attente.")
    if group is not None and (group.action_id != action.pk or group.closed_on is not None):
        raise QueueRefused("Ce groupe n’est plus ouvert dans l’action.", field="group")
    _record_queue("journeys.queue_joined", action, person, group, by, now)
    return WaitingEntry.objects.create(
        action=action, group=group, queue=queue, person=person, prescription=prescription, since=now
    )


@transaction.atomic
def call_next(
    *,
    action: Action,
    group: Group | None = None,
    queue: str = ENTRY_QUEUE,
    answer_by: date | None = None,
    by: Membership,
    now: datetime,
) -> WaitingEntry:
    """Offer a free place to the first of the queue, who has until ``answer_by`` to answer (three days unless given).

    The action's row is locked: two callers never call the same person, nor offer the same place twice. For a group,
    the first of those who wait for it or take any; without, the first for whom a place is free. Refused
    (QueueRefused): outside the team, nobody waits, no place neither taken nor offered, a day already past.
    """
    action = lock_action(action=action)
    _require_team(action, by)
    today = paris_day(now)
    answer_by = answer_by or today + timedelta(days=DAYS_TO_ANSWER)
    if answer_by < today:
        raise QueueRefused("Ce jour est déjà passé.", field="answer_by")
    if count_places_offered(action).free == 0:
        raise QueueRefused("Aucune place n’est libre : elles sont prises, ou déjà proposées.")
    waiting = WaitingEntry.objects.filter(action=action, queue=queue, state=WaitingState.WAITING)
    if not waiting.exists():
        raise QueueRefused("Plus personne n’attend.")
    first = waiting.filter(_served(action, group)).order_by("since", "pk")
    entry = first.select_for_update(of=("self",), skip_locked=True).select_related("person").first()
    if entry is None:
        raise QueueRefused("Aucune place n’est libre pour ceux qui attendent.")
    entry.action, entry.state, entry.called_at, entry.answer_by = action, WaitingState.CALLED, now, answer_by
    entry.group = group or entry.group
    entry.save()
    _record_queue("journeys.place_offered", action, entry.person, entry.group, by, now)
    return entry


@transaction.atomic
def answer_call(*, entry: WaitingEntry, accepts: bool, reason: str = "", by: Membership, now: datetime) -> WaitingEntry:
    """Write what a person answered to the place offered: yes, it waits for her entry; no, she leaves the queue.

    Refused (QueueRefused): outside the team, no place was offered, a refusal without reason.
    """
    action, entry = _take(entry, by)
    if entry.state != WaitingState.CALLED:
        raise QueueRefused("Aucune place ne lui est proposée en ce moment.")
    if accepts:
        entry.answer_by = None
        entry.save(update_fields=["answer_by"])
        return entry
    return _leave(action, entry, WaitingState.DECLINED, reason, by, now)


@transaction.atomic
def leave_queue(*, entry: WaitingEntry, reason: str, by: Membership, now: datetime) -> WaitingEntry:
    """Take someone out of a queue at her request or because she is no longer to be found, with the reason.

    The prescription that brought her there is closed with it. Refused (QueueRefused): outside the team, no longer
    in the queue, an unknown reason.
    """
    action, entry = _take(entry, by)
    if entry.state not in IN_QUEUE:
        raise QueueRefused("Cette personne n’est plus dans la file.")
    return _leave(action, entry, WaitingState.LEFT, reason, by, now)


def take_out_of_queue(
    *, action: Action, person: Person, state: str, reason: str = "", by: Membership, now: datetime
) -> None:
    """End the wait of a person for this action, whatever the group: she entered, or it was decided otherwise."""
    WaitingEntry.objects.filter(action=action, queue=ENTRY_QUEUE, person=person, state__in=IN_QUEUE).update(
        state=state, left_at=now, reason=reason
    )


def _require_team(action: Action, by: Membership) -> None:
    if not may_examine(by, action):
        raise QueueRefused("Seule l’équipe de l’action tient sa liste d’attente.")


def _take(entry: WaitingEntry, by: Membership) -> tuple[Action, WaitingEntry]:
    action = lock_action(action=entry.action)
    _require_team(action, by)
    locked = WaitingEntry.objects.select_for_update(of=("self",)).select_related("person", "group", "prescription")
    return action, locked.get(pk=entry.pk)


def _leave(action: Action, entry: WaitingEntry, state: str, reason: str, by: Membership, now: datetime) -> WaitingEntry:
    if reason not in LeavingReason.values:
        raise QueueRefused("Choisissez un motif.", field="reason")
    entry.state, entry.reason, entry.left_at = state, reason, now
    entry.save()
    _record_queue("journeys.queue_left", action, entry.person, entry.group, by, now, {"reason": reason})
    brought_by = entry.prescription
    if brought_by is not None and brought_by.state == PrescriptionState.WAITING:
        Prescription.objects.filter(pk=brought_by.pk).update(
            state=PrescriptionState.WITHDRAWN, version=F("version") + 1
        )
        close_grants(origin=brought_by.ref, person=entry.person, by=by, now=now)
    return entry


def _served(action: Action, group: Group | None) -> Q:
    """Who can take the free place: of this group, or of any group that has one."""
    open_ones = [one.pk for one in list_groups_of(action) if count_places_offered(action, one).free]
    if group is not None and group.pk not in open_ones:
        raise QueueRefused(f"«\u00a0{group.name}\u00a0» n’a pas de place libre.", field="group")
    if group is not None:
        return Q(group=group) | Q(group__isnull=True)
    return Q(group__in=open_ones) | Q(group__isnull=True)


def _record_queue(
    kind: str,
    action: Action,
    person: Person,
    group: Group | None,
    by: Membership,
    now: datetime,
    data: dict[str, str] | None = None,
) -> None:
    record(
        kind,
        emitter="journeys",
        action=action,
        at=paris_day(now),
        person=person,
        cohort=group.ref if group else None,
        by=by,
        now=now,
        data=data or {},
    )
