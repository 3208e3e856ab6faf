"""The people behind a figure, as far as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Subject
from essaim.people.models import Person
from essaim.people.queries import searchable_people
from essaim.steering.queries.behind import people_behind


@dataclass(frozen=True, slots=True)
class PeopleBehind:
    """``people``: those the viewer may see. ``subjects``: the pseudonyms of an imported action.

    ``hidden``: how many more the figure counts.
    """

    people: QuerySet[Person]
    subjects: QuerySet[Subject]
    hidden: int


def list_people_behind_for(
    viewer: Membership | None, action: Action, indicator: str, *, dates: dict[str, date | None]
) -> PeopleBehind:
    """Return the people that an indicator counts, with the dates of ``compute_bilan``.

    A person the viewer may not see is only counted. Raises KeyError for an indicator the action does not have.
    """
    subjects = Subject.objects.filter(pk__in=people_behind(action, indicator, **dates))
    people = searchable_people(viewer).filter(subjects__in=subjects).distinct()
    people = people.select_related("commune", "referent").order_by("search_key", "pk")
    if action.is_imported:
        return PeopleBehind(people.none(), subjects.order_by("ref"), 0)
    return PeopleBehind(people, subjects.none(), subjects.count() - people.count())
