"""What surrounds someone, as each viewer may read it: health barriers for the referent team only."""

from uuid import UUID

from django.db.models import F, QuerySet

from essaim.accounts.models import Membership
from essaim.people.enums import SENSITIVE_BARRIERS, GrantScope
from essaim.people.models import Barrier, ExternalIdentifier, Person, Skill, TeamMember
from essaim.people.queries.access import scope_for, visible_people


def list_barriers_for(viewer: Membership | None, person: Person) -> QuerySet[Barrier]:
    """Return the barriers, open ones first; the sensitive ones to the referent team only."""
    barriers = person.barriers.select_related("recorded_by").order_by(F("lifted_on").desc(nulls_first=True), "since")
    return _keep_readable(barriers, scope_for(viewer, person))


def get_barrier_for(viewer: Membership | None, code: str, pk: int) -> Barrier:
    """Return a barrier of a file of the viewer's referent team. Raises Barrier.DoesNotExist."""
    return Barrier.objects.select_related("person").get(pk=pk, person__in=_own_people(viewer, code))


def list_skills_for(viewer: Membership | None, person: Person) -> QuerySet[Skill]:
    """Return what she can do, by kind, to whoever sees the file."""
    return person.skills.all() if scope_for(viewer, person) else Skill.objects.none()


def get_skill_for(viewer: Membership | None, code: str, pk: int) -> Skill:
    """Return a skill of a file of the viewer's referent team. Raises Skill.DoesNotExist."""
    return Skill.objects.select_related("person").get(pk=pk, person__in=_own_people(viewer, code))


def list_identifiers_for(viewer: Membership | None, person: Person) -> QuerySet[ExternalIdentifier]:
    """Return what other systems call her: each organisation reads the identifiers it wrote, no other."""
    if viewer is None or scope_for(viewer, person) is None:
        return ExternalIdentifier.objects.none()
    return person.identifiers.filter(organisation_id=viewer.organisation_id)


def get_identifier_for(viewer: Membership | None, code: str, system: str) -> ExternalIdentifier:
    """Return the viewer's organisation's own identifier of a visible file. Raises ExternalIdentifier.DoesNotExist."""
    if viewer is None:
        raise ExternalIdentifier.DoesNotExist
    people = visible_people(viewer).filter(code=code).values("pk")
    own = ExternalIdentifier.objects.select_related("person").filter(organisation_id=viewer.organisation_id)
    return own.get(person__in=people, system=system)


def list_team_for(viewer: Membership | None, person: Person) -> QuerySet[TeamMember]:
    """Return who follows her beside her referent, those of today first, to whoever sees the file."""
    if scope_for(viewer, person) is None:
        return TeamMember.objects.none()
    return person.team.select_related("user").order_by(F("until").desc(nulls_first=True), "since", "pk")


def get_team_member_for(viewer: Membership | None, code: str, user: UUID) -> TeamMember:
    """Return a colleague who follows this file now, to its referent team. Raises TeamMember.DoesNotExist."""
    members = TeamMember.objects.select_related("person", "user").filter(until__isnull=True)
    return members.get(user__uuid=user, person__in=_own_people(viewer, code))


def _own_people(viewer: Membership | None, code: str) -> QuerySet[Person]:
    return visible_people(viewer).filter(code=code, viewer_scope=GrantScope.REFERENT).values("pk")  # type: ignore[misc, return-value]


def _keep_readable(barriers: QuerySet[Barrier], scope: str | None) -> QuerySet[Barrier]:
    if scope is None:
        return Barrier.objects.none()
    return barriers if scope == GrantScope.REFERENT else barriers.exclude(kind__in=SENSITIVE_BARRIERS)
