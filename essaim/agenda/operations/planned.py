"""What ends with a parcours: nobody is expected at an action she has left."""

from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import AppointmentState, OccupationSource
from essaim.agenda.operations.occupations import free
from essaim.agenda.operations.session_rules import free_person
from essaim.agenda.queries.planned import appointments_to_come, registrations_after
from essaim.journeys.models import Enrolment


@transaction.atomic
def withdraw_from_agenda(*, enrolment: Enrolment, on: date, by: Membership, now: datetime) -> None:
    """Cancel the appointments to come of a parcours and no longer expect the person at its sessions after ``on``.

    Times, places and rooms are free again. For the operation that ends the parcours, which checked who may.
    """
    for appointment in appointments_to_come(enrolment, now).select_for_update(of=("self",)):
        appointment.state, appointment.version = AppointmentState.CANCELLED, appointment.version + 1
        appointment.save(update_fields=["state", "version"])
        free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
    registered = registrations_after(enrolment, on).select_related("planned__session")
    for one in registered.select_for_update(of=("self",)):
        one.cancelled_at = now
        one.save(update_fields=["cancelled_at"])
        free_person(planned=one.planned, person_key=one.person_id)
