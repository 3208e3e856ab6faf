"""Sessions on the calendar: planned one by one, moved, changed, cancelled."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.agenda.enums import SessionState
from essaim.agenda.models import PlannedSession, Room, SessionSeries
from essaim.agenda.operations.registrations import register_group
from essaim.agenda.operations.session_rules import (
    PlanRefused,
    SessionPlan,
    check_half_days,
    check_plan,
    free_all,
    require_following,
    take_people,
    take_resources,
)
from essaim.agenda.queries.meetings import is_meeting
from essaim.journal.models import Action
from essaim.journal.operations import create_session, update_session
from essaim.journeys.models import Group
from essaim.kernel.edit_versions import check_version
from essaim.kernel.formats import count


@transaction.atomic
def plan_session(
    *,
    action: Action,
    kind: str,
    title: str,
    starts: datetime,
    ends: datetime,
    group: Group | None = None,
    step: str = "",
    room: Room | None = None,
    place: str = "",
    trainer: User | None = None,
    trainer_name: str = "",
    contents: Iterable[str] = (),
    capacity: int | None = None,
    registers: bool = False,
    by: Membership,
    now: datetime,
) -> PlannedSession:
    """Put a session on the calendar and declare it to the journal; its room and its trainer are taken.

    Records no fact: a session is one once held. ``registers`` expects the people of its group, or of the action, who
    are free then. Refused (PlanRefused): someone who does not follow people in this
    action, a closed action, a moment outside it or over two days, a kind, step, group, content, room or trainer that
    are not its own, more half-days in the week than the practice plans; OccupationConflict when the room or the
    trainer is taken.
    """
    plan = SessionPlan(
        kind, title, starts, ends, group, step, room, place, trainer, trainer_name, tuple(contents), capacity
    )
    require_following(action=action, by=by)
    check_plan(action=action, plan=plan, by=by)
    check_half_days(action=action, step=step, group=group, spans=[(starts, ends)])
    planned = put_on_calendar(action=action, plan=plan, series=None, by=by)
    if registers:
        register_group(planned=planned, by=by, now=now)
    return planned


def put_on_calendar(
    *, action: Action, plan: SessionPlan, series: SessionSeries | None, by: Membership
) -> PlannedSession:
    """Write a session already checked: its declaration, its row, its room and trainer. Raises OccupationConflict."""
    session = create_session(
        action=action,
        kind=plan.kind,
        title=plan.title,
        module=_module_of(plan),
        starts=plan.starts,
        capacity=plan.capacity,
    )
    planned = PlannedSession(session=session, series=series, group=plan.group, step=plan.step)
    _set(planned, plan)
    planned.save()
    take_resources(planned=planned, by=by)
    return planned


@transaction.atomic
def move_session(
    *, planned: PlannedSession, starts: datetime, ends: datetime, version: int, by: Membership, now: datetime
) -> PlannedSession:
    """Put a session off or forward: the declaration follows, and the room, the trainer and the people registered.

    Refused as ``plan_session``; a session held or cancelled (PlanRefused); someone or something registered taken at
    the new time (OccupationConflict); EditConflict.
    """
    return edit_session(
        planned=planned, plan=replace(plan_of(planned=planned), starts=starts, ends=ends), version=version, by=by,
        now=now,
    )  # fmt: skip


@transaction.atomic
def edit_session(
    *, planned: PlannedSession, plan: SessionPlan, version: int, by: Membership, now: datetime
) -> PlannedSession:
    """Change what a session is: title, kind, contents, place, trainer, capacity, time.

    Refused as ``plan_session``; a cancelled session, the time of a session already held, another group or step, fewer
    places than people registered (PlanRefused); OccupationConflict; EditConflict.
    """
    action = planned.session.action
    require_following(action=action, by=by)
    session = planned.session
    planned = check_version(planned, version)
    planned.session = session
    _refuse_meeting(planned)
    _refuse_frozen(planned, plan)
    check_plan(action=action, plan=plan, by=by, kept=planned)
    if (planned.starts, planned.ends) != (plan.starts, plan.ends):
        check_half_days(
            action=action, step=planned.step, group=planned.group, spans=[(plan.starts, plan.ends)], kept=planned
        )
    return rewrite_session(planned=planned, plan=plan, by=by)


def rewrite_session(*, planned: PlannedSession, plan: SessionPlan, by: Membership) -> PlannedSession:
    """Write what a session already locked and checked becomes: its row, its declaration, what it takes. Refused
    (PlanRefused): fewer places than people registered; OccupationConflict.
    """
    session = planned.session
    _check_room_for_all(planned, plan)
    free_all(planned=planned)
    _set(planned, plan)
    planned.save()
    update_session(
        session=session,
        kind=plan.kind,
        title=plan.title,
        module=_module_of(plan),
        starts=plan.starts,
        capacity=plan.capacity,
    )
    take_resources(planned=planned, by=by)
    expected = planned.registrations.filter(cancelled_at=None).order_by("person_id")
    take_people(planned=planned, person_keys=expected.values_list("person", flat=True), by=by)
    return planned


@transaction.atomic
def cancel_session(*, planned: PlannedSession, version: int, by: Membership, now: datetime) -> PlannedSession:
    """Cancel a session that will not take place: room, trainer and people are free again; who was expected stays told.

    Refused (PlanRefused): held or cancelled already, someone who does not follow people in this action; EditConflict.
    """
    require_following(action=planned.session.action, by=by)
    session = planned.session
    planned = check_version(planned, version)
    planned.session = session
    _refuse_meeting(planned)
    if planned.state == SessionState.HELD:
        raise PlanRefused("Cette séance a eu lieu : annulez d’abord ses présences.")
    if planned.state == SessionState.CANCELLED:
        raise PlanRefused("Cette séance est déjà annulée.")
    planned.state = SessionState.CANCELLED
    planned.save()
    free_all(planned=planned)
    return planned


def plan_of(*, planned: PlannedSession) -> SessionPlan:
    """Return what a session is now, to change a part of it."""
    return SessionPlan(
        kind=planned.session.kind,
        title=planned.session.title,
        starts=planned.starts,
        ends=planned.ends,
        group=planned.group,
        step=planned.step,
        room=planned.room,
        place=planned.place,
        trainer=planned.trainer,
        trainer_name=planned.trainer_name,
        contents=tuple(planned.contents),
        capacity=planned.session.capacity,
    )


def _set(planned: PlannedSession, plan: SessionPlan) -> None:
    planned.starts, planned.ends = plan.starts, plan.ends
    planned.room, planned.place = plan.room, "" if plan.room else " ".join(plan.place.split())
    planned.trainer = plan.trainer
    planned.trainer_name = "" if plan.trainer else " ".join(plan.trainer_name.split())
    planned.contents = list(plan.contents)


def _module_of(plan: SessionPlan) -> str:
    """The journal names the content of a session that has one only."""
    return plan.contents[0] if len(plan.contents) == 1 else ""


def _refuse_meeting(planned: PlannedSession) -> None:
    if is_meeting(planned.pk):
        raise PlanRefused("Cette séance est une réunion : changez-la ou annulez-la sur sa page.")


def _refuse_frozen(planned: PlannedSession, plan: SessionPlan) -> None:
    if planned.state == SessionState.CANCELLED:
        raise PlanRefused("Cette séance est annulée : planifiez-en une autre.")
    if planned.state == SessionState.HELD and (planned.starts, planned.ends) != (plan.starts, plan.ends):
        raise PlanRefused("Cette séance a eu lieu : annulez d’abord ses présences pour changer sa date.", field="day")
    if planned.group != plan.group or planned.step != plan.step:
        raise PlanRefused("Une séance garde son groupe et son étape : annulez-la et planifiez-en une autre.")


def _check_room_for_all(planned: PlannedSession, plan: SessionPlan) -> None:
    limits = [limit for limit in (plan.capacity, plan.room.capacity if plan.room else None) if limit is not None]
    expected = planned.registrations.filter(cancelled_at=None).count()
    if limits and expected > min(limits):
        raise PlanRefused(
            f"{count(expected, 'personne est inscrite', 'personnes sont inscrites')} :"
            f" il n’y aurait que {count(min(limits), 'place')}.",
            field="capacity",
        )
