"""Files that look like someone about to be created, and how often other organisations' files were asked about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from essaim.accounts.models import Membership
from essaim.people.engine.names import Identity, Likeness, first_letters, rank
from essaim.people.models import ForeignLookup, Person
from essaim.people.queries.access import searchable_people

CANDIDATES_COMPARED = 400
MATCHES_SHOWN = 8
LOOKUPS_PER_HOUR = 10


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A file of the viewer that looks like the person about to be created."""

    person: Person
    likeness: Likeness


def list_matches_for(viewer: Membership | None, asked: Identity) -> list[PersonMatch]:
    """Return the viewer's own files that look like ``asked``, closest first: misspelt, swapped, same birth
    date.
    """
    beginnings = first_letters(asked.first_name, asked.last_name)
    closeness = [Q(search_key__startswith=start) | Q(search_key__contains=f" {start}") for start in beginnings]
    if asked.birth_date:
        closeness.append(Q(birth_date=asked.birth_date))
    if not closeness:
        return []
    candidates = searchable_people(viewer).select_related("commune", "referent").filter(reduce(or_, closeness))
    by_key = {person.pk: person for person in candidates.order_by("search_key", "pk")[:CANDIDATES_COMPARED]}
    identities = ((key, Identity(one.first_name, one.last_name, one.birth_date)) for key, one in by_key.items())
    return [PersonMatch(by_key[key], found) for key, found in rank(asked, identities)[:MATCHES_SHOWN]]


def count_recent_lookups(viewer: Membership, now: datetime) -> int:
    """How many times this user asked about other organisations' files within the last hour."""
    return ForeignLookup.objects.filter(user_id=viewer.user_id, at__gt=now - timedelta(hours=1)).count()
