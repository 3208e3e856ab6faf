"""Taking and freeing people, counsellors and rooms. The database decides: an exclusion constraint, then the words."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import OccupationSource
from essaim.agenda.models import Occupation
from essaim.agenda.queries.occupations import Taken, list_taken_for
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import clock, long_day

ARTICLES = {
    OccupationSource.APPOINTMENT: "un rendez-vous",
    OccupationSource.SESSION: "une séance",
    OccupationSource.INTERVIEW: "un entretien d’embauche",
    OccupationSource.ABSENCE: "une absence",
}
ARTICLE_OF = {str(OccupationSource(source).label): words for source, words in ARTICLES.items()}


class OccupationConflict(OperationError):  # noqa: N818 - the words of the screen
    """Someone or something is already taken then; ``taken`` says what, in words for who asked."""

    def __init__(self, taken: list[Taken], *, field: str = "starts") -> None:
        super().__init__(" ".join(f"{_sentence(one)}." for one in taken), field=field)
        self.taken = taken


@transaction.atomic
def occupy(
    *,
    resources: Iterable[str],
    starts: datetime,
    ends: datetime,
    source: str,
    source_ref: str,
    by: Membership | None = None,
) -> None:
    """Take all the resources ("person:12", "user:4", "room:3") from ``starts`` to ``ends``, end excluded, or none.

    Two who ask at once wait for each other: one has them. ``by`` is who will read the refusal: without it, no person is
    named. Raises OccupationConflict, which says in French what is taken and when.
    """
    wanted = set(resources)
    if refused := wanted - _take(wanted, starts, ends, source, source_ref):
        raise OccupationConflict(list_taken_for(by, refused, starts, ends))


@transaction.atomic
def occupy_those_free(
    *,
    resources: Iterable[str],
    starts: datetime,
    ends: datetime,
    source: str,
    source_ref: str,
    by: Membership | None = None,
) -> dict[str, str]:
    """Take, as ``occupy``, each of the resources that is free. Return by resource why the others are not, in French."""
    wanted = set(resources)
    refused = wanted - _take(wanted, starts, ends, source, source_ref)
    taken = list_taken_for(by, refused, starts, ends) if refused else []
    return {one: " ".join(f"{_sentence(row)}." for row in taken if row.resource == one) for one in sorted(refused)}


def _take(resources: Iterable[str], starts: datetime, ends: datetime, source: str, source_ref: str) -> set[str]:
    """Take those that nothing takes, as one statement; the locks make two who ask at once wait for each other."""
    wanted = sorted(resources)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(r, 7301)) FROM unnest(%s::text[]) r", [wanted])
        cursor.execute(
            """
            INSERT INTO agenda_occupation (resource, during, source, source_ref)
            SELECT resource, tstzrange(%s, %s, '[)'), %s, %s FROM unnest(%s::text[]) resource
            ON CONFLICT ON CONSTRAINT occupation_never_twice DO NOTHING RETURNING resource
            """,
            [starts, ends, source, source_ref, wanted],
        )
        return {resource for (resource,) in cursor.fetchall()}


def free(*, source: str, source_ref: str) -> int:
    """Free whatever this source had taken; nothing to do when it had taken nothing. Return how many resources."""
    return Occupation.objects.filter(source=source, source_ref=source_ref).delete()[0]


def _sentence(taken: Taken) -> str:
    when = f"le {long_day(taken.starts, weekday=True, year=False)} de {clock(taken.starts)} à {clock(taken.ends)}"
    if not taken.by:
        return f"{taken.name} n’est pas libre {when}"
    if taken.resource.startswith("room:"):
        return f"{taken.name} est déjà pris {when} ({taken.by})"
    return f"{taken.name} a déjà {ARTICLE_OF[taken.by]} {when}"
