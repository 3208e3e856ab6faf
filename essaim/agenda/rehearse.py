"""How an invented person, or her group, goes through the steps of the agenda."""

from datetime import date, datetime, time, timedelta
from random import Random

from essaim.agenda.engine.holidays import first_open_day
from essaim.agenda.engine.rhythm import next_day, rhythm_of, working_days
from essaim.agenda.enums import AbsenceReason, GoalKind, GoalState, SessionState
from essaim.agenda.models import Appointment, Goal, PlannedSession, Registration
from essaim.agenda.operations import (
    AttendanceRow,
    GoalPlan,
    OccupationConflict,
    PlanRefused,
    accept_hand_over,
    hold_appointment,
    make_appointment,
    miss_appointment,
    plan_session,
    plan_training,
    record_attendance,
    register_group,
)
from essaim.agenda.queries.sessions import list_parcours_of_day
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import request_hand_over
from essaim.kernel.days import PARIS, paris_day
from essaim.kernel.rehearsing import Case, moments_of
from essaim.people.queries import visible_people

MISSED_SHARE, ABSENT_SHARE = 0.1, 0.15
SUNDAY, DAYS_TRIED = 6, 4
LONGEST_TRAINING = timedelta(days=14)
GOALS = {
    GoalKind.APPLICATIONS: ("Envoyer des candidatures ciblées", 5),
    GoalKind.CALLS: ("Appeler des employeurs de la liste", 6),
    GoalKind.CV: ("Refaire la présentation de son CV", None),
    GoalKind.VISITS: ("Se présenter dans une entreprise du quartier", 2),
}
GOAL_STATES = (GoalState.REACHED, GoalState.REACHED, GoalState.REACHED, GoalState.PARTLY, GoalState.MISSED)
WEEKLY_TITLES = ("Recherche d’offres", "Préparer ses appels", "Simulations d’entretien", "Candidatures du jour")


def at(day: date, hour: time) -> datetime:
    """Return that wall-clock hour in Paris."""
    return datetime.combine(day, hour, PARIS)


def rehearse_interview(case: Case, rng: Random, now: datetime) -> date | None:
    """Hold the interview of the day, review and set goals, then fix the next one at the practice's rhythm."""
    if case.settings["type"] != "initial" and not _is_open(case):
        return None
    appointment = case.memory.pop("appointment", None) or _fix(case, paris_day(now), rng, now)
    if paris_day(appointment.starts) > paris_day(now):
        case.memory["appointment"] = appointment
        return paris_day(appointment.starts)
    appointment.refresh_from_db()
    if case.settings["type"] == "initial":
        _hold_initial(case, appointment, now)
        return None
    if rng.random() < MISSED_SHARE:
        _miss(case, appointment, rng, now)
    else:
        _hold(case, appointment, rng, now)
    return _fix_next(case, rng, now)


def _is_open(case: Case) -> bool:
    return Enrolment.objects.filter(pk=case.enrolment.pk, state=EnrolmentState.OPEN).exists()


def _fix(case: Case, day: date, rng: Random, now: datetime) -> Appointment:
    """Fix an appointment on that day, or on the next one when both are free at some moment."""
    for starts, ends in (moment for later in working_days(day, DAYS_TRIED) for moment in moments_of(later, rng)):
        try:
            return make_appointment(
                person=case.person,
                type=case.settings["type"],
                user=case.by.user,
                starts=starts,
                ends=ends,
                action=case.stage.action,
                enrolment=case.enrolment,
                step=case.step.key,
                by=case.by,
                now=now,
            )
        except OccupationConflict:
            continue
    raise AssertionError(f"nobody is free from {day} on")


def _hold_initial(case: Case, appointment: Appointment, now: datetime) -> None:
    hold_appointment(
        appointment=appointment,
        validated=case.settings.get("validates") or (),
        version=appointment.version,
        by=case.by,
        now=now,
    )


def _hold(case: Case, appointment: Appointment, rng: Random, now: datetime) -> None:
    due = paris_day(now) + timedelta(days=7)
    open_goals = Goal.objects.filter(enrolment=case.enrolment, state=GoalState.SET).order_by("pk")
    kind = rng.choice(list(GOALS))
    words, target = GOALS[kind]
    hold_appointment(
        appointment=appointment,
        goals_review=[(goal, rng.choice(GOAL_STATES)) for goal in open_goals],
        new_goals=[GoalPlan(kind=kind, words=words, target=target, due_on=due)],
        version=appointment.version,
        by=case.by,
        now=now,
    )


def _miss(case: Case, appointment: Appointment, rng: Random, now: datetime) -> None:
    is_excused = rng.random() < 0.6
    miss_appointment(
        appointment=appointment,
        state="excused" if is_excused else "missed",
        reason=rng.choice([AbsenceReason.WORK, AbsenceReason.HEALTH]) if is_excused else AbsenceReason.UNKNOWN,
        version=appointment.version,
        by=case.by,
        now=now,
    )


