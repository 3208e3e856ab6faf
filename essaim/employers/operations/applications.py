"""Writes of applications: one fact a stage, the last live stage on the row."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.employers.enums import ApplicationStage, Feedback, InterviewState, NextStep
from essaim.employers.models import Application, ApplicationMove, Approach, JobInterview, WorkContract
from essaim.employers.operations.approaches import check_prospecting_day, require_prospecting
from essaim.employers.operations.companies import take_company
from essaim.employers.queries.prospecting import APPLICATION_STEP
from essaim.journal.models import Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import steps_of_kind
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import long_day

LONGEST_JOB = 120
ENDED = frozenset({ApplicationStage.HIRED, ApplicationStage.REJECTED})
RANKS = {stage: rank for rank, stage in enumerate(ApplicationStage.values)}


class ApplicationRefused(OperationError):  # noqa: N818 - the words of the screen
    """An application that cannot be written, moved or corrected so."""


@transaction.atomic
def apply(
    *,
    enrolment: Enrolment,
    company: Organisation | None,
    company_name: str = "",
    job: str,
    stage: str = ApplicationStage.CV_SENT.value,
    on: date,
    approach: Approach | None = None,
    by: Membership,
    now: datetime,
) -> Application:
    """Write that a person applies to an employer, at a first stage.

    Guarantees the row, its first move and one ``application_moved``; the CV that was to follow ``approach`` is sent.
    Refused (ApplicationRefused, ApproachRefused, CompanyRefused): someone who does not follow this person in the
    action, a practice without applications, a day in the future, outside the parcours or before the end of the
    training that comes first, no job, an unknown stage, an approach to another employer or of someone else; as
    ``take_company``.
    """
    require_prospecting(action=enrolment.action, enrolment=enrolment, by=by)
    if not steps_of_kind(enrolment.action, APPLICATION_STEP):
        raise ApplicationRefused("La fiche de cette action ne prévoit pas de suivre les candidatures.")
    _check_day(on, paris_day(now))
    check_prospecting_day(enrolment=enrolment, on=on, field="on")
    company = take_company(company=company, name=company_name, by=by, now=now)
    job = " ".join(job.split())
    if not job or len(job) > LONGEST_JOB:
        raise ApplicationRefused(f"Écrivez le poste, en {LONGEST_JOB} caractères au plus.", field="job")
    _check_stage(stage)
    if approach is not None:
        _check_approach(approach, enrolment, company)
    application = Application.objects.create(
        action=enrolment.action,
        enrolment=enrolment,
        person=enrolment.person,
        company=company,
        job=job,
        approach=approach,
        stage=stage,
        created_at=now,
    )
    _add_move(application, stage, on, "", by, now)
    if approach is not None and stage != ApplicationStage.POSITIONED:
        Approach.objects.filter(pk=approach.pk, next_step=NextStep.SEND_CV, next_done_at__isnull=True).update(
            next_done_at=now, version=F("version") + 1
        )
    return application


@transaction.atomic
def move_application(
    *, application: Application, stage: str, on: date, feedback: str = "", version: int, by: Membership, now: datetime
) -> Application:
    """Move an application to a later stage: a new move, one ``application_moved``.

    Refused (ApplicationRefused): someone who does not follow this person, a cancelled or ended application, a stage
    that does not come after the present one (another interview may follow an interview), a day in the future or
    before the last stage, an unknown feedback; EditConflict when someone else moved it meanwhile.
    """
    require_prospecting(action=application.action, enrolment=application.enrolment, by=by)
    application = _take(application, version)
    append_move(application=application, stage=stage, on=on, feedback=feedback, by=by, now=now)
    return application


@transaction.atomic
def correct_last_move(
    *, application: Application, stage: str, on: date, feedback: str = "", version: int, by: Membership, now: datetime
) -> Application:
    """Set the last stage right, forward or back: a new ``application_moved`` replaces the former.

    Refused (ApplicationRefused): as ``move_application``, in regard of the stage before the last; the stage written by
    a contract or by a job interview, which are corrected themselves; EditConflict.
    """
    require_prospecting(action=application.action, enrolment=application.enrolment, by=by)
    application = _take(application, version)
    last, former = _last_moves(application)
    _refuse_derived(application, last)
    _check_next(former, stage, on, feedback, paris_day(now))
    if former is None:
        check_prospecting_day(enrolment=application.enrolment, on=on, field="on")
    last.stage, last.moved_on, last.feedback = stage, on, feedback
    last.fact = _record(application, last, by, now, corrects=last.fact)
    last.save()
    application.stage = stage
    application.save()
    return application


@transaction.atomic
def cancel_last_move(*, application: Application, version: int, by: Membership, now: datetime) -> Application:
    """Cancel the last stage, written by mistake: its fact is voided and the stage before it is the present one.

    Without a stage before it, the application itself is cancelled. A job interview that had written the stage is
    planned again. Refused (ApplicationRefused): the stage written by a contract; already cancelled; EditConflict.
    """
    require_prospecting(action=application.action, enrolment=application.enrolment, by=by)
    application = _take(application, version)
    if application.contract_id is not None:
        raise ApplicationRefused("Un contrat suit cette candidature : annulez-le d’abord.")
    drop_last_move(application=application, by=by, now=now)
    if not application.moves.filter(cancelled_at__isnull=True).exists():
        application.cancelled_at = now
        if application.interviews.filter(state=InterviewState.PLANNED).exists():
            raise ApplicationRefused("Un entretien est prévu pour cette candidature : annulez-le d’abord.")
    application.save()
    return application


def append_move(
    *, application: Application, stage: str, on: date, feedback: str = "", by: Membership, now: datetime
) -> ApplicationMove:
    """Add a stage to an application already locked, and save both. Refused as ``move_application``."""
    last, _ = _last_moves(application)
    _check_next(last, stage, on, feedback, paris_day(now))
    move = _add_move(application, stage, on, feedback, by, now)
    application.stage = stage
    application.save()
    return move


def drop_last_move(*, application: Application, by: Membership, now: datetime) -> None:
    """Cancel the last move of an application already locked; the caller saves the application."""
    last, former = _last_moves(application)
    JobInterview.objects.filter(move=last).update(state=InterviewState.PLANNED, move=None)
    void_fact(last.fact, emitter=APPLICATION_STEP, by=by, now=now)
    last.cancelled_at = now
    last.save()
    if former is not None:
        application.stage = former.stage


def link_contract(*, application: Application, contract: WorkContract, by: Membership, now: datetime) -> None:
    """Say that a contract just written follows an application: its last stage is ``hired`` on the day of signature.

    Refused (ApplicationRefused, on ``application``): of someone else, to another employer, already followed by a
    contract, or whose last stage is later than the signature.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if application.enrolment_id != contract.enrolment_id or application.cancelled_at is not None:
        raise ApplicationRefused("Cette candidature n’est pas de ce parcours.", field="application")
    if application.company_id != contract.organisation_id:
        raise ApplicationRefused("Cette candidature s’adresse à un autre employeur.", field="application")
    if application.contract_id is not None:
        raise ApplicationRefused("Un contrat suit déjà cette candidature.", field="application")
    application.contract = contract
    application.version += 1
    if application.stage == ApplicationStage.HIRED:
        application.save()
        return
    try:
        append_move(application=application, stage=ApplicationStage.HIRED, on=contract.signed_on, by=by, now=now)
    except ApplicationRefused as refusal:
        raise ApplicationRefused(refusal.message, field="application") from refusal


