"""Hand-overs: those received, those sent, those a parcours is waiting for."""

from collections.abc import Iterable

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from essaim.accounts.models import Membership
from essaim.journeys.enums import HandOverState
from essaim.journeys.models import Enrolment, HandOver
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import searchable_people, visible_people


def list_received_hand_overs_for(viewer: Membership | None) -> QuerySet[HandOver]:
    """Return the hand-overs proposed to the viewer's organisation, of people whose file she may find: those waiting
    first, oldest first.
    """
    return _shown(viewer).filter(to_organisation_id=viewer.organisation_id if viewer else None)


def list_sent_hand_overs_for(viewer: Membership | None) -> QuerySet[HandOver]:
    """Return the hand-overs that the viewer's organisation proposed to another, or within itself."""
    return _shown(viewer).filter(from_organisation_id=viewer.organisation_id if viewer else None)


def list_hand_overs_for(viewer: Membership | None) -> QuerySet[HandOver]:
    """Return both at once, each with ``is_received``; one within the organisation is received."""
    own = viewer.organisation_id if viewer else None
    received = ExpressionWrapper(Q(to_organisation_id=own), output_field=BooleanField())
    concerned = Q(to_organisation_id=own) | Q(from_organisation_id=own)
    return _shown(viewer).filter(concerned).annotate(is_received=received)


def count_received_hand_overs_for(viewer: Membership | None) -> int:
    """How many hand-overs wait for an answer of the viewer: those to her, or to anyone of her organisation."""
    if viewer is None:
        return 0
    mine = Q(to_user__isnull=True) | Q(to_user_id=viewer.user_id)
    return list_received_hand_overs_for(viewer).filter(mine, state=HandOverState.PROPOSED).count()


def get_hand_over_for(viewer: Membership | None, ref: str) -> HandOver:
    """Return a hand-over that the viewer's organisation sent or received. Raises HandOver.DoesNotExist."""
    if viewer is None or not works_with_people(viewer):
        raise HandOver.DoesNotExist
    concerned = Q(to_organisation_id=viewer.organisation_id) | Q(from_organisation_id=viewer.organisation_id)
    people = visible_people(viewer).values("pk")
    return _rows().filter(concerned, person__in=people).get(ref=ref)


def list_hand_overs_of(enrolments: Iterable[Enrolment], person: Person) -> list[HandOver]:
    """Return the hand-overs of a person's parcours, and of her whole file, latest first; refused ones included."""
    keys = [one.pk for one in enrolments]
    rows = _rows().filter(Q(enrolment__in=keys) | Q(enrolment__isnull=True), person=person)
    return list(rows.exclude(state=HandOverState.CANCELLED).order_by("-proposed_at", "-pk"))


def pending_hand_over(enrolment: Enrolment) -> HandOver | None:
    """Return the relay of this parcours that waits for an answer, None without any."""
    return _rows().filter(enrolment=enrolment, state=HandOverState.PROPOSED).first()


def is_handed_over(enrolment: Enrolment) -> bool:
    """Whether a hand-over of this parcours, or of the whole file since it began, was accepted."""
    accepted = HandOver.objects.filter(person=enrolment.person_id, state=HandOverState.ACCEPTED)
    whole = Q(enrolment__isnull=True, answered_at__date__gte=enrolment.opened_on)
    return accepted.filter(Q(enrolment=enrolment) | whole).exists()


def _shown(viewer: Membership | None) -> QuerySet[HandOver]:
    if viewer is None or not works_with_people(viewer):
        return HandOver.objects.none()
    return _rows().filter(person__in=searchable_people(viewer).values("pk")).exclude(state=HandOverState.CANCELLED)


def _rows() -> QuerySet[HandOver]:
    return HandOver.objects.select_related(
        "person", "enrolment__action", "from_user", "from_organisation", "to_user", "to_organisation", "answered_by"
    )
