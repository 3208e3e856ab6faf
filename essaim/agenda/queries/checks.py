"""What should always be true of the agenda: looked for by `essaim check`."""

from collections.abc import Iterable

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from essaim.agenda.enums import AppointmentState, OccupationSource
from essaim.agenda.models import Appointment, Occupation, PlannedSession
from essaim.kernel.contract import Fault


def list_occupation_faults() -> Iterable[Fault]:
    """Yield the times taken by nothing, and the planned appointments at a time that their person does not have."""
    sources = {
        OccupationSource.APPOINTMENT: Appointment.objects.filter(ref=OuterRef("source_ref")).exclude(
            state=AppointmentState.CANCELLED
        ),
        OccupationSource.SESSION: PlannedSession.objects.filter(session__ref=OuterRef("source_ref")),
    }
    for source, known in sources.items():
        for ref in Occupation.objects.filter(~Exists(known), source=source).values_list("source_ref", flat=True):
            yield Fault("créneau pris par rien", "agenda.Occupation", f"{source} {ref}")
    resource = Concat(Value("person:"), Cast(OuterRef("person_id"), CharField()))
    taken = Occupation.objects.filter(
        source=OccupationSource.APPOINTMENT,
        source_ref=OuterRef("ref"),
        resource=resource,
        during__startswith=OuterRef("starts"),
        during__endswith=OuterRef("ends"),
    )
    planned = Appointment.objects.filter(~Exists(taken), state=AppointmentState.PLANNED)
    for ref in planned.order_by("pk").values_list("ref", flat=True):
        yield Fault("rendez-vous sans créneau", "agenda.Appointment", ref)
