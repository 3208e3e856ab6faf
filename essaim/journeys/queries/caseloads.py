"""Caseloads: who follows whom in an organisation, and the monthly reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from essaim.accounts.enums import ROLES_SEEING_PEOPLE, Role
from essaim.accounts.models import Membership, User
from essaim.directory.models import Organisation
from essaim.journal.queries import last_contacts
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import ActionPartner, CaseloadMove, CaseloadReview, Enrolment, ReviewLine
from essaim.journeys.queries.limits import Term, term_of
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import searchable_people

SILENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Caseload:
    """What a counsellor carries: people (files she is the referent of, and parcours), open parcours, silent people,
    terms within a fortnight or passed. ``is_leaving``: she no longer works with people here.
    """

    user: User
    people: int
    parcours: int
    silent: int
    near: int
    is_leaving: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One parcours of a review: where it stands, and what was decided."""

    enrolment: Enrolment
    term: Term | None
    last_contact: date | None
    line: ReviewLine | None


def caseload_of(user: User, organisation: Organisation) -> QuerySet[Enrolment]:
    """The open parcours that a user follows for an organisation: in its own actions, or where it sees people."""
    partner = ActionPartner.objects.filter(
        action=OuterRef("action"), organisation=organisation, sees_people=True, until__isnull=True
    )
    return Enrolment.objects.filter(
        Q(action__organisation=organisation) | Q(Exists(partner)), referent=user, state=EnrolmentState.OPEN
    )


def may_review(viewer: Membership | None, counsellor: User) -> bool:
    """Whether the viewer reads and writes the reviews of this counsellor: her own, or all for a manager."""
    if viewer is None or not works_with_people(viewer):
        return False
    return viewer.role == Role.MANAGER or viewer.user_id == counsellor.pk


def list_caseloads_for(viewer: Membership | None, on: date) -> list[Caseload]:
    """Return the caseloads of the viewer's organisation, in French order: all to a manager, to others their own."""
    if viewer is None or not works_with_people(viewer):
        return []
    organisation = viewer.organisation
    users = _carriers(viewer)
    if viewer.role != Role.MANAGER:
        users = users.filter(pk=viewer.user_id)
    working = set(
        Membership.objects.filter(
            organisation=organisation, until__isnull=True, role__in=ROLES_SEEING_PEOPLE
        ).values_list("user", flat=True)
    )
    parcours = list(_open_parcours(organisation).values_list("referent", "person", "due_on"))
    files = list(_held(organisation).filter(referent__isnull=False).values_list("referent", "pk"))
    contacts = last_contacts({person for _, person, _ in parcours})
    limit = on - timedelta(days=SILENT_DAYS)
    found = []
    for user in users:
        hers = [(person, due) for referent, person, due in parcours if referent == user.pk]
        people = {person for person, _ in hers} | {key for referent, key in files if referent == user.pk}
        silent = {person for person, _ in hers if contacts.get(person, date.min) <= limit}
        near = sum(due is not None and (due - on).days <= SILENT_DAYS + 1 for _, due in hers)
        found.append(Caseload(user, len(people), len(hers), len(silent), near, user.pk not in working))
    return found


def get_colleague_for(viewer: Membership | None, uuid: str) -> User:
    """Return someone who carries or may carry a caseload of the viewer's organisation, that she may review.

    Raises User.DoesNotExist.
    """
    if viewer is None:
        raise User.DoesNotExist
    user = _carriers(viewer).get(uuid=uuid)
    if not may_review(viewer, user):
        raise User.DoesNotExist
    return user


def list_caseload_for(viewer: Membership | None, counsellor: User) -> QuerySet[Enrolment]:
    """Return the open parcours that a counsellor follows, of the people the viewer may find, in French order."""
    if viewer is None or not may_review(viewer, counsellor):
        return Enrolment.objects.none()
    rows = caseload_of(counsellor, viewer.organisation).filter(person__in=searchable_people(viewer).values("pk"))
    return rows.select_related("action__practice", "person", "group").order_by("person__search_key", "pk")


