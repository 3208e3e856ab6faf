"""What is planned with someone in a parcours, and ends with it. For operations and screens that already found it."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from essaim.agenda.enums import AppointmentState, AppointmentType, SessionState
from essaim.agenda.models import Appointment, Registration
from essaim.journeys.models import Enrolment
from essaim.kernel.days import PARIS
from essaim.kernel.formats import count


def appointments_to_come(enrolment: Enrolment, now: datetime) -> QuerySet[Appointment]:
    """Return the appointments of a parcours that are still to come; those after a hiring are for after the exit."""
    of_entry = Q(enrolment__isnull=True, person=enrolment.person_id, action=enrolment.action_id)
    found = Appointment.objects.filter(Q(enrolment=enrolment) | of_entry, state=AppointmentState.PLANNED)
    return found.filter(starts__gt=now).exclude(type=AppointmentType.POST_HIRE).order_by("starts", "pk")


def registrations_after(enrolment: Enrolment, on: date) -> QuerySet[Registration]:
    """Return where the person is expected after the last day of a parcours, in sessions that nobody recorded yet."""
    morrow = datetime.combine(on + timedelta(days=1), time.min, PARIS)
    found = Registration.objects.filter(person=enrolment.person_id, planned__session__action=enrolment.action_id)
    found = found.filter(cancelled_at=None, planned__starts__gte=morrow, planned__state=SessionState.PLANNED)
    return found.order_by("planned__starts", "pk")


def planned_in_words(enrolment: Enrolment, on: date, now: datetime) -> str:
    """Return « 2 rendez-vous et sa place à 1 séance », what an exit that day would withdraw; empty for nothing."""
    appointments, sessions = appointments_to_come(enrolment, now).count(), registrations_after(enrolment, on).count()
    parts = [count(appointments, "rendez-vous", "rendez-vous")] if appointments else []
    parts += [f"sa place à {count(sessions, 'séance')}"] if sessions else []
    return " et ".join(parts)
