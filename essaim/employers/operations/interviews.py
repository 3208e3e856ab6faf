"""Writes of job interviews: fixed, prepared, held or missed."""

from datetime import date, datetime, timedelta

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import OccupationSource
from essaim.agenda.operations import free, occupy
from essaim.employers.enums import ApplicationStage, InterviewState
from essaim.employers.models import Application, JobInterview
from essaim.employers.operations.applications import ENDED, append_move
from essaim.employers.operations.approaches import require_prospecting
from essaim.employers.queries.prospecting import is_preparation_offered, may_prospect
from essaim.journal.operations import record
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError

LONGEST_INTERVIEW = timedelta(hours=10)


class InterviewRefused(OperationError):  # noqa: N818 - the words of the screen
    """A job interview that cannot be fixed, prepared, held or missed so."""


@transaction.atomic
def fix_interview(
    *, application: Application, starts: datetime, ends: datetime, place: str = "", by: Membership, now: datetime
) -> JobInterview:
    """Fix a job interview: the person is taken during that time.

    Refused (InterviewRefused): someone who does not follow this person, a cancelled or ended application, times out
    of order or longer than ten hours, a day before the end of the training that comes first; agenda's
    OccupationConflict when she is expected elsewhere, by the hour.
    """
    require_prospecting(action=application.action, enrolment=application.enrolment, by=by)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if application.cancelled_at is not None or application.stage in ENDED:
        raise InterviewRefused("Cette candidature est terminée.")
    if ends <= starts:
        raise InterviewRefused("La fin est avant le début.", field="ends_at")
    if ends - starts > LONGEST_INTERVIEW:
        raise InterviewRefused("Un entretien ne dure pas plus de dix heures.", field="ends_at")
    if paris_day(starts) < application.enrolment.opened_on:
        raise InterviewRefused("Cet entretien précède l’entrée dans l’action.", field="on")
    if not may_prospect(application.enrolment, paris_day(starts)):
        raise InterviewRefused("Ce jour-là, l’entraînement que prévoit la fiche n’est pas terminé.", field="on")
    interview = JobInterview.objects.create(
        application=application, starts=starts, ends=ends, place=" ".join(place.split())[:120], created_at=now
    )
    occupy(
        resources=[f"person:{application.person_id}"],
        starts=starts,
        ends=ends,
        source=OccupationSource.INTERVIEW,
        source_ref=interview.ref,
        by=by,
    )
    return interview


@transaction.atomic
def prepare_interview(
    *, interview: JobInterview, on: date, version: int, by: Membership, now: datetime
) -> JobInterview:
    """Write that a job interview was prepared with the person, when the practice offers it.

    Guarantees one ``employers.interview_prepared``, of the fil only. Refused (InterviewRefused): not offered, already
    prepared, not planned any more, a day in the future or after the interview; EditConflict.
    """
    action = interview.application.action
    require_prospecting(action=action, enrolment=interview.application.enrolment, by=by)
    interview = _take_planned(interview, version)
    if not is_preparation_offered(action):
        raise InterviewRefused("La fiche de cette action ne prévoit pas de préparation.")
    if interview.prepared_on is not None:
        raise InterviewRefused("Cet entretien est déjà préparé.")
    if on > min(paris_day(now), paris_day(interview.starts)):
        raise InterviewRefused("La préparation précède l’entretien et s’enregistre une fois faite.", field="on")
    interview.prepared_on = on
    interview.save()
    record(
        "employers.interview_prepared",
        emitter="employers",
        action=action,
        at=on,
        person=interview.application.person,
        organisation=interview.application.company,
        by=by,
        now=now,
        data={"application": interview.application.ref},
    )
    return interview


@transaction.atomic
def hold_interview(
    *, interview: JobInterview, feedback: str = "", version: int, by: Membership, now: datetime
) -> JobInterview:
    """Write that a job interview took place: the application moves to ``interview`` on its day, with the feedback.

    Refused (InterviewRefused, ApplicationRefused): not planned any more, still to come, an application that has ended
    or moved after that day; EditConflict when someone else changed the interview.
    """
    require_prospecting(action=interview.application.action, enrolment=interview.application.enrolment, by=by)
    interview = _take_planned(interview, version)
    if interview.starts > now:
        raise InterviewRefused("Cet entretien n’a pas encore eu lieu.")
    application = Application.objects.select_for_update(of=("self",)).get(pk=interview.application_id)
    application.version += 1
    interview.move = append_move(
        application=application,
        stage=ApplicationStage.INTERVIEW,
        on=paris_day(interview.starts),
        feedback=feedback,
        by=by,
        now=now,
    )
    interview.state = InterviewState.HELD
    interview.save()
    return interview


@transaction.atomic
def miss_interview(*, interview: JobInterview, version: int, by: Membership, now: datetime) -> JobInterview:
    """Write that the person did not go. Refused (InterviewRefused): not planned any more, still to come;
    EditConflict.
    """
    require_prospecting(action=interview.application.action, enrolment=interview.application.enrolment, by=by)
    interview = _take_planned(interview, version)
    if interview.starts > now:
        raise InterviewRefused("Cet entretien n’a pas encore eu lieu : annulez-le s’il est reporté.")
    return _give_up(interview, InterviewState.MISSED)


@transaction.atomic
def cancel_interview(*, interview: JobInterview, version: int, by: Membership, now: datetime) -> JobInterview:
    """Cancel a job interview: the person is free again. Refused (InterviewRefused): not planned any more;
    EditConflict.
    """
    require_prospecting(action=interview.application.action, enrolment=interview.application.enrolment, by=by)
    return _give_up(_take_planned(interview, version), InterviewState.CANCELLED)


def _give_up(interview: JobInterview, state: InterviewState) -> JobInterview:
    interview.state = state
    interview.save()
    free(source=OccupationSource.INTERVIEW, source_ref=interview.ref)
    return interview


def _take_planned(interview: JobInterview, version: int) -> JobInterview:
    locked = check_version(interview, version)
    if locked.state != InterviewState.PLANNED:
        raise InterviewRefused(f"Cet entretien est déjà {locked.get_state_display()}.")
    return locked