def list_review_rows_for(viewer: Membership | None, counsellor: User, month: date, on: date) -> list[ReviewRow]:
    """Return the parcours of a review: those of the caseload now, and those decided on that month."""
    if viewer is None or not may_review(viewer, counsellor):
        return []
    decided = _lines(viewer, counsellor, month)
    shown = searchable_people(viewer).values("pk")
    hers = Q(pk__in=caseload_of(counsellor, viewer.organisation).values("pk")) | Q(pk__in=list(decided))
    rows = Enrolment.objects.filter(hers, person__in=shown).select_related("action", "person", "group")
    found = list(rows.defer("action__definition").order_by("person__search_key", "pk"))
    contacts = last_contacts({one.person_id for one in found})
    return [ReviewRow(one, term_of(one, on), contacts.get(one.person_id), decided.get(one.pk)) for one in found]


def get_review_for(viewer: Membership | None, counsellor: User, month: date) -> CaseloadReview | None:
    """Return the review of a month, None when nothing was decided yet."""
    if viewer is None or not may_review(viewer, counsellor):
        return None
    reviews = CaseloadReview.objects.filter(organisation_id=viewer.organisation_id, counsellor=counsellor)
    return reviews.select_related("held_with").filter(month=month.replace(day=1)).first()


def list_reviews_for(viewer: Membership | None, counsellor: User) -> QuerySet[CaseloadReview]:
    """Return the reviews of a counsellor with ``decided`` (how many parcours), latest month first."""
    if viewer is None or not may_review(viewer, counsellor):
        return CaseloadReview.objects.none()
    reviews = CaseloadReview.objects.filter(organisation_id=viewer.organisation_id, counsellor=counsellor)
    return reviews.select_related("held_with").annotate(decided=Count("lines")).order_by("-month")


def list_moves_for(viewer: Membership | None) -> QuerySet[CaseloadMove]:
    """Return the caseloads given from one to another in the organisation, latest first: to its managers."""
    if viewer is None or viewer.role != Role.MANAGER or viewer.until is not None:
        return CaseloadMove.objects.none()
    moves = CaseloadMove.objects.filter(organisation_id=viewer.organisation_id)
    return moves.select_related("from_user", "to_user", "moved_by").order_by("-moved_at", "-pk")


def _carriers(viewer: Membership) -> QuerySet[User]:
    organisation = viewer.organisation
    member = Membership.objects.filter(
        user=OuterRef("pk"), organisation=organisation, until__isnull=True, role__in=ROLES_SEEING_PEOPLE
    )
    follows = _open_parcours(organisation).filter(referent=OuterRef("pk"))
    holds = _held(organisation).filter(referent=OuterRef("pk"))
    users = User.objects.filter(Q(Exists(member)) | Q(Exists(follows)) | Q(Exists(holds)))
    return users.order_by("last_name", "first_name", "pk")


def _open_parcours(organisation: Organisation) -> QuerySet[Enrolment]:
    partner = ActionPartner.objects.filter(
        action=OuterRef("action"), organisation=organisation, sees_people=True, until__isnull=True
    )
    return Enrolment.objects.filter(
        Q(action__organisation=organisation) | Q(Exists(partner)), referent__isnull=False, state=EnrolmentState.OPEN
    )


def _held(organisation: Organisation) -> QuerySet[Person]:
    return Person.objects.filter(
        referent_organisation=organisation, merged_into__isnull=True, archived_at__isnull=True, erased_at__isnull=True
    )


def _lines(viewer: Membership, counsellor: User, month: date) -> Mapping[int, ReviewLine]:
    lines = ReviewLine.objects.filter(
        review__organisation_id=viewer.organisation_id,
        review__counsellor=counsellor,
        review__month=month.replace(day=1),
    )
    return {line.enrolment_id: line for line in lines}
