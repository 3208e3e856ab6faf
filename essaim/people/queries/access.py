"""Who sees which file. A file without an open grant to the viewer's organisation does not exist."""

from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from essaim.accounts.models import Membership
from essaim.kernel.days import present
from essaim.people.enums import AttachmentState, GrantScope
from essaim.people.models import AccessGrant, AttachmentRequest, Person
from essaim.people.permissions import is_of_referent_team, works_with_people


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
    grants = _open_grants(viewer, present()).filter(person=OuterRef("pk"))
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


def get_kept_code_for(viewer: Membership | None, code: str) -> str:
    """Return the public code of the file into which this one was merged, however far, when the viewer may open it;
    else an empty string.
    """
    merged = Person.objects.filter(code=code, merged_into__isnull=False).select_related("merged_into").first()
    while merged is not None and merged.merged_into is not None:
        merged = merged.merged_into
    return merged.code if merged is not None and visible_people(viewer).filter(pk=merged.pk).exists() else ""


def scope_for(viewer: Membership | None, person: Person) -> str | None:
    """Return ``referent`` or ``file``, whichever shows more, or None when the viewer sees nothing.

    The same as ``visible_people`` says, in one plain query: every operation asks.
    """
    if viewer is None or not works_with_people(viewer):
        return None
    grants = _open_grants(viewer, present()).filter(
        person=person.pk,
        person__merged_into__isnull=True,
        person__archived_at__isnull=True,
        person__erased_at__isnull=True,
    )
    scopes = set(grants.values_list("scope", flat=True))
    return max(scopes, key=is_of_referent_team, default=None)


def list_grants_for(viewer: Membership | None, person: Person) -> QuerySet[AccessGrant]:
    """Return who sees this file and who did, open grants first: all of them to the referent team, to the
    others that team and their own. Empty when the viewer does not see it herself.
    """
    scope = scope_for(viewer, person)
    if viewer is None or scope is None:
        return AccessGrant.objects.none()
    asked = AttachmentRequest.objects.filter(ref=OuterRef("origin"), person=person)
    grants = person.grants.select_related("organisation").annotate(is_attachment=Exists(asked))
    grants = grants.order_by(F("until").desc(nulls_first=True), "organisation__name", "pk")
    if scope == GrantScope.REFERENT:
        return grants
    return grants.filter(Q(organisation_id=viewer.organisation_id) | Q(scope=GrantScope.REFERENT))


def list_present_readers_for(viewer: Membership | None, person: Person) -> list[AccessGrant]:
    """Return one open grant for each organisation that sees this file now, the one that shows most."""
    widest: dict[int, AccessGrant] = {}
    for grant in list_grants_for(viewer, person).filter(Q(until__isnull=True) | Q(until__gt=present())):
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


def get_attached_grant_for(viewer: Membership | None, person: Person, ref: str) -> AccessGrant:
    """Return the open access that this attachment request gave, to the referent team only.

    Raises AccessGrant.DoesNotExist otherwise.
    """
    if scope_for(viewer, person) != GrantScope.REFERENT or not person.attachment_requests.filter(ref=ref).exists():
        raise AccessGrant.DoesNotExist
    return person.grants.select_related("organisation", "person").get(origin=ref, until__isnull=True)
