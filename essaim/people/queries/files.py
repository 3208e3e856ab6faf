"""Reads of people. Every query says for whom: a file without an open grant to the viewer's organisation does
not exist.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.kernel.days import today
from essaim.people.engine.ages import age_on
from essaim.people.engine.names import Identity, Likeness, first_letters, rank, search_words
from essaim.people.enums import SENSITIVE_STATUSES, AttachmentState, GrantScope, ProfileZone, Status
from essaim.people.models import AccessGrant, AttachmentRequest, ForeignLookup, Note, Person, Profile
from essaim.people.permissions import works_with_people

CANDIDATES_COMPARED = 400
MATCHES_SHOWN = 8
LOOKUPS_PER_HOUR = 10


@dataclass(frozen=True, slots=True)
class PersonFilters:
    """What a list of people can be narrowed by: only what every viewer of a file may see."""

    words: str = ""
    mine: bool = False
    status: str = ""


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A file of the viewer that looks like the person about to be created."""

    person: Person
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class ShownProfile:
    """A dated profile as this viewer may read it: sensitive statuses only for the referent team."""

    profile: Profile
    statuses: tuple[str, ...]

    @property
    def status_labels(self) -> list[str]:
        """The situations in words."""
        return [str(Status(status).label) for status in self.statuses if status in Status.values]

    @property
    def zone_labels(self) -> list[str]:
        """The zones in words."""
        return [str(ProfileZone(zone).label) for zone in self.profile.zones if zone in ProfileZone.values]


def _open_grants(viewer: Membership, at: datetime) -> QuerySet[AccessGrant]:
    return AccessGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at), organisation_id=viewer.organisation_id, since__lte=at
    )


def living_files() -> QuerySet[Person]:
    """Every file that still is one: not merged into another, not in restricted archive, not erased."""
    return Person.objects.filter(merged_into__isnull=True, archived_at__isnull=True, erased_at__isnull=True)


def visible_people(viewer: Membership | None) -> QuerySet[Person]:
    """Every file the viewer may open now, each annotated with ``viewer_scope`` (file or referent).

    Empty without membership, after its end, and for roles that do not work with named people.
    """
    if viewer is None or not works_with_people(viewer):
        return Person.objects.none().annotate(viewer_scope=Value("", output_field=CharField()))
    grants = _open_grants(viewer, timezone.now()).filter(person=OuterRef("pk"))
    scope = Case(
        When(Exists(grants.filter(scope=GrantScope.REFERENT)), then=Value(GrantScope.REFERENT.value)),
        default=Value(GrantScope.FILE.value),
        output_field=CharField(),
    )
    return living_files().filter(Exists(grants)).annotate(viewer_scope=scope)


def searchable_people(viewer: Membership | None) -> QuerySet[Person]:
    """The visible files that lists and searches may show: protected people only to their referent team."""
    shown = Q(is_protected=False) | Q(viewer_scope=GrantScope.REFERENT)
    return visible_people(viewer).filter(shown)


def get_person_for(viewer: Membership | None, code: str) -> Person:
    """Return the file with this public code, with ``viewer_scope``. Raises Person.DoesNotExist when not
    visible.
    """
    return visible_people(viewer).select_related("commune", "referent", "referent_organisation").get(code=code)


def scope_for(viewer: Membership | None, person: Person) -> str | None:
    """Return ``referent`` or ``file``, whichever shows more, or None when the viewer sees nothing."""
    return visible_people(viewer).filter(pk=person.pk).values_list("viewer_scope", flat=True).first()  # type: ignore[misc]


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