def _fix_next(case: Case, rng: Random, now: datetime) -> date | None:
    rhythm = rhythm_of(case.settings)
    if rhythm is None:
        return None
    day = next_day(rhythm, entered=case.enrolment.opened_on, after=paris_day(now))
    if case.outcome is not None and day >= case.outcome:
        return None
    case.memory["appointment"] = _fix(case, day, rng, now)
    return paris_day(case.memory["appointment"].starts)


def rehearse_sessions(case: Case, rng: Random, now: datetime) -> date | None:
    """Plan the coming week of the group on Sunday, say on Friday who came."""
    day = paris_day(now)
    if day.weekday() == SUNDAY:
        plan = {"training": _plan_training, "weekly": _plan_week}.get(case.settings["phase"])
        if plan is not None and Enrolment.objects.filter(group=case.group, state=EnrolmentState.OPEN).exists():
            plan(case, day, rng, now)
        return day + timedelta(days=5)
    _record_past(case, rng, now)
    return None


def _plan_training(case: Case, day: date, rng: Random, now: datetime) -> None:
    """Train those who were not yet; a week that a public holiday pushed onto the next one waits for it to end."""
    trained = Registration.objects.filter(planned__step=case.step.key, planned__session__action=case.stage.action)
    newcomers = Enrolment.objects.filter(group=case.group, state=EnrolmentState.OPEN, opened_on__lte=day)
    newcomers = newcomers.exclude(person__in=trained.values("person")).select_related("person")
    if not newcomers.exists() or day + LONGEST_TRAINING > case.stage.action.ends:
        return
    try:
        training = plan_training(
            action=case.stage.action,
            step=case.step.key,
            first_day=day + timedelta(days=1),
            group=case.group,
            by=case.by,
            now=now,
        )
    except PlanRefused:
        return
    expected = list(newcomers)
    for session in training.sessions:
        register_group(planned=session, enrolments=expected, by=case.by, now=now)


def _plan_week(case: Case, day: date, rng: Random, now: datetime) -> None:
    days = [day + timedelta(days=2 + rank) for rank in range(case.settings["per_week_min"])]
    for held_on in (one for one in days if one <= case.stage.action.ends):
        session = plan_session(
            action=case.stage.action,
            kind="group",
            title=rng.choice(WEEKLY_TITLES),
            starts=at(held_on, time(14)),
            ends=at(held_on, time(17)),
            group=case.group,
            step=case.step.key,
            by=case.by,
            now=now,
        )
        register_group(planned=session, by=case.by, now=now)


def _record_past(case: Case, rng: Random, now: datetime) -> None:
    past = PlannedSession.objects.filter(
        session__action=case.stage.action,
        group=case.group,
        step=case.step.key,
        state=SessionState.PLANNED,
        ends__lt=now,
    )
    for planned in past.order_by("starts"):
        registered = planned.registrations.filter(
            cancelled_at__isnull=True, person__in=visible_people(case.by).values("pk")
        ).filter(person__in=list_parcours_of_day(planned).values("person"))
        registered = registered.select_related("person").order_by("pk")
        rows = [_row(one.person, rng) for one in registered]
        record_attendance(planned=planned, rows=rows, version=planned.version, by=case.by, now=now)


def _row(person: object, rng: Random) -> AttendanceRow:
    if rng.random() > ABSENT_SHARE:
        return AttendanceRow(person, "present")  # type: ignore[arg-type]
    if rng.random() < 0.6:
        return AttendanceRow(person, "excused", None, rng.choice([AbsenceReason.WORK, AbsenceReason.FAMILY]))  # type: ignore[arg-type]
    return AttendanceRow(person, "absent", None, AbsenceReason.UNKNOWN)  # type: ignore[arg-type]


def rehearse_hand_over(case: Case, rng: Random, now: datetime) -> None:
    """Pass the person on to her prescriber, or to a colleague, who accepts and fixes a first appointment."""
    receiver = case.stage.prescribers[case.traits.source if case.traits else 0]
    if receiver.user_id == case.by.user_id:
        receiver = next(one for one in case.stage.counsellors if one.user_id != case.by.user_id)
    hand_over = request_hand_over(
        person=case.person,
        enrolment=case.enrolment,
        to_organisation=receiver.organisation,
        to_user=receiver.user,
        words="A gagné en assurance ; reste à trouver le premier contrat.",
        by=case.by,
        now=now,
    )
    for starts, ends in moments_of(first_open_day(paris_day(now) + timedelta(days=2)), rng):
        try:
            accept_hand_over(
                hand_over=hand_over, starts=starts, ends=ends, version=hand_over.version, by=receiver, now=now
            )
            return
        except OccupationConflict:
            continue
