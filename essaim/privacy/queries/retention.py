"""Who is to be announced, archived, erased on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import DateField, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from essaim.accounts.models import Membership
from essaim.agenda.enums import AppointmentState
from essaim.agenda.models import Appointment
from essaim.journal.queries.contacts import last_contact_expression
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.days import PARIS
from essaim.kernel.instruments import all_instruments
from essaim.people.models import Person
from essaim.people.queries import living_files, visible_people
from essaim.privacy.engine.retention import YEARS_KEPT, Standing, standing

# No warning comes earlier than that after a contact.
SOONEST = timedelta(days=365 * YEARS_KEPT - 31)


@dataclass(frozen=True, slots=True)
class DueFile:
    """A file whose keeping ends, and what is due."""

    person: Person
    standing: Standing
    is_followed: bool


def list_due_files(on: date) -> Iterator[DueFile]:
    """Yield the files announced, to archive or to erase on that day, oldest contact first. For the instance."""
    archived = Person.objects.filter(archived_at__isnull=False, merged_into__isnull=True, erased_at__isnull=True)
    yield from _due(living_files(), on)
    yield from _due(archived, on)


def list_due_files_for(viewer: Membership | None, on: date) -> list[DueFile]:
    """Return the files that the viewer's organisation follows and whose keeping ends, the most urgent first."""
    if viewer is None:
        return []
    people = visible_people(viewer).filter(referent_organisation_id=viewer.organisation_id)
    due = _due(people.select_related("referent"), on)
    return sorted(due, key=lambda one: (one.standing.due, one.person.search_key, one.person.pk))


def get_standing(person: Person, on: date) -> DueFile:
    """Say where one file stands on a day."""
    return next(_read(_with_contact(Person.objects.filter(pk=person.pk), on), on))


def get_obliged(people: QuerySet[Person], on: date) -> set[int]:
    """Return the keys of those of whom evidence must still be kept that day."""
    found: set[int] = set()
    for instrument in all_instruments().values():
        for obligation in instrument.obligations:
            found.update(obligation(people, on).values_list("pk", flat=True))
    return found


def _with_contact(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    opened = TruncDate("created_at", tzinfo=PARIS)
    parcours = Enrolment.objects.filter(person=OuterRef("pk"), state=EnrolmentState.OPEN)
    planned = Appointment.objects.filter(
        person=OuterRef("pk"), state=AppointmentState.PLANNED, starts__gte=datetime.combine(on, time(), PARIS)
    )
    return people.annotate(
        counted_from=Coalesce(last_contact_expression(person="pk"), opened, output_field=DateField()),
        is_followed=Exists(parcours) | Exists(planned),
    )


def _due(people: QuerySet[Person], on: date) -> Iterator[DueFile]:
    near = _with_contact(people, on)
    near = near.filter(counted_from__lte=on - SOONEST).order_by("counted_from", "pk")  # type: ignore[misc]
    yield from (one for one in _read(near, on) if one.standing.stage != "kept")


def _read(people: QuerySet[Person], on: date) -> Iterator[DueFile]:
    obliged = get_obliged(people, on)
    for person in people:
        found = standing(
            person.counted_from,  # type: ignore[attr-defined]
            on,
            is_followed=person.is_followed,  # type: ignore[attr-defined]
            has_obligations=person.pk in obliged,
        )
        yield DueFile(person, found, person.is_followed)  # type: ignore[attr-defined]
