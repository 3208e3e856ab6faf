"""Lists of people: what every viewer of a file may see, narrowed and searched."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from essaim.accounts.models import Membership
from essaim.kernel.days import today
from essaim.people.engine.ages import age_on, is_minor
from essaim.people.enums import SENSITIVE_STATUSES, Status
from essaim.people.models import Person, Profile, TeamMember
from essaim.people.queries.access import searchable_people
from essaim.people.queries.search import keep_named


@dataclass(frozen=True, slots=True)
class PersonFilters:
    """What a list of people can be narrowed by: only what every viewer of a file may see."""

    words: str = ""
    mine: bool = False
    status: str = ""


def list_people_for(viewer: Membership | None, filters: PersonFilters | None = None) -> QuerySet[Person]:
    """Return the viewer's people in French order, narrowed by ``filters``."""
    filters = filters or PersonFilters()
    people = searchable_people(viewer).select_related("commune", "referent", "referent_organisation")
    mine = Q(referent_id=viewer.user_id if viewer else None)
    people = people.annotate(is_mine=Case(When(mine, then=True), default=False, output_field=BooleanField()))
    people = keep_named(people, filters.words)
    if filters.mine:
        people = people.filter(is_mine=True)  # type: ignore[misc]
    if filters.status:
        people = keep_status(people, filters.status)
    return people.order_by("search_key", "pk")


def keep_status(people: QuerySet[Person], status: str) -> QuerySet[Person]:
    """Keep the people whose latest profile has this situation. A sensitive one keeps nobody: lists do not
    tell it.
    """
    if status in SENSITIVE_STATUSES:
        return people.none()
    latest = Profile.objects.filter(person=OuterRef("pk")).order_by("-day", "-recorded_at", "-pk")
    people = people.alias(latest_profile=Subquery(latest.values("pk")[:1]))
    return people.filter(Exists(Profile.objects.filter(pk=OuterRef("latest_profile"), statuses__contains=[status])))


def keep_followed_by(people: QuerySet[Person], user: str) -> QuerySet[Person]:
    """Keep the people whose referent has this uuid, or who have her in their team today."""
    team = TeamMember.objects.filter(person=OuterRef("pk"), until__isnull=True, user__uuid=user)
    return people.filter(Q(referent__uuid=user) | Exists(team))


def list_shown_statuses() -> list[tuple[str, str]]:
    """The situations that lists may filter by: the sensitive ones are left out for everybody."""
    return [(str(value), str(label)) for value, label in Status.choices if value not in SENSITIVE_STATUSES]


def describe_age(person: Person) -> str:
    """Return ``22 ans`` as of today, or an empty string when the birth date is unknown."""
    age = age_on(person.birth_date, today())
    return "" if age is None else f"{age}\u00a0an{'s' if age > 1 else ''}"


def is_under_age(person: Person) -> bool:
    """Whether the person is known to be under 18 today."""
    return is_minor(person.birth_date, today())
