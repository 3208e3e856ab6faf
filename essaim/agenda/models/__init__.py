"""Tables of agenda, one module a subject."""

from essaim.agenda.models.appointments import Appointment, Goal
from essaim.agenda.models.occupations import Absence, Occupation, Room
from essaim.agenda.models.sessions import Attendance, PlannedSession, Registration, SessionSeries

__all__ = [
    "Absence",
    "Appointment",
    "Attendance",
    "Goal",
    "Occupation",
    "PlannedSession",
    "Registration",
    "Room",
    "SessionSeries",
]
