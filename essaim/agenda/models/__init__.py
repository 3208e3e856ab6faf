"""Tables of agenda, one module a subject."""

from essaim.agenda.models.appointments import Appointment, Goal
from essaim.agenda.models.meetings import AgendaItem, Attendee, Meeting, MeetingDecision, MinutesSending
from essaim.agenda.models.occupations import Absence, Occupation, Room
from essaim.agenda.models.sessions import Attendance, PlannedSession, Registration, SessionSeries

__all__ = [
    "Absence",
    "AgendaItem",
    "Appointment",
    "Attendance",
    "Attendee",
    "Goal",
    "Meeting",
    "MeetingDecision",
    "MinutesSending",
    "Occupation",
    "PlannedSession",
    "Registration",
    "Room",
    "SessionSeries",
]
