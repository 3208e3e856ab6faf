"""Two files that look alike, said to be two people."""

from datetime import datetime

from essaim.accounts.models import Membership
from essaim.kernel.errors import OperationError
from essaim.people.models import DistinctPair, Person
from essaim.people.queries import searchable_people


class DistinctRefused(OperationError):  # noqa: N818 - the words of the screen
    """Two files about which the reader may not say so."""


def say_distinct(*, first: Person, second: Person, by: Membership, now: datetime) -> DistinctPair:
    """Keep that these files are two people, in any order: never proposed again. Said twice, the first stays.

    Refused (DistinctRefused): one file only, a file that ``by``'s lists do not show.
    """
    pair = sorted((first.pk, second.pk))
    if pair[0] == pair[1] or searchable_people(by).filter(pk__in=pair).count() != 2:
        raise DistinctRefused("Ces deux dossiers ne se comparent pas.")
    said, _ = DistinctPair.objects.get_or_create(
        first_id=pair[0], second_id=pair[1], defaults={"said_at": now, "said_by": by.user}
    )
    return said
