"""The meetings of the demonstration, called, held and approved through the operations of the screens."""

from datetime import date, datetime, time, timedelta
from typing import Any

import yaml

from essaim.agenda.engine.holidays import first_open_day
from essaim.agenda.engine.series import local_moment
from essaim.agenda.models import Meeting
from essaim.agenda.operations import (
    DecisionPlan,
    Guest,
    MeetingPlan,
    SessionPlan,
    approve_minutes,
    call_meeting,
    invite_attendees,
    settle_decision,
    take_decision,
    write_minutes,
)
from essaim.agenda.queries import list_items_of
from essaim.journal.models import Action
from essaim.kernel.days import rehearsed_at
from essaim.rehearsal.operations.world import DATA, World

LENGTH = timedelta(hours=2)


def play_meetings(*, action: Action, world: World, on: date) -> list[Meeting]:
    """Play the meetings of ``data/meetings.yaml`` around that day, each on its own day. Return them."""
    rows = yaml.safe_load((DATA / "meetings.yaml").read_text(encoding="utf-8"))
    return [_play(action, world, row, first_open_day(on + timedelta(days=row["days"]))) for row in rows]


def _play(action: Action, world: World, row: dict[str, Any], day: date) -> Meeting:
    starts = local_moment(day, time(row["hour"]))
    by, called_at = world.accounts["manager"], starts - timedelta(days=18)
    plan = SessionPlan("committee", row["title"], starts, starts + LENGTH, place=row["place"])
    meeting = MeetingPlan(
        kind=row["kind"],
        plan=plan,
        items=tuple(row["items"]),
        members=tuple(world.accounts[key] for key in row["members"]),
        guests=tuple(Guest(**guest) for guest in row.get("guests", ())),
    )
    with rehearsed_at(called_at):
        found = call_meeting(action=action, meeting=meeting, by=by, now=called_at).meetings[0]
        if row.get("invited") or row.get("approved"):
            invite_attendees(meeting=found, version=found.version, by=by, now=called_at)
    if "notes" in row:
        with rehearsed_at(starts + LENGTH):
            found.refresh_from_db(fields=["version"])
            _hold(found, world, row, starts + LENGTH)
    return found


def _hold(meeting: Meeting, world: World, row: dict[str, Any], now: datetime) -> None:
    by = world.accounts["manager"]
    items = list_items_of(meeting)
    meeting = write_minutes(
        meeting=meeting,
        presence={one.pk: "present" for one in meeting.attendees.all()},
        notes={item.pk: words for item, words in zip(items, row["notes"], strict=True)},
        version=meeting.version,
        by=by,
        now=now,
    )
    for one in row["decisions"]:
        owner = world.accounts[one["owner"]].user if "owner" in one else None
        due = now.date() + timedelta(days=one["days"])
        plan = DecisionPlan(one["words"], owner, one.get("name", ""), due)
        decision = take_decision(meeting=meeting, plan=plan, by=by, now=now)
        if "done" in one:
            settle_decision(decision=decision, state="done", reason=one["done"], version=1, by=by, now=now)
    if row.get("approved"):
        approve_minutes(meeting=meeting, version=meeting.version, by=by, now=now)
