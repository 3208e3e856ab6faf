"""Alumni and members of the team who help newcomers. Helping opens no file."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from essaim.accounts.models import Membership
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, Mentoring, StaffMember
from essaim.journeys.operations.path_rules import cohort_of, require_following, require_open
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day
from essaim.people.queries import scope_for

STEP = "journeys.mentoring"


class MentoringRefused(OperationError):  # noqa: N818 - the words of the screen
    """Someone who cannot help this newcomer so."""


@transaction.atomic
def start_mentoring(
    *,
    enrolment: Enrolment,
    alumnus: Enrolment | None = None,
    staff: StaffMember | None = None,
    since: date,
    by: Membership,
    now: datetime,
) -> Mentoring:
    """Let an alumnus of the same action, or a member of its team, help a newcomer: the row and one local fact.

    Who helps sees nothing of the file. Refused (MentoringRefused): someone who does not follow people in this action or
    does not see this file or the alumnus's, a parcours that is over, nobody or two to help, an alumnus still in the
    action or of another one, herself, a day in the future or before the entry, the same help already there.
    """
    require_following(enrolment=enrolment, by=by, refusal=MentoringRefused)
    require_open(enrolment=enrolment, refusal=MentoringRefused)
    _check_mentor(enrolment, alumnus, staff, by)
    if since > paris_day(now):
        raise MentoringRefused("Cette date est dans l’avenir.", field="since")
    if since < enrolment.opened_on:
        raise MentoringRefused(f"L’entrée date du {long_day(enrolment.opened_on)}.", field="since")
    try:
        with transaction.atomic():
            return Mentoring.objects.create(
                enrolment=enrolment,
                alumnus=alumnus,
                staff=staff,
                since=since,
                fact=record(
                    "journeys.mentoring_started",
                    emitter=STEP,
                    action=enrolment.action,
                    at=since,
                    person=enrolment.person,
                    cohort=cohort_of(enrolment=enrolment),
                    by=by,
                    now=now,
                    data={"by": "alumnus" if alumnus is not None else "staff"},
                ),
            )
    except IntegrityError as clash:
        raise MentoringRefused("Cette personne l’épaule déjà.", field="mentor") from clash


@transaction.atomic
def end_mentoring(*, mentoring: Mentoring, until: date, version: int, by: Membership, now: datetime) -> Mentoring:
    """Write the last day of a help. Refused: ended already, a day in the future or before it began; EditConflict."""
    require_following(enrolment=mentoring.enrolment, by=by, refusal=MentoringRefused)
    locked = check_version(mentoring, version)
    if locked.until is not None:
        raise MentoringRefused("Cette aide est déjà terminée.")
    if until > paris_day(now):
        raise MentoringRefused("Cette date est dans l’avenir.", field="until")
    if until < locked.since:
        raise MentoringRefused(f"Cette aide a commencé le {long_day(locked.since)}.", field="until")
    locked.until = until
    locked.save()
    return locked


@transaction.atomic
def cancel_mentoring(*, mentoring: Mentoring, version: int, by: Membership, now: datetime) -> None:
    """Take away a help noted by mistake: its fact is voided, nothing is left but that trace. EditConflict."""
    require_following(enrolment=mentoring.enrolment, by=by, refusal=MentoringRefused)
    locked = check_version(mentoring, version)
    void_fact(locked.fact, emitter=STEP, by=by, now=now)
    locked.delete()


def _check_mentor(enrolment: Enrolment, alumnus: Enrolment | None, staff: StaffMember | None, by: Membership) -> None:
    if (alumnus is None) == (staff is None):
        raise MentoringRefused("Choisissez qui l’épaule.", field="mentor")
    if staff is not None and (staff.action_id != enrolment.action_id or staff.ends is not None):
        raise MentoringRefused("Cette personne n’est plus dans l’équipe de l’action.", field="mentor")
    if alumnus is None:
        return
    if alumnus.person_id == enrolment.person_id:
        raise MentoringRefused("Personne ne s’épaule soi-même.", field="mentor")
    if alumnus.action_id != enrolment.action_id or alumnus.state != EnrolmentState.CLOSED:
        raise MentoringRefused("Choisissez quelqu’un qui a terminé son parcours dans cette action.", field="mentor")
    if scope_for(by, alumnus.person) is None:
        raise MentoringRefused("Ce dossier ne vous est pas ouvert.", field="mentor")
