"""How a meeting of an action is rehearsed: called, held, its decisions taken and reviewed, its minutes approved."""

from datetime import date, datetime, time, timedelta
from random import Random

from essaim.agenda.engine.holidays import first_open_day
from essaim.agenda.engine.meetings import longest_interval
from essaim.agenda.engine.series import local_moment
from essaim.agenda.enums import DecisionState
from essaim.agenda.models import Meeting
from essaim.agenda.operations import (
    DecisionPlan,
    Guest,
    MeetingPlan,
    OccupationConflict,
    SessionPlan,
    approve_minutes,
    call_meeting,
    settle_decision,
    take_decision,
    write_minutes,
)
from essaim.agenda.queries import kind_of_step, list_items_of, list_to_review_at, proposals_of, usual_length
from essaim.kernel.days import paris_day
from essaim.kernel.rehearsing import Case

HOURS = (time(9), time(11), time(14), time(16))
USUAL = timedelta(minutes=90)
WORDS = (
    "Envoyer le point de la période aux partenaires.",
    "Proposer une date d’information aux prescripteurs.",
    "Revoir les places libres avec l’équipe.",
)


def rehearse_meeting(case: Case, rng: Random, now: datetime) -> date | None:
    """Call the meeting of the step for today, hold it, review what the last one decided, decide and approve.

    Played again at the rhythm of the practice, when it gives one.
    """
    day = first_open_day(paris_day(now))
    if day > case.stage.action.ends:
        return None
    meeting = _call(case, day, now)
    held = meeting.planned.ends + timedelta(minutes=5)
    meeting = write_minutes(
        meeting=meeting,
        presence={one.pk: "present" for one in meeting.attendees.all()},
        notes={one.pk: "Point fait avec les partenaires." for one in list_items_of(meeting)},
        version=meeting.version,
        by=case.by,
        now=held,
    )
    for decision in (one for one in list_to_review_at(meeting) if one.state == DecisionState.OPEN):
        settle_decision(
            decision=decision, state="done", at_meeting=meeting, version=decision.version, by=case.by, now=held
        )
    plan = DecisionPlan(rng.choice(WORDS), case.by.user, "", day + timedelta(days=21))
    take_decision(meeting=meeting, plan=plan, by=case.by, now=held)
    approve_minutes(meeting=meeting, version=meeting.version, by=case.by, now=held)
    settings = case.settings
    days = longest_interval(settings.get("every"), settings.get("every_months"), settings.get("per_year"))
    return day + timedelta(days=days) if days else None


def _call(case: Case, day: date, now: datetime) -> Meeting:
    """Call it at the first hour at which who chairs it is free."""
    action, step = case.stage.action, case.step.key
    minutes = usual_length(action, step)
    length = timedelta(minutes=minutes) if minutes else USUAL
    for hour in HOURS:
        starts = local_moment(day, hour)
        plan = SessionPlan("committee", case.step.label, starts, starts + length, step=step, trainer=case.by.user)
        meeting = MeetingPlan(
            kind=kind_of_step(action, step),
            plan=plan,
            items=tuple(dict.fromkeys(proposals_of(action, step, "agenda"))) or ("Où en est l’action",),
            members=(case.by, *case.stage.prescribers[1:2]),
            guests=tuple(Guest(name) for name in dict.fromkeys(proposals_of(action, step, "attendees"))),
        )
        try:
            return call_meeting(action=action, meeting=meeting, by=case.by, now=now).meetings[0]
        except OccupationConflict:
            continue
    raise AssertionError(f"nobody can chair a meeting on {day}")
