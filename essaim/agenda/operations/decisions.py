"""What meetings decide: written down, put right before approval, then done or dropped, with what happened."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.agenda.enums import DecisionState, SessionState
from essaim.agenda.models import Meeting, MeetingDecision
from essaim.agenda.operations.meetings import MeetingRefused, require_running
from essaim.agenda.permissions import may_settle
from essaim.agenda.queries.meetings import list_invitable
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version

DAY_WORDS = "Une décision a un jour, au plus tôt celui de la réunion."


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """What is decided: the words, who does it (an account, or a name), by when."""

    words: str
    owner: User | None
    owner_name: str
    due_on: date


@transaction.atomic
def take_decision(*, meeting: Meeting, plan: DecisionPlan, by: Membership, now: datetime) -> MeetingDecision:
    """Write what a meeting decides. Its owner finds it in « À faire » until it is done or dropped.

    Refused (MeetingRefused): a cancelled meeting, approved minutes, no words, no owner or two, an account that is
    neither of the team nor of a partner, a day before the meeting, someone who does not steer the action.
    """
    _lock_open(meeting, by)
    _check(meeting, plan)
    return MeetingDecision.objects.create(
        action=meeting.planned.session.action,
        meeting=meeting,
        words=plan.words.strip(),
        owner=plan.owner,
        owner_name="" if plan.owner else plan.owner_name.strip(),
        due_on=plan.due_on,
        created_at=now,
    )


@transaction.atomic
def edit_decision(
    *, decision: MeetingDecision, plan: DecisionPlan, version: int, by: Membership, now: datetime
) -> MeetingDecision:
    """Put a decision right before the minutes are approved. Refused as ``take_decision``; settled; EditConflict."""
    meeting = decision.meeting
    _lock_open(meeting, by)
    _check(meeting, plan)
    decision = check_version(decision, version)
    if decision.state != DecisionState.OPEN:
        raise MeetingRefused("Cette décision est réglée : rouvrez-la pour la changer.")
    decision.words, decision.due_on = plan.words.strip(), plan.due_on
    decision.owner, decision.owner_name = plan.owner, "" if plan.owner else plan.owner_name.strip()
    decision.save(update_fields=["words", "due_on", "owner", "owner_name", "version"])
    return decision


@transaction.atomic
def withdraw_decision(*, decision: MeetingDecision, version: int, by: Membership, now: datetime) -> None:
    """Take off a decision written by mistake, before the minutes are approved. Refused as ``edit_decision``."""
    _lock_open(decision.meeting, by)
    decision = check_version(decision, version)
    if decision.state != DecisionState.OPEN:
        raise MeetingRefused("Cette décision est réglée : elle reste au compte rendu.")
    decision.delete()


@transaction.atomic
def settle_decision(
    *,
    decision: MeetingDecision,
    state: str,
    reason: str = "",
    at_meeting: Meeting | None = None,
    version: int,
    by: Membership,
    now: datetime,
) -> MeetingDecision:
    """Say that a decision is done or dropped, and what happened; or that it is to do again (``state`` open).

    ``at_meeting``: the later meeting of the same action where it was reviewed. Refused (MeetingRefused): dropped
    without a reason, a meeting of another action, earlier, or whose minutes are approved, someone who neither steers
    the action nor was given it; EditConflict: of two who settle it at once, the other is told.
    """
    if not may_settle(by, decision.action, decision.owner_id):
        raise MeetingRefused("Cette décision a été confiée à quelqu’un d’autre.")
    reviewed = decision.reviewed_at
    decision = check_version(decision, version)
    if state not in DecisionState.values or state == decision.state:
        raise MeetingRefused("Dites si la décision est faite ou abandonnée.", field="state")
    if state == DecisionState.DROPPED and not reason.strip():
        raise MeetingRefused("Dites pourquoi la décision est abandonnée.", field="reason")
    _check_review(decision, at_meeting, reviewed)
    is_open = state == DecisionState.OPEN
    decision.state, decision.reason = state, reason.strip()
    decision.settled_on, decision.settled_by = (None, None) if is_open else (paris_day(now), by.user)
    decision.reviewed_at = None if is_open else at_meeting
    decision.save(update_fields=["state", "reason", "settled_on", "settled_by", "reviewed_at", "version"])
    return decision


def _check_review(decision: MeetingDecision, at: Meeting | None, reviewed: Meeting | None) -> None:
    if reviewed is not None and reviewed.approved_at is not None:
        raise MeetingRefused("Le compte rendu qui dit ce qu’elle est devenue est approuvé : prenez une autre décision.")
    if at is None:
        return
    locked = (
        Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("planned__session").get(pk=at.pk)
    )
    is_later = locked.planned.starts > decision.meeting.planned.starts
    if locked.planned.session.action_id != decision.action_id or not is_later:
        raise MeetingRefused("Une décision se revoit à une réunion suivante de la même action.")
    if locked.approved_at is not None:
        raise MeetingRefused("Le compte rendu de cette réunion est approuvé : il ne change plus.")


def _lock_open(meeting: Meeting, by: Membership) -> None:
    """Wait for whoever approves, then refuse approved minutes."""
    require_running(action=meeting.planned.session.action, by=by)
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("planned").get(pk=meeting.pk)
    if locked.approved_at is not None:
        raise MeetingRefused("Le compte rendu est approuvé : il ne change plus.")
    if locked.planned.state == SessionState.CANCELLED:
        raise MeetingRefused("Cette réunion est annulée.")


def _check(meeting: Meeting, plan: DecisionPlan) -> None:
    action = meeting.planned.session.action
    if not plan.words.strip():
        raise MeetingRefused("Écrivez ce qui est décidé.", field="words")
    if (plan.owner is None) == (not plan.owner_name.strip()):
        raise MeetingRefused("Dites qui s’en charge : un compte, ou un nom.", field="owner")
    if plan.owner and not list_invitable(action).filter(user=plan.owner).exists():
        raise MeetingRefused("Ce compte n’est ni de l’équipe ni d’un partenaire de l’action.", field="owner")
    if plan.due_on < paris_day(meeting.planned.starts):
        raise MeetingRefused(DAY_WORDS, field="due_on")