def keep_named(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Keep the people with a name beginning with each word, whatever accents, case and order."""
    for word in search_words(words):
        people = people.filter(Q(search_key__startswith=word) | Q(search_key__contains=f" {word}"))
    return people


def keep_status(people: QuerySet[Person], status: str) -> QuerySet[Person]:
    """Keep the people whose latest profile has this situation. A sensitive one keeps nobody: lists do not
    tell it.
    """
    if status in SENSITIVE_STATUSES:
        return people.none()
    latest = Profile.objects.filter(person=OuterRef("pk")).order_by("-day", "-recorded_at", "-pk")
    people = people.alias(latest_profile=Subquery(latest.values("pk")[:1]))
    return people.filter(Exists(Profile.objects.filter(pk=OuterRef("latest_profile"), statuses__contains=[status])))


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


def get_profile(person: Person, on: date | None = None) -> Profile | None:
    """Return the latest profile, or the latest of a day not after ``on``. For operations: nothing is hidden
    here.
    """
    profiles = person.profiles.all() if on is None else person.profiles.filter(day__lte=on)
    return profiles.order_by("-day", "-recorded_at", "-pk").first()


def get_profile_for(viewer: Membership | None, person: Person) -> ShownProfile | None:
    """Return the latest profile as the viewer may read it, or None when there is none or the file is not
    visible.
    """
    scope, profile = scope_for(viewer, person), get_profile(person)
    if profile is None or scope is None:
        return None
    hidden = frozenset() if scope == GrantScope.REFERENT else SENSITIVE_STATUSES
    return ShownProfile(profile, tuple(status for status in profile.statuses if status not in hidden))


def list_notes_for(viewer: Membership | None, person: Person) -> QuerySet[Note]:
    """Return the notes, newest first: to the referent team only, to others none."""
    if scope_for(viewer, person) != GrantScope.REFERENT:
        return Note.objects.none()
    return person.notes.select_related("author", "organisation")


def count_notes_for(viewer: Membership | None, person: Person) -> int:
    """How many notes the viewer may read."""
    return list_notes_for(viewer, person).count()


def list_grants_for(viewer: Membership | None, person: Person) -> QuerySet[AccessGrant]:
    """Return who sees this file and who did, open grants first: all of them to the referent team, to the
    others that team and their own. Empty when the viewer does not see it herself.
    """
    scope = scope_for(viewer, person)
    if viewer is None or scope is None:
        return AccessGrant.objects.none()
    grants = person.grants.select_related("organisation").order_by("until", "organisation__name", "pk")
    if scope == GrantScope.REFERENT:
        return grants
    return grants.filter(Q(organisation_id=viewer.organisation_id) | Q(scope=GrantScope.REFERENT))


def list_present_readers_for(viewer: Membership | None, person: Person) -> list[AccessGrant]:
    """Return one open grant for each organisation that sees this file now, the one that shows most."""
    widest: dict[int, AccessGrant] = {}
    for grant in list_grants_for(viewer, person).filter(until__isnull=True):
        known = widest.get(grant.organisation_id)
        if known is None or known.scope != GrantScope.REFERENT:
            widest[grant.organisation_id] = grant
    return list(widest.values())


def list_attachment_requests_for(viewer: Membership | None, person: Person) -> QuerySet[AttachmentRequest]:
    """Return the pending requests on this file, oldest first, for its referent team to answer."""
    if scope_for(viewer, person) != GrantScope.REFERENT:
        return AttachmentRequest.objects.none()
    pending = person.attachment_requests.filter(state=AttachmentState.PENDING)
    return pending.select_related("organisation", "asked_by").order_by("asked_at", "pk")


def get_attachment_request_for(viewer: Membership | None, ref: str) -> AttachmentRequest:
    """Return a request on a file of the viewer's referent team. Raises AttachmentRequest.DoesNotExist."""
    request = AttachmentRequest.objects.select_related("person", "organisation").get(ref=ref)
    if scope_for(viewer, request.person) != GrantScope.REFERENT:
        raise AttachmentRequest.DoesNotExist
    return request


def list_possible_referents(viewer: Membership | None, person: Person | None = None) -> QuerySet[User]:
    """Return the colleagues who may be a person's referent: open memberships working with people. The present
    referent of ``person`` is always among them.
    """
    if viewer is None:
        return User.objects.none()
    members = Membership.objects.filter(
        user=OuterRef("pk"), organisation_id=viewer.organisation_id, until=None, role__in=ROLES_SEEING_PEOPLE
    )
    allowed = Q(Exists(members), is_active=True)
    if person is not None and person.referent_id is not None:
        allowed |= Q(pk=person.referent_id)
    return User.objects.filter(allowed).order_by("last_name", "first_name", "pk")


def list_shown_statuses() -> list[tuple[str, str]]:
    """The situations that lists may filter by: the sensitive ones are left out for everybody."""
    return [(str(value), str(label)) for value, label in Status.choices if value not in SENSITIVE_STATUSES]


def describe_age(person: Person) -> str:
    """Return ``22 ans`` as of today, or an empty string when the birth date is unknown."""
    age = age_on(person.birth_date, today())
    return "" if age is None else f"{age}\u00a0an{'s' if age > 1 else ''}"
