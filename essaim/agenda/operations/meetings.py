"""Meetings: called with their agenda and who is invited, changed, put off, cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.engine.meetings import days_of_meetings
from essaim.agenda.engine.series import LONGEST, local_moment
from essaim.agenda.enums import MeetingKind, SessionState
from essaim.agenda.models import AgendaItem, Attendee, Meeting, PlannedSession, SessionSeries
from essaim.agenda.operations.session_rules import (
    PlanRefused,
    SessionPlan,
    check_plan,
    free_all,
    take_users_free,
)
from essaim.agenda.operations.sessions import put_on_calendar, rewrite_session
from essaim.agenda.permissions import may_run_meetings
from essaim.agenda.queries.meetings import list_invitable, list_meeting_chairs, list_rooms_of_meetings
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

MEETING = "agenda.meeting"
MOST_ITEMS, MOST_ATTENDEES = 30, 60


class MeetingRefused(OperationError):  # noqa: N818 - the words of the screen
    """A meeting, its minutes or a decision that cannot be written so."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone invited who has no account: a name, whom she represents, an address if she has one."""

    name: str
    organisation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What a meeting is. ``plan`` is the session on the calendar, whose trainer chairs; ``members`` the accounts
    invited, each for the organisation of that membership.
    """

    kind: str
    plan: SessionPlan
    items: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True)
class CalledMeetings:
    """Meetings just called, in order; ``busy``: the names of the accounts that something else already takes then."""

    meetings: tuple[Meeting, ...]
    busy: tuple[str, ...] = ()


@transaction.atomic
def call_meeting(*, action: Action, meeting: MeetingPlan, by: Membership, now: datetime) -> CalledMeetings:
    """Put a meeting on the calendar with its agenda and who is invited. Records no fact: it is one once held.

    Its room and who chairs it are taken, or the meeting is refused (OccupationConflict); the accounts invited are taken
    when they are free, and ``busy`` names the others. Refused (MeetingRefused, PlanRefused): someone who does not steer
    the action, a closed action, a moment outside it, an unknown kind or step, the same point or person twice.
    """
    return _call(action, [meeting], None, by)


@transaction.atomic
def call_meetings(
    *,
    action: Action,
    meeting: MeetingPlan,
    every_weeks: int,
    last_day: date,
    clocks: tuple[time, time],
    by: Membership,
    now: datetime,
) -> CalledMeetings:
    """Call the same meeting every so many weeks until ``last_day``, in local time: 9:00 stays 9:00 when the clocks
    change; a public holiday or a week-end puts one off to the next working day. All of them, or none.

    Refused as ``call_meeting`` for any of them; a series that does not go forward, or longer than a year.
    """
    first_day = paris_day(meeting.plan.starts)
    if every_weeks < 1 or not 0 <= (last_day - first_day).days <= LONGEST:
        raise MeetingRefused("La série va vers l’avant, et dure un an au plus.", field="last_day")
    require_running(action=action, by=by)
    plans = [
        _on(meeting, local_moment(day, clocks[0]), local_moment(day, clocks[1]))
        for day in days_of_meetings(first_day, last_day, every_weeks)
    ]
    _check(action, plans[0], by)
    plan = meeting.plan
    series = SessionSeries.objects.create(
        action=action,
        step=plan.step,
        kind=SessionKind.COMMITTEE,
        title=plan.title.strip(),
        weekdays=[first_day.isoweekday()],
        starts_at=clocks[0],
        ends_at=clocks[1],
        first_day=first_day,
        last_day=last_day,
        room=plan.room,
        trainer=plan.trainer,
        created_at=now,
    )
    return _call(action, plans, series, by)


@transaction.atomic
def edit_meeting(*, meeting: Meeting, plan: MeetingPlan, version: int, by: Membership, now: datetime) -> CalledMeetings:
    """Change what a meeting is: title, kind, time, place, agenda, who is invited. Who was already invited stays so.

    Refused as ``call_meeting``; a cancelled meeting, approved minutes, another step, the time of a meeting already
    held, a point with notes or someone whose presence is noted left out (MeetingRefused); OccupationConflict;
    EditConflict.
    """
    action = meeting.planned.session.action
    require_running(action=action, by=by)
    meeting = lock_meeting(meeting=meeting, version=version)
    planned = meeting.planned
    _refuse_frozen(meeting, plan)
    _check(action, plan, by, kept=planned)
    meeting.kind = plan.kind
    meeting.save(update_fields=["kind", "version"])
    rewrite_session(planned=planned, plan=plan.plan, by=by)
    _set_items(meeting, plan.items)
    _set_attendees(meeting, plan)
    return CalledMeetings((meeting,), _take_attendees(meeting))


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, version: int, by: Membership, now: datetime) -> Meeting:
    """Cancel a meeting that will not take place: room, chair and accounts are free again.

    Refused (MeetingRefused): held or cancelled already, someone who does not steer the action; EditConflict.
    """
    require_running(action=meeting.planned.session.action, by=by)
    meeting = lock_meeting(meeting=meeting, version=version)
    planned = meeting.planned
    if planned.state != SessionState.PLANNED:
        raise MeetingRefused("Cette réunion a eu lieu, ou est déjà annulée.")
    planned.state = SessionState.CANCELLED
    planned.version += 1
    planned.save(update_fields=["state", "version"])
    meeting.save(update_fields=["version"])
    free_all(planned=planned)
    return meeting


def require_running(*, action: Action, by: Membership) -> None:
    """Refuse (MeetingRefused) whoever does not steer this action in the organisation that carries it."""
    if not may_run_meetings(by, action):
        raise MeetingRefused("Vous ne tenez pas les réunions de cette action.")


def lock_meeting(*, meeting: Meeting, version: int) -> Meeting:
    """Lock a meeting and its session and return them fresh, the version of the meeting raised. Raises EditConflict."""
    session = meeting.planned.session
    meeting = check_version(meeting, version)
    meeting.planned = PlannedSession.objects.select_for_update(of=("self",)).get(pk=meeting.planned_id)
    meeting.planned.session = session
    return meeting


def _call(action: Action, plans: Sequence[MeetingPlan], series: SessionSeries | None, by: Membership) -> CalledMeetings:
    require_running(action=action, by=by)
    called: list[Meeting] = []
    busy: list[str] = []
    for one in plans:
        _check(action, one, by)
        planned = put_on_calendar(action=action, plan=one.plan, series=series, by=by)
        meeting = Meeting.objects.create(planned=planned, kind=one.kind)
        _set_items(meeting, one.items)
        _set_attendees(meeting, one)
        busy += _take_attendees(meeting)
        called.append(meeting)
    return CalledMeetings(tuple(called), tuple(dict.fromkeys(busy)))


def _on(meeting: MeetingPlan, starts: datetime, ends: datetime) -> MeetingPlan:
    return replace(meeting, plan=replace(meeting.plan, starts=starts, ends=ends))


def _check(action: Action, meeting: MeetingPlan, by: Membership, kept: PlannedSession | None = None) -> None:
    if meeting.kind not in MeetingKind.values:
        raise MeetingRefused("Choisissez une nature de réunion.", field="kind")
    plan = meeting.plan
    check_plan(action=action, plan=plan, by=by, kept=kept, step_kind=MEETING)
    has_kept = kept is not None and (kept.room, kept.trainer) == (plan.room, plan.trainer)
    if not has_kept and plan.room and not list_rooms_of_meetings(action).filter(pk=plan.room.pk).exists():
        raise PlanRefused("Ce lieu n’est pas ouvert aux réunions de cette action.", field="room")
    if not has_kept and plan.trainer and not list_meeting_chairs(action).filter(pk=plan.trainer.pk).exists():
        raise PlanRefused("Cette personne ne tient pas les réunions de cette action.", field="trainer")
    _check_agenda(meeting)
    _check_invited(action, meeting)


def _check_agenda(meeting: MeetingPlan) -> None:
    titles = [title.casefold() for title in meeting.items]
    if len(titles) > MOST_ITEMS:
        raise MeetingRefused(f"Un ordre du jour a {MOST_ITEMS} points au plus.", field="items")
    if twice := next((title for title in meeting.items if titles.count(title.casefold()) > 1), None):
        raise MeetingRefused(f"« {twice} » est deux fois à l’ordre du jour.", field="items")
    if too_long := next((title for title in meeting.items if len(title) > 200), None):
        raise MeetingRefused(f"« {too_long[:40]}… » dépasse 200 caractères.", field="items")


def _check_invited(action: Action, meeting: MeetingPlan) -> None:
    if len(meeting.members) + len(meeting.guests) > MOST_ATTENDEES:
        raise MeetingRefused(f"Une réunion a {MOST_ATTENDEES} invités au plus.", field="members")
    keys = {one.pk for one in meeting.members}
    if len(keys) != list_invitable(action).filter(pk__in=keys).count():
        raise MeetingRefused("Un de ces comptes n’est ni de l’équipe ni d’un partenaire de l’action.", field="members")
    if len({one.user_id for one in meeting.members}) != len(meeting.members):
        raise MeetingRefused("Une même personne est invitée pour deux organisations : choisissez.", field="members")
    named = [(one.name.casefold(), one.organisation.casefold()) for one in meeting.guests]
    if len(set(named)) != len(named) or not all(name for name, _ in named):
        raise MeetingRefused("Une même personne est deux fois dans la liste.", field="guests")


def _refuse_frozen(meeting: Meeting, plan: MeetingPlan) -> None:
    planned = meeting.planned
    if meeting.approved_at is not None:
        raise MeetingRefused("Le compte rendu est approuvé : la réunion ne change plus.")
    if planned.state == SessionState.CANCELLED:
        raise MeetingRefused("Cette réunion est annulée : convoquez-en une autre.")
    if planned.state == SessionState.HELD and (planned.starts, planned.ends) != (plan.plan.starts, plan.plan.ends):
        raise MeetingRefused("Cette réunion a eu lieu : sa date ne change plus.", field="day")
    if planned.step != plan.plan.step:
        raise MeetingRefused("Une réunion garde son étape : annulez-la et convoquez-en une autre.")


def _set_items(meeting: Meeting, titles: Iterable[str]) -> None:
    titles = list(titles)
    known = {one.title: one for one in meeting.items.all()}
    for title, one in known.items():
        if title not in titles:
            if one.notes:
                raise MeetingRefused(f"« {title} » a déjà des notes : gardez ce point.", field="items")
            one.delete()
    for rank, title in enumerate(titles, start=1):
        AgendaItem.objects.update_or_create(meeting=meeting, title=title, defaults={"rank": rank})


def _set_attendees(meeting: Meeting, plan: MeetingPlan) -> None:
    kept: set[int] = set()
    known = list(meeting.attendees.all())
    by_user = {one.user_id: one for one in known if one.user_id}
    by_name = {(one.name.casefold(), one.organisation_name.casefold()): one for one in known if not one.user_id}
    for member in plan.members:
        one = by_user.get(member.user_id) or Attendee(meeting=meeting, user=member.user)
        one.represents = member.organisation
        one.save()
        kept.add(one.pk)
    for guest in plan.guests:
        one = by_name.get((guest.name.casefold(), guest.organisation.casefold())) or Attendee(meeting=meeting)
        one.name, one.organisation_name, one.email = guest.name, guest.organisation, guest.email
        one.save()
        kept.add(one.pk)
    for one in known:
        if one.pk not in kept:
            _leave_out(one)


def _leave_out(one: Attendee) -> None:
    if one.presence:
        raise MeetingRefused(f"La présence de {one.full_name} est notée : gardez son nom.", field="members")
    one.delete()


def _take_attendees(meeting: Meeting) -> tuple[str, ...]:
    """Take the accounts invited who are free at that time; return the names of the others."""
    planned = meeting.planned
    if planned.state != SessionState.PLANNED:
        return ()
    invited = meeting.attendees.filter(user__isnull=False).select_related("user").order_by("pk")
    users = {one.user_id: one.user for one in invited if one.user_id != planned.trainer_id}
    busy = take_users_free(planned=planned, user_keys=[key for key in users if key])
    return tuple(user.full_name for key, user in users.items() if key in busy and user)
