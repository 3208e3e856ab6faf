"""When people were last in touch themselves: the day of the last fact that proves it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import DateField, Max, OuterRef, Q, QuerySet, Subquery

from essaim.journal.models import Fact
from essaim.kernel.days import today
from essaim.kernel.instruments import contact_kinds
from essaim.people.models import Person


def contact_facts() -> QuerySet[Fact]:
    """Return the live facts that prove a person was in touch (``contact_kinds``), none of a day to come.

    A kind recorded for an absence too is one only when its ``data.state`` is ``present``.
    """
    present = Q(data_state__isnull=True) | Q(data_state="present")
    return Fact.objects.filter(present, live=True, kind__in=contact_kinds(), day__lte=today())


def last_contacts(people: Iterable[int] | QuerySet[Person]) -> dict[int, date]:
    """Return the day of the last contact of each of these people (keys), in all their actions and outside them.

    Who was never in touch is not there. One query.
    """
    keys: Any = people.order_by().values("pk") if isinstance(people, QuerySet) else list(people)
    found = contact_facts().filter(subject__person__in=keys).order_by().values("subject__person")
    return dict(found.annotate(last=Max("day")).values_list("subject__person", "last"))


def last_contact_of(person: Person) -> date | None:
    """Return the day this person was last in touch, None when she never was."""
    return last_contacts([person.pk]).get(person.pk)


def last_contact_expression(person: str = "pk") -> Subquery:
    """Return the same as an expression, for rows whose ``person`` is the path of the person's key (or the person)."""
    found = contact_facts().filter(subject__person=OuterRef(person)).order_by().values("subject__person")
    return Subquery(found.annotate(last=Max("day")).values("last"), output_field=DateField(null=True))
