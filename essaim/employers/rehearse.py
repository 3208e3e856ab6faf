"""How an invented person goes towards employers: approaches, applications, interviews, contracts, the sheet."""

from datetime import date, datetime, timedelta
from random import Random

from essaim.agenda.engine.rhythm import working_days
from essaim.agenda.operations import OccupationConflict
from essaim.employers.enums import ApproachAnswer, ApproachChannel
from essaim.employers.models import Application, Approach, JobInterview, WorkContract
from essaim.employers.operations import (
    ContractTerms,
    agree_to_sheet,
    apply,
    create_sheet,
    end_contract,
    finish_next_step,
    fix_interview,
    hold_interview,
    log_approach,
    move_application,
    send_sheet,
    sign_contract,
)
from essaim.employers.queries import may_prospect
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.kernel.days import paris_day
from essaim.kernel.rehearsing import Case, moments_of

JOBS = ("Employée polyvalente", "Agent de propreté", "Préparateur de commandes", "Commis de cuisine", "Aide à domicile")
FEEDBACKS = ("experience", "skills", "filled", "mobility")
CARDS_A_SHEET, DAYS_TRIED, FOLLOWED_SHARE, REJECTED_SHARE = 6, 3, 0.9, 0.7


def rehearse_approach(case: Case, rng: Random, now: datetime) -> date | None:
    """Approach an employer, then another a week or two later, as long as she is there."""
    day = paris_day(now)
    if not Enrolment.objects.filter(pk=case.enrolment.pk, state=EnrolmentState.OPEN).exists():
        return None
    _follow_up(case, day, rng, now)
    if may_prospect(case.enrolment, day):
        answer = rng.choice([ApproachAnswer.NONE, ApproachAnswer.NO, ApproachAnswer.CALL_BACK, ApproachAnswer.SEND_CV])
        is_open = answer in (ApproachAnswer.CALL_BACK, ApproachAnswer.SEND_CV)
        log_approach(
            action=case.stage.action,
            enrolment=case.enrolment,
            company=rng.choice(case.stage.companies[:-1]),
            channel=rng.choice([ApproachChannel.PHONE, ApproachChannel.VISIT, ApproachChannel.EMAIL]),
            made_on=day,
            by_person=rng.random() < 0.7,
            answer=answer,
            next_step={ApproachAnswer.CALL_BACK: "call_back", ApproachAnswer.SEND_CV: "send_cv"}.get(answer, ""),
            next_on=day + timedelta(days=rng.randint(2, 9)) if is_open else None,
            by=case.by,
            now=now,
        )
    following = day + timedelta(days=rng.randint(9, 20))
    return None if case.outcome is not None and following >= case.outcome else following


def _follow_up(case: Case, day: date, rng: Random, now: datetime) -> None:
    """Do what was to follow her former approaches, but for one now and then that waits."""
    waiting = Approach.objects.filter(enrolment=case.enrolment, next_on__lte=day, next_done_at__isnull=True)
    for approach in waiting.order_by("pk"):
        if rng.random() < FOLLOWED_SHARE:
            finish_next_step(approach=approach, version=approach.version, by=case.by, now=now)


def rehearse_application(case: Case, rng: Random, now: datetime) -> date | None:
    """Apply and fix the interview for the next working day; then say that it took place."""
    day = paris_day(now)
    fixed = [one for one in case.memory.get("interviews", []) if one.starts < now]
    if fixed:
        interview = fixed[0]
        case.memory["interviews"].remove(interview)
        interview.refresh_from_db()
        hold_interview(interview=interview, feedback="", version=interview.version, by=case.by, now=now)
        _hear_back(interview.application, case, rng, now)
        return None
    application = apply(
        enrolment=case.enrolment,
        company=rng.choice(case.stage.companies[:-1]),
        job=rng.choice(JOBS),
        on=day,
        by=case.by,
        now=now,
    )
    interview = _fix(application, day + timedelta(days=1), case, rng, now)
    case.memory.setdefault("interviews", []).append(interview)
    return paris_day(interview.starts)


def _hear_back(application: Application, case: Case, rng: Random, now: datetime) -> None:
    """Most employers say no within the day, and why; the others keep her waiting."""
    if rng.random() < REJECTED_SHARE:
        application.refresh_from_db()
        move_application(
            application=application,
            stage="rejected",
            on=paris_day(now),
            feedback=rng.choice(FEEDBACKS),
            version=application.version,
            by=case.by,
            now=now,
        )


def _fix(application: object, day: date, case: Case, rng: Random, now: datetime) -> JobInterview:
    for starts, ends in (moment for later in working_days(day, DAYS_TRIED) for moment in moments_of(later, rng)):
        try:
            return fix_interview(application=application, starts=starts, ends=ends, by=case.by, now=now)  # type: ignore[arg-type]
        except OccupationConflict:
            continue
    raise AssertionError(f"she is never free from {day} on")


def rehearse_contract(case: Case, rng: Random, now: datetime) -> date | None:
    """Sign the contract that the scenario gives; some end before their term, three weeks later."""
    signed: WorkContract | None = case.memory.get("contract")
    if signed is not None:
        _end(case, signed, now)
        return None
    rule = case.fate["contract"]
    months = rule.get("term_months")
    day = paris_day(now)
    case.memory["contract"] = sign_contract(
        enrolment=case.enrolment,
        organisation=rng.choice(case.stage.companies[:-1]),
        terms=ContractTerms(
            type=rule["type"],
            signed_on=day,
            starts=day + timedelta(days=2),
            term_months=rng.randint(*months) if months else None,
            source=rng.choice(["declared", "verified"]),
        ),
        by=case.by,
        now=now,
    )
    case.stage.memory["signed"] = case.stage.memory.get("signed", 0) + 1
    every = case.fate.get("ends_early_every")
    return day + timedelta(days=21) if every and case.stage.memory["signed"] % every == 0 else None


def _end(case: Case, contract: WorkContract, now: datetime) -> None:
    contract.refresh_from_db()
    end_contract(
        contract=contract,
        on=paris_day(now),
        early=True,
        initiator="employee",
        version=contract.version,
        by=case.by,
        now=now,
    )


def rehearse_profiles_sheet(case: Case, rng: Random, now: datetime) -> None:
    """Gather the agreements of a few people still looking, make an edition and send it to three employers."""
    day = paris_day(now)
    looking = [
        one.enrolment
        for one in case.stage.cases
        if one.enrolment is not None and one.traits is not None and not one.traits.is_protected
        and (one.outcome is None or one.outcome > day)
    ]  # fmt: skip
    inside = Enrolment.objects.filter(pk__in=[one.pk for one in looking], state=EnrolmentState.OPEN).order_by("pk")
    agreements = [
        agree_to_sheet(
            enrolment=enrolment,
            card={"first_name": enrolment.person.first_name, "trade": rng.choice(JOBS)},
            agreed_on=day,
            expires_on=day + timedelta(days=90),
            by=case.by,
            now=now,
        )
        for enrolment in inside.select_related("person", "action")[:CARDS_A_SHEET]
    ]
    if agreements:
        sheet = create_sheet(
            action=case.stage.action,
            title="Profils du club",
            edition_on=day,
            agreements=agreements,
            by=case.by,
            now=now,
        )
        send_sheet(sheet=sheet, companies=rng.sample(list(case.stage.companies[:-1]), k=3), by=case.by, now=now)
