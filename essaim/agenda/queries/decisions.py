"""What meetings decided: what is left to do, what a meeting reviews, what its minutes say."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from essaim.accounts.models import Membership
from essaim.accounts.permissions import ROLES_STEERING, has_role
from essaim.agenda.enums import AttendanceState, DecisionState
from essaim.agenda.models import Attendee, Meeting, MeetingDecision
from essaim.agenda.queries.meetings import list_attendees_of, list_items_of
from essaim.journal.models import Action
from essaim.kernel.days import PARIS
from essaim.kernel.formats import clock, long_day


def list_decisions_for(viewer: Membership | None, action: Action | None = None) -> QuerySet[MeetingDecision]:
    """Return the decisions the viewer may read, the first due first: all those of the actions her organisation carries
    when she steers; else hers, and those of the approved minutes of the meetings she was invited to.
    """
    if viewer is None or viewer.until is not None:
        return MeetingDecision.objects.none()
    attends = Attendee.objects.filter(
        meeting=OuterRef("meeting"), user=viewer.user_id, represents=viewer.organisation_id
    )
    readable = Q(owner=viewer.user_id) | Q(Exists(attends), meeting__approved_at__isnull=False)
    if has_role(viewer, ROLES_STEERING):
        readable |= Q(action__organisation=viewer.organisation_id, action__is_imported=False)
    decisions = MeetingDecision.objects.filter(readable)
    if action is not None:
        decisions = decisions.filter(action=action)
    return _shown(decisions).order_by("due_on", "pk")


def get_decision_for(viewer: Membership | None, ref: str) -> MeetingDecision:
    """Return a decision by its reference. Raises MeetingDecision.DoesNotExist when the viewer may not read it."""
    return list_decisions_for(viewer).get(ref=ref)


def list_decisions_of(meeting: Meeting) -> list[MeetingDecision]:
    """Return what a meeting the viewer obtained decided, in the order in which it was written."""
    return list(_shown(meeting.decisions.all()).order_by("pk"))


def list_to_review_at(meeting: Meeting) -> list[MeetingDecision]:
    """Return the decisions that a meeting reviews: those of the earlier meetings of its kind in the same action that
    are still open, or that were settled at it. Carried over by themselves, the first due first.
    """
    planned = meeting.planned
    earlier = MeetingDecision.objects.filter(
        Q(state=DecisionState.OPEN) | Q(reviewed_at=meeting),
        action=planned.session.action_id,
        meeting__kind=meeting.kind,
        meeting__planned__starts__lt=planned.starts,
    )
    return list(_shown(earlier).order_by("due_on", "pk"))


def list_open_decisions_of(action: Action) -> list[MeetingDecision]:
    """Return the open decisions of an action the viewer obtained, the first due first. For who carries it."""
    return list(
        _shown(MeetingDecision.objects.filter(action=action, state=DecisionState.OPEN)).order_by("due_on", "pk")
    )


def actions_where_decisions_are_mine(viewer: Membership) -> set[int]:
    """Return the keys of the actions in which an open decision was given to this viewer, whoever carries them."""
    mine = MeetingDecision.objects.filter(state=DecisionState.OPEN, owner=viewer.user_id, action__is_imported=False)
    return set(mine.order_by().values_list("action", flat=True).distinct())


def minutes_of(meeting: Meeting, *, approved_by: str = "", approved_at: datetime | None = None) -> dict[str, Any]:
    """Return what the minutes of a meeting say, as their document reads it: agenda and notes, who came, decisions
    taken, earlier ones reviewed. Once approved, what they said that day, whatever changed since.
    """
    if meeting.frozen is not None:
        frozen: dict[str, Any] = meeting.frozen
        return frozen
    planned, action = meeting.planned, meeting.planned.session.action
    people = list_attendees_of(meeting)
    return {
        "title": planned.session.title,
        "kind": str(meeting.get_kind_display()),
        "action": action.title,
        "organisation": action.organisation.name if action.organisation else "",
        "when": f"{long_day(planned.starts, weekday=True)}, {clock(planned.starts)} à {clock(planned.ends)}",
        "day": f"{planned.starts.astimezone(PARIS):%Y-%m-%d}",
        "where": planned.room.name if planned.room else planned.place,
        "chair": planned.trainer.full_name if planned.trainer else planned.trainer_name,
        "approved": f"Approuvé par {approved_by} le {long_day(approved_at)}" if approved_at else "",
        "attendees": [[_person(one), _presence(one)] for one in people],
        "items": [{"title": one.title, "notes": one.notes} for one in list_items_of(meeting)],
        "decisions": [[one.words, one.owner_words, long_day(one.due_on)] for one in list_decisions_of(meeting)],
        "reviewed": [
            [one.words, one.owner_words, long_day(one.due_on), _came(one)] for one in list_to_review_at(meeting)
        ],
    }


def _shown(decisions: QuerySet[MeetingDecision]) -> QuerySet[MeetingDecision]:
    return decisions.select_related("owner", "settled_by", "action", "meeting__planned__session", "reviewed_at").defer(
        "action__definition", "meeting__frozen"
    )


def _person(one: Attendee) -> str:
    return ", ".join(part for part in (one.full_name, one.organisation_words) if part)


def _presence(one: Attendee) -> str:
    words = {
        AttendanceState.PRESENT: "présent·e",
        AttendanceState.EXCUSED: "excusé·e",
        AttendanceState.ABSENT: "absent·e",
    }
    return words[AttendanceState(one.presence)] if one.presence else "non noté"


def _came(one: MeetingDecision) -> str:
    words = str(one.get_state_display())
    return f"{words} : {one.reason}" if one.reason else words
