"""Rooms, appointments and sessions; all but rooms are made by the operations themselves."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essaim.agenda.models import Room
from essaim.agenda.operations import MeetingPlan, SessionPlan, Where, call_meeting, make_appointment, plan_session
from tests.factories.directory import OrganisationFactory
from tests.factories.people import PersonFactory


class RoomFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Bureau {n}")
    capacity = 12

    class Meta:
        model = Room


def make_meeting(by, person=None, *, now=None, **values):
    """An appointment of one hour on Tuesday 24 November 2026 at 14 h in Paris, with ``by`` unless told otherwise."""
    starts = values.pop("starts", datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    where = Where(**{key: values.pop(key) for key in ("mode", "room", "place") if key in values})
    given = {
        "type": "followup",
        "user": by.user,
        "where": where,
        "starts": starts,
        "ends": starts + timedelta(hours=1),
    } | values
    return make_appointment(person=person or PersonFactory(held_by=by), by=by, now=now or timezone.now(), **given)


def make_session(by, action, *, now=None, **values):
    """A group of three hours on Friday 20 November 2026 at 9 h in Paris: over, attendance to record."""
    starts = values.pop("starts", datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    given = {"kind": "group", "title": "Demi-journée", "starts": starts, "ends": starts + timedelta(hours=3)} | values
    return plan_session(action=action, by=by, now=now or timezone.now(), **given)


def make_committee(by, action, *, now=None, items=("Où en est l’action",), members=(), guests=(), **values):
    """A steering committee of two hours on Friday 20 November 2026 at 9 h in Paris: over, minutes to write."""
    starts = values.pop("starts", datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    kind = values.pop("kind", "steering")
    given = {"kind": "committee", "title": "Comité de pilotage", "starts": starts, "ends": starts + timedelta(hours=2)}
    plan = SessionPlan(**given | values)
    meeting = MeetingPlan(kind, plan, tuple(items), tuple(members), tuple(guests))
    return call_meeting(action=action, meeting=meeting, by=by, now=now or timezone.now()).meetings[0]