def release_contract(*, contract: WorkContract, by: Membership, now: datetime) -> None:
    """Undo ``link_contract`` for a contract just cancelled: the ``hired`` stage goes with it."""
    for application in Application.objects.select_for_update(of=("self",)).filter(contract=contract):
        application.contract = None
        application.version += 1
        if application.stage == ApplicationStage.HIRED and application.moves.filter(cancelled_at=None).count() > 1:
            drop_last_move(application=application, by=by, now=now)
        application.save()


def _take(application: Application, version: int) -> Application:
    locked = check_version(application, version)
    if locked.cancelled_at is not None:
        raise ApplicationRefused("Cette candidature est annulée.")
    return locked


def _last_moves(application: Application) -> tuple[ApplicationMove, ApplicationMove | None]:
    last, *others = application.moves.filter(cancelled_at__isnull=True).order_by("-pk")[:2]
    return last, others[0] if others else None


def _refuse_derived(application: Application, last: ApplicationMove) -> None:
    if application.contract_id is not None:
        raise ApplicationRefused("Un contrat suit cette candidature : corrigez le contrat.")
    if JobInterview.objects.filter(move=last).exists():
        raise ApplicationRefused("Cette étape vient d’un entretien d’embauche : annulez-la pour la saisir autrement.")


def _check_stage(stage: str) -> None:
    if stage not in ApplicationStage.values:
        raise ApplicationRefused("Choisissez une étape.", field="stage")


def _check_day(on: date, today: date) -> None:
    if on > today:
        raise ApplicationRefused("Une étape s’enregistre une fois passée.", field="on")


def _check_next(former: ApplicationMove | None, stage: str, on: date, feedback: str, today: date) -> None:
    _check_stage(stage)
    _check_day(on, today)
    if feedback and feedback not in Feedback.values:
        raise ApplicationRefused("Choisissez le retour de l’employeur.", field="feedback")
    if former is None:
        return
    if former.stage in ENDED:
        raise ApplicationRefused("Cette candidature est terminée : corrigez ou annulez sa dernière étape.")
    if on < former.moved_on:
        raise ApplicationRefused(f"L’étape précédente date du {long_day(former.moved_on)}.", field="on")
    is_another_interview = stage == former.stage == ApplicationStage.INTERVIEW
    if RANKS[stage] <= RANKS[former.stage] and not is_another_interview:
        raise ApplicationRefused(
            "Cette étape ne suit pas celle d’aujourd’hui : pour revenir en arrière, annulez la dernière.", field="stage"
        )


def _check_approach(approach: Approach, enrolment: Enrolment, company: Organisation) -> None:
    if approach.action_id != enrolment.action_id or approach.cancelled_at is not None:
        raise ApplicationRefused("Cette démarche n’est pas de cette action.", field="approach")
    if approach.company_id != company.pk:
        raise ApplicationRefused("Cette démarche s’adressait à un autre employeur.", field="approach")
    if approach.enrolment_id not in (None, enrolment.pk):
        raise ApplicationRefused("Cette démarche a été faite pour quelqu’un d’autre.", field="approach")


def _add_move(
    application: Application, stage: str, on: date, feedback: str, by: Membership, now: datetime
) -> ApplicationMove:
    move = ApplicationMove(application=application, stage=stage, moved_on=on, feedback=feedback)
    move.fact = _record(application, move, by, now)
    move.save()
    return move


def _record(
    application: Application, move: ApplicationMove, by: Membership, now: datetime, corrects: Fact | None = None
) -> Fact:
    group = application.enrolment.group
    data = {"application": application.ref, "stage": str(move.stage)}
    return record(
        "application_moved",
        emitter=APPLICATION_STEP,
        action=application.action,
        at=move.moved_on,
        person=application.person,
        organisation=application.company,
        cohort=group.ref if group else None,
        by=by,
        now=now,
        data=data | ({"feedback": str(move.feedback)} if move.feedback else {}),
        corrects=corrects,
    )
