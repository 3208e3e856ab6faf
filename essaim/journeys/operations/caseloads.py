"""A counsellor's people given to a colleague in one act, and the monthly review of a caseload."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership, User
from essaim.directory.models import Organisation
from essaim.journal.operations import record
from essaim.journeys.enums import HandOverState, MoveReason, ReviewVerdict
from essaim.journeys.models import CaseloadMove, CaseloadReview, Enrolment, HandOver, ReviewLine
from essaim.journeys.operations.path_rules import cohort_of, tidied
from essaim.journeys.queries.caseloads import caseload_of, may_review
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.people.operations import replace_referent
from essaim.people.queries import is_working_in

LONGEST_WORDS = 250


class CaseloadRefused(OperationError):  # noqa: N818 - the words of the screen
    """A caseload that cannot be moved or reviewed so."""


@transaction.atomic
def move_caseload(
    *,
    organisation: Organisation,
    from_user: User,
    to_user: User,
    reason: str,
    enrolments: Iterable[Enrolment] | None = None,
    by: Membership,
    now: datetime,
) -> CaseloadMove:
    """Give a counsellor's people to a colleague: parcours, files and team, and the relays proposed to her.

    ``enrolments`` narrows it to the people of these parcours; None gives everybody. Each open parcours gets one
    ``journeys.referent_changed``. Refused (CaseloadRefused): someone who is neither the counsellor nor a manager of the
    organisation, the same person, someone who does not work with people there, an unknown reason, nobody to give.
    """
    _check_move(organisation, from_user, to_user, reason, by)
    chosen = caseload_of(from_user, organisation)
    asked = None if enrolments is None else list(enrolments)
    if asked is not None:
        chosen = chosen.filter(pk__in=[one.pk for one in asked])
    moved = list(chosen.select_for_update(of=("self",)).select_related("action", "person", "group").order_by("pk"))
    Enrolment.objects.filter(pk__in=[one.pk for one in moved]).update(referent=to_user, version=F("version") + 1)
    for one in moved:
        record(
            "journeys.referent_changed",
            emitter="journeys",
            action=one.action,
            at=paris_day(now),
            person=one.person,
            cohort=cohort_of(enrolment=one),
            by=by,
            now=now,
            data={"reason": reason},
        )
    followed = replace_referent(
        organisation=organisation,
        from_user=from_user,
        to_user=to_user,
        people=None if asked is None else {one.person_id for one in moved},
        on=paris_day(now),
    )
    people = followed | {one.person_id for one in moved}
    if not people:
        raise CaseloadRefused("Il n’y a personne à confier.", field="enrolments")
    proposed = HandOver.objects.filter(to_organisation=organisation, to_user=from_user, state=HandOverState.PROPOSED)
    if asked is not None:
        proposed = proposed.filter(person__in=people)
    proposed.update(to_user=to_user, version=F("version") + 1)
    return CaseloadMove.objects.create(
        organisation=organisation,
        from_user=from_user,
        to_user=to_user,
        reason=reason,
        moved_at=now,
        moved_by=by.user,
        people=len(people),
    )


def note_moved_appointments(*, move: CaseloadMove, appointments: int) -> CaseloadMove:
    """Keep with a move how many appointments followed; called by the agenda, in the same transaction."""
    move.appointments = appointments
    move.save(update_fields=["appointments"])
    return move


@transaction.atomic
def decide_review_line(
    *,
    organisation: Organisation,
    counsellor: User,
    month: date,
    enrolment: Enrolment,
    verdict: str,
    words: str = "",
    by: Membership,
    now: datetime,
) -> ReviewLine:
    """Keep what was decided for one parcours at the review of a month; decided again, the last one stays.

    The review opens with its first line. Refused (CaseloadRefused): someone who neither follows these people nor
    manages the organisation, a month to come, an unknown verdict, a parcours that is not in this caseload, a review
    already held.
    """
    review = _open_review(organisation, counsellor, month, by, now)
    if verdict not in ReviewVerdict.values:
        raise CaseloadRefused("Choisissez une décision.", field="verdict")
    is_hers = caseload_of(counsellor, organisation).filter(pk=enrolment.pk).exists()
    if not is_hers and not review.lines.filter(enrolment=enrolment).exists():
        raise CaseloadRefused("Ce parcours n’est pas dans ce portefeuille.")
    line, _ = ReviewLine.objects.update_or_create(
        review=review,
        enrolment=enrolment,
        defaults={"verdict": verdict, "words": tidied(words=words, longest=LONGEST_WORDS), "decided_at": now},
    )
    return line


@transaction.atomic
def hold_review(
    *,
    organisation: Organisation,
    counsellor: User,
    month: date,
    held_on: date,
    held_with: User | None = None,
    by: Membership,
    now: datetime,
) -> CaseloadReview:
    """Write that the review was held that day, with a manager. Its lines are then closed.

    Refused (CaseloadRefused): as ``decide_review_line``, a day in the future or before the month, without any line,
    held with someone who is not of the organisation.
    """
    review = _open_review(organisation, counsellor, month, by, now)
    if held_on > paris_day(now):
        raise CaseloadRefused("La revue ne peut pas être dans l’avenir.", field="held_on")
    if held_on < review.month:
        raise CaseloadRefused("La revue d’un mois se tient ce mois-là, ou après.", field="held_on")
    if held_with is not None and not is_working_in(held_with, organisation.pk):
        raise CaseloadRefused("Choisissez quelqu’un de l’organisation.", field="held_with")
    if not review.lines.exists():
        raise CaseloadRefused("Notez au moins une décision avant de clore la revue.")
    review.held_on, review.held_with = held_on, held_with
    review.save(update_fields=["held_on", "held_with"])
    return review


def _check_move(organisation: Organisation, from_user: User, to_user: User, reason: str, by: Membership) -> None:
    is_member = by.organisation_id == organisation.pk and by.until is None
    if not is_member or (by.role != Role.MANAGER and by.user_id != from_user.pk):
        raise CaseloadRefused("Seule la personne qui suit ces dossiers, ou sa responsable, les confie.")
    if from_user.pk == to_user.pk:
        raise CaseloadRefused("Choisissez quelqu’un d’autre.", field="to_user")
    if not is_working_in(to_user, organisation.pk):
        raise CaseloadRefused("Cette personne ne suit personne dans l’organisation.", field="to_user")
    if reason not in MoveReason.values:
        raise CaseloadRefused("Choisissez un motif.", field="reason")


def _open_review(
    organisation: Organisation, counsellor: User, month: date, by: Membership, now: datetime
) -> CaseloadReview:
    if by.organisation_id != organisation.pk or not may_review(by, counsellor):
        raise CaseloadRefused("Cette revue n’est pas la vôtre.")
    first = month.replace(day=1)
    if first > paris_day(now):
        raise CaseloadRefused("Ce mois n’a pas commencé.", field="month")
    review, _ = CaseloadReview.objects.get_or_create(organisation=organisation, counsellor=counsellor, month=first)
    locked = CaseloadReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if locked.held_on is not None:
        raise CaseloadRefused("Cette revue a été tenue : ses décisions ne changent plus.")
    return locked
