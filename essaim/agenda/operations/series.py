"""Series of sessions, and the training of newcomers planned in one go."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction

from essaim.accounts.models import Membership, User
from essaim.agenda.engine.holidays import first_open_day
from essaim.agenda.engine.series import LONGEST, SeriesDays, days_of_series, local_moment, share_out
from essaim.agenda.models import PlannedSession, Room, SessionSeries
from essaim.agenda.operations.registrations import register_group
from essaim.agenda.operations.session_rules import (
    TRAINING,
    PlanRefused,
    SessionPlan,
    check_half_days,
    check_plan,
    require_following,
    step_settings,
)
from essaim.agenda.operations.sessions import put_on_calendar
from essaim.agenda.queries.training import contents_of, list_newcomers
from essaim.journal.enums import SessionKind
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment, Group

TRAINING_STARTS, TRAINING_ENDS = time(9), time(12)
WORKING_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """A series just planned: its sessions in order, and the holidays met as (day, code), left out unless asked.

    ``left_out``: who could not be registered to one of them, each with why.
    """

    series: SessionSeries
    sessions: tuple[PlannedSession, ...]
    holidays: tuple[tuple[date, str], ...]
    left_out: tuple[tuple[Enrolment, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTraining:
    """A training just planned: its sessions in order; ``left_out`` as for a series."""

    sessions: tuple[PlannedSession, ...]
    left_out: tuple[tuple[Enrolment, str], ...] = ()


@transaction.atomic
def plan_series(
    *,
    action: Action,
    kind: str,
    title: str,
    weekdays: Iterable[int],
    starts_at: time,
    ends_at: time,
    first_day: date,
    last_day: date,
    group: Group | None = None,
    step: str = "",
    room: Room | None = None,
    place: str = "",
    trainer: User | None = None,
    trainer_name: str = "",
    contents: Iterable[str] = (),
    capacity: int | None = None,
    skips_holidays: bool = True,
    registers: bool = False,
    by: Membership,
    now: datetime,
) -> PlannedSeries:
    """Plan the same session each week, in local time: 9:00 stays 9:00 when the clocks change.

    ``weekdays``: 1 = Monday … 7 = Sunday. Public holidays are left out unless ``skips_holidays`` is false. All the
    sessions are planned, or none. ``registers`` expects the people of the group, or of the action, at each of them.
    Refused as ``plan_session`` for any of them; no day (PlanRefused), more than a year.
    """
    require_following(action=action, by=by)
    weekdays = sorted(set(weekdays))
    found = _days(first_day, last_day, weekdays, starts_at, ends_at, skips_holidays=skips_holidays)
    model = SessionPlan(
        kind, title, *_span(found.days[0], starts_at, ends_at), group, step, room, place, trainer, trainer_name,
        tuple(contents), capacity,
    )  # fmt: skip
    plans = _checked(action, [_on(model, day, starts_at, ends_at) for day in found.days], by)
    series = _create_series(action, model, weekdays, (starts_at, ends_at), (first_day, last_day), now)
    sessions = [put_on_calendar(action=action, plan=plan, series=series, by=by) for plan in plans]
    left_out = _register_all(sessions, None, by, now) if registers else ()
    return PlannedSeries(series, tuple(sessions), found.holidays, left_out)


@transaction.atomic
def plan_training(
    *,
    action: Action,
    step: str,
    first_day: date,
    group: Group | None = None,
    room: Room | None = None,
    trainer: User | None = None,
    starts_at: time = TRAINING_STARTS,
    ends_at: time = TRAINING_ENDS,
    registers: bool = False,
    by: Membership,
    now: datetime,
) -> PlannedTraining:
    """Plan the sessions that train a group of newcomers: every content of the step, shared out in order over the
    working days of its weeks.

    Starts on ``first_day``, or on the first working day after it. ``registers`` expects at each of them the newcomers
    of the group, or of the action. Refused (PlanRefused): a step that does not train,
    without contents, sessions of it already planned for this group in those weeks; and as ``plan_session``.
    """
    require_following(action=action, by=by)
    settings = step_settings(action=action, step=step)
    labels = dict(contents_of(action, step)) if step else {}
    if settings.get("phase") != TRAINING or not labels:
        raise PlanRefused("Cette étape n’a pas de contenus d’entraînement à planifier.", field="step")
    weeks = settings.get("weeks")
    days = _training_days(first_open_day(first_day), weeks if isinstance(weeks, int) else 1)
    _refuse_twice(action, step, group, days)
    model = SessionPlan(SessionKind.WORKSHOP, "", *_span(days[0], starts_at, ends_at), group, step, room, "", trainer)
    planned = []
    for day, contents in zip(days, share_out(list(labels), len(days)), strict=False):
        title = ", ".join(labels[code] for code in contents)
        plan = replace(_on(model, day, starts_at, ends_at), title=title[:1].upper() + title[1:], contents=contents)
        check_plan(action=action, plan=plan, by=by)
        planned.append(put_on_calendar(action=action, plan=plan, series=None, by=by))
    left_out = _register_all(planned, step, by, now) if registers else ()
    return PlannedTraining(tuple(planned), left_out)


def _span(day: date, starts_at: time, ends_at: time) -> tuple[datetime, datetime]:
    return local_moment(day, starts_at), local_moment(day, ends_at)


def _checked(action: Action, plans: list[SessionPlan], by: Membership) -> list[SessionPlan]:
    for plan in plans:
        check_plan(action=action, plan=plan, by=by)
    spans = [(plan.starts, plan.ends) for plan in plans]
    check_half_days(action=action, step=plans[0].step, group=plans[0].group, spans=spans)
    return plans


def _on(plan: SessionPlan, day: date, starts_at: time, ends_at: time) -> SessionPlan:
    starts, ends = _span(day, starts_at, ends_at)
    return replace(plan, starts=starts, ends=ends)


def _create_series(
    action: Action,
    plan: SessionPlan,
    weekdays: list[int],
    clocks: tuple[time, time],
    limits: tuple[date, date],
    now: datetime,
) -> SessionSeries:
    return SessionSeries.objects.create(
        action=action,
        group=plan.group,
        step=plan.step,
        kind=plan.kind,
        title=plan.title.strip(),
        weekdays=weekdays,
        starts_at=clocks[0],
        ends_at=clocks[1],
        first_day=limits[0],
        last_day=limits[1],
        room=plan.room,
        trainer=plan.trainer,
        created_at=now,
    )


def _days(
    first_day: date, last_day: date, weekdays: list[int], starts_at: time, ends_at: time, *, skips_holidays: bool
) -> SeriesDays:
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise PlanRefused("Choisissez au moins un jour de la semaine.", field="weekdays")
    if ends_at <= starts_at:
        raise PlanRefused("La séance finit après son début.", field="ends_at")
    if last_day < first_day or (last_day - first_day).days > LONGEST:
        raise PlanRefused("La série finit après son début, et dure un an au plus.", field="last_day")
    found = days_of_series(first_day, last_day, weekdays, skips_holidays=skips_holidays)
    if not found.days:
        raise PlanRefused("Aucun de ces jours ne tombe entre ces deux dates, jours fériés exclus.", field="weekdays")
    return found


def _training_days(first_day: date, weeks: int) -> list[date]:
    last_day = date.fromordinal(first_day.toordinal() + 7 * max(weeks, 1) - 1)
    return list(days_of_series(first_day, last_day, WORKING_DAYS).days)


def _register_all(
    planned: list[PlannedSession], training: str | None, by: Membership, now: datetime
) -> tuple[tuple[Enrolment, str], ...]:
    left_out: dict[int, tuple[Enrolment, str]] = {}
    for one in planned:
        newcomers = list_newcomers(one, training) if training else None
        found = register_group(planned=one, enrolments=newcomers, by=by, now=now)
        left_out |= {enrolment.pk: (enrolment, words) for enrolment, words in found.left_out}
    return tuple(left_out.values())


def _refuse_twice(action: Action, step: str, group: Group | None, days: list[date]) -> None:
    Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    known = PlannedSession.objects.filter(session__action=action, step=step, group=group)
    if known.filter(starts__date__range=(days[0], days[-1])).exclude(state="cancelled").exists():
        raise PlanRefused("L’entraînement de ce groupe est déjà planifié à ces dates.", field="first_day")
