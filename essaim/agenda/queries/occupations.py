"""Who and what is taken, and when. Told without saying by whom: a name is for those who may open her file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from essaim.accounts.models import Membership, User
from essaim.agenda.enums import OccupationSource
from essaim.agenda.models import Absence, Occupation, Room
from essaim.kernel.days import paris_day
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.queries import visible_people


@dataclass(frozen=True, slots=True)
class Taken:
    """A resource taken during a time: ``name`` is fit for the reader, ``by`` says by what when she may know."""

    resource: str
    name: str
    by: str
    starts: datetime
    ends: datetime


def resource_of(thing: Person | User | Room) -> str:
    """Return the resource that stands for someone or something in occupations: ``person:12``, ``user:4``."""
    kind = {Person: "person", User: "user", Room: "room"}[thing.__class__]
    return f"{kind}:{thing.pk}"


def list_occupations(resources: Iterable[str], starts: datetime, ends: datetime) -> QuerySet[Occupation]:
    """Return what takes these resources between two moments, earliest first. For operations: nothing is hidden."""
    return Occupation.objects.filter(
        resource__in=list(resources), during__overlap=DateTimeTZRange(starts, ends, "[)")
    ).order_by("during", "pk")


def list_taken_for(
    viewer: Membership | None, resources: Iterable[str], starts: datetime, ends: datetime
) -> list[Taken]:
    """Return what takes these resources, in words that this viewer may read.

    Someone whose file she may not open is « cette personne »; by what she is taken is told to her referent team only.
    """
    found = list(list_occupations(resources, starts, ends))
    names = _names_for(viewer, {one.resource for one in found})
    return [
        Taken(
            resource=one.resource,
            name=names[one.resource][0],
            by=str(OccupationSource(one.source).label) if names[one.resource][1] else "",
            starts=one.during.lower,
            ends=one.during.upper,
        )
        for one in found
    ]


def get_absence(user: User, first: date, last: date) -> Absence | None:
    """Return the absence of this user that falls between two days, both included, None when she is there."""
    return Absence.objects.filter(user=user, starts__lte=last, ends__gte=first).order_by("starts").first()


def list_absences_for(viewer: Membership | None, first: date, last: date) -> QuerySet[Absence]:
    """Return the absences of the viewer's organisation that touch these days, earliest first."""
    if viewer is None or viewer.until is not None:
        return Absence.objects.none()
    absences = Absence.objects.filter(organisation_id=viewer.organisation_id, starts__lte=last, ends__gte=first)
    return absences.select_related("user", "replaced_by").order_by("starts", "pk")


def first_free(
    resources: Iterable[str], candidates: Iterable[tuple[datetime, datetime]], absences: Iterable[tuple[date, date]]
) -> tuple[datetime, datetime] | None:
    """Return the first of these times at which nothing takes any of the resources, None when there is none.

    ``absences`` are first and last days, both included. One query.
    """
    candidates, absences = list(candidates), list(absences)
    if not candidates:
        return None
    window = min(starts for starts, _ in candidates), max(ends for _, ends in candidates)
    taken = list(list_occupations(resources, *window).values_list("during", flat=True))
    for starts, ends in candidates:
        is_away = any(first <= paris_day(starts) <= last for first, last in absences)
        if not is_away and all(ends <= during.lower or starts >= during.upper for during in taken):
            return starts, ends
    return None


def _names_for(viewer: Membership | None, resources: Iterable[str]) -> Mapping[str, tuple[str, bool]]:
    """Each resource's name, and whether the viewer may know what takes it."""
    keys: dict[str, set[int]] = {}
    for resource in resources:
        kind, _, key = resource.partition(":")
        keys.setdefault(kind, set()).add(int(key))
    names: dict[str, tuple[str, bool]] = dict.fromkeys(resources, ("Cette ressource", False))
    names |= {f"person:{key}": ("Cette personne", False) for key in keys.get("person", ())}
    for person in visible_people(viewer).filter(pk__in=keys.get("person", ())):
        scope = person.viewer_scope  # type: ignore[attr-defined]
        names[f"person:{person.pk}"] = (person.full_name, scope == GrantScope.REFERENT)
    for user in User.objects.filter(pk__in=keys.get("user", ())):
        names[f"user:{user.pk}"] = (user.full_name, True)
    for room in Room.objects.filter(pk__in=keys.get("room", ())):
        names[f"room:{room.pk}"] = (f"Le lieu «\u00a0{room.name}\u00a0»", True)
    return names
