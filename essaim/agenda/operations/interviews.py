"""What became of an appointment: held, with its goals; missed; and what was noted by mistake. The rows and the fil say
the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.enums import AbsenceReason, AppointmentState, AppointmentType, GoalKind, GoalState, OccupationSource
from essaim.agenda.models import Appointment, Goal
from essaim.agenda.operations.appointments import AppointmentRefused, occupy_for, require_state, take_appointment
from essaim.agenda.operations.occupations import free
from essaim.agenda.queries.appointments import STEP, InterviewRules, open_goals_of, rules_of
from essaim.journal.operations import record, void_fact
from essaim.journeys.operations import complete_step, reset_step
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError
from essaim.kernel.formats import count, long_day

AGENDA = "agenda"
NOTED = (AppointmentState.HELD, AppointmentState.MISSED, AppointmentState.EXCUSED)
HELD, HELD_OUTSIDE, MISSED = "interview_held", "agenda.interview_held", "agenda.appointment_missed"
FARTHEST_GOAL = timedelta(days=366)
MOST_GOALS, LARGEST_TARGET = 12, 1000


class GoalsRefused(OperationError):  # noqa: N818 - the words of the screen
    """Goals that the practice asks to set or to review, or that cannot be so."""


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """A goal as it is set: its nature, its words, how many when it can be counted, for which day."""

    kind: str
    words: str
    due_on: date
    target: int | None = None


@transaction.atomic
def hold_appointment(
    *,
    appointment: Appointment,
    goals_review: Sequence[tuple[Goal, str]] = (),
    new_goals: Sequence[GoalPlan] = (),
    validated: Iterable[str] = (),
    version: int,
    by: Membership,
    now: datetime,
) -> Appointment:
    """Note that an interview took place: what became of the goals of the last time, which ones are set, what it
    validates.

    Guarantees one ``interview_held`` (type, goals set, goals reached) at the moment of the appointment, the step of the
    parcours done, and the counsellor and the person still taken then. Without action the fact is local. Refused
    (AppointmentRefused): no longer planned, a day to come, something validated that the practice does not ask;
    (GoalsRefused) goals unreviewed when the practice reviews them, none set when it sets some (but at the exit), goals
    without parcours; EditConflict.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=[AppointmentState.PLANNED])
    if paris_day(appointment.starts) > paris_day(now):
        raise AppointmentRefused("Ce rendez-vous est à venir : notez-le une fois tenu.")
    return _write_interview(appointment, goals_review, new_goals, validated, by, now)


@transaction.atomic
def correct_interview(
    *,
    appointment: Appointment,
    goals_review: Sequence[tuple[Goal, str]] = (),
    new_goals: Sequence[GoalPlan] = (),
    validated: Iterable[str] = (),
    version: int,
    by: Membership,
    now: datetime,
) -> Appointment:
    """Set right what was noted of an interview: its goals are written again, a new fact replaces the former.

    Refused as ``hold_appointment``; not held; goals set there that a later interview reviewed already; EditConflict.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=[AppointmentState.HELD])
    _take_goals_back(appointment)
    return _write_interview(appointment, goals_review, new_goals, validated, by, now)


@transaction.atomic
def miss_appointment(
    *, appointment: Appointment, state: str, reason: str = "", version: int, by: Membership, now: datetime
) -> Appointment:
    """Note that the person did not come: excused, even beforehand, or missed once the hour is past.

    Guarantees the row, a local fact that never counts as a contact, and everybody free then. Refused
    (AppointmentRefused): no longer planned, missed before it begins, an unknown reason, no reason when excused;
    EditConflict.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=[AppointmentState.PLANNED])
    if state not in (AppointmentState.EXCUSED, AppointmentState.MISSED):
        raise AppointmentRefused("Choisissez : absence excusée ou non.", field="state")
    if (reason and reason not in AbsenceReason.values) or (not reason and state == AppointmentState.EXCUSED):
        raise AppointmentRefused("Choisissez le motif de l’absence.", field="reason")
    if state == AppointmentState.MISSED and appointment.starts > now:
        raise AppointmentRefused("L’heure n’est pas encore passée.", field="state")
    appointment.state = AppointmentState(state)
    appointment.absence_reason = reason or AbsenceReason.UNKNOWN
    appointment.fact = record(
        MISSED,
        emitter=AGENDA,
        action=appointment.action,
        at=min(appointment.starts, now),
        person=appointment.person,
        cohort=_cohort(appointment),
        by=by,
        now=now,
        data={"state": str(state), "reason": str(appointment.absence_reason)},
    )
    appointment.save()
    free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
    return appointment


@transaction.atomic
def reopen_appointment(*, appointment: Appointment, version: int, by: Membership, now: datetime) -> Appointment:
    """Cancel what was noted of an appointment, by mistake: its fact is voided, its goals go, it is planned again.

    Refused (AppointmentRefused): nothing noted; (GoalsRefused) goals set there that a later interview reviewed;
    OccupationConflict when someone was taken since; EditConflict.
    """
    appointment = take_appointment(appointment=appointment, version=version, by=by)
    require_state(appointment=appointment, states=NOTED)
    assert appointment.fact is not None
    was_held = appointment.state == AppointmentState.HELD
    if was_held:
        _take_goals_back(appointment)
    void_fact(appointment.fact, emitter=_emitter(appointment, appointment.fact.kind), by=by, now=now)
    appointment.state, appointment.fact = AppointmentState.PLANNED, None
    appointment.absence_reason, appointment.validated = "", []
    appointment.save()
    free(source=OccupationSource.APPOINTMENT, source_ref=appointment.ref)
    occupy_for(appointment=appointment, by=by)
    if was_held and appointment.enrolment and appointment.step and not _is_held_elsewhere(appointment):
        reset_step(enrolment=appointment.enrolment, step=appointment.step, on=paris_day(now))
    return appointment


def _write_interview(
    appointment: Appointment,
    goals_review: Sequence[tuple[Goal, str]],
    new_goals: Sequence[GoalPlan],
    validated: Iterable[str],
    by: Membership,
    now: datetime,
) -> Appointment:
    rules = rules_of(appointment.action, appointment.step)
    appointment.validated = _check_validated(rules, validated)
    on = paris_day(appointment.starts)
    reached = _review_goals(appointment, rules, goals_review, on)
    _set_goals(appointment, rules, new_goals, on)
    data: dict[str, object] = {"type": appointment.type}
    if appointment.enrolment is not None:
        data |= {"goals_set": len(new_goals), "goals_reached": reached}
    kind = HELD if appointment.action is not None else HELD_OUTSIDE
    appointment.fact = record(
        kind,
        emitter=_emitter(appointment, kind),
        action=appointment.action,
        at=min(appointment.starts, now),
        person=appointment.person,
        cohort=_cohort(appointment),
        by=by,
        now=now,
        data=data,
        corrects=appointment.fact,
    )
    appointment.state = AppointmentState.HELD
    appointment.save()
    if appointment.enrolment is not None and appointment.step:
        complete_step(enrolment=appointment.enrolment, step=appointment.step, on=on, by=by, now=now)
    return appointment


def _check_validated(rules: InterviewRules, validated: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(validated))
    if set(found) - set(rules.validates):
        raise AppointmentRefused("Cet entretien ne valide pas cela.", field="validated")
    return found


def _review_goals(appointment: Appointment, rules: InterviewRules, review: Sequence[tuple[Goal, str]], on: date) -> int:
    """Write what became of the goals, and return how many are reached. A goal not yet due may stay as it is."""
    still_open = {
        goal.pk: goal
        for goal in open_goals_of(appointment.enrolment, before=appointment).select_for_update(of=("self",))
    }
    told = {goal.pk: state for goal, state in review}
    if set(told) - set(still_open):
        raise GoalsRefused("Un de ces objectifs vient d’être revu : rechargez la page.")
    if rules.reviews_goals and (missing := len(set(still_open) - set(told))):
        raise GoalsRefused(f"Dites où en est chaque objectif de la dernière fois : il en reste {missing} à revoir.")
    for key, state in told.items():
        goal = still_open[key]
        if state not in GoalState.values:
            raise GoalsRefused("Choisissez : atteint, en partie, pas atteint ou abandonné.")
        if state == GoalState.SET:
            if goal.due_on <= on:
                raise GoalsRefused(f"« {goal.words} » était pour le {long_day(goal.due_on)} : dites où il en est.")
            continue
        goal.state, goal.reviewed_at = GoalState(state), appointment
        goal.save(update_fields=["state", "reviewed_at"])
    return sum(state == GoalState.REACHED for state in told.values())


def _set_goals(appointment: Appointment, rules: InterviewRules, plans: Sequence[GoalPlan], on: date) -> None:
    enrolment = appointment.enrolment
    if enrolment is None:
        if plans:
            raise GoalsRefused("Les objectifs se fixent dans un parcours : inscrivez d’abord la personne.")
        return
    if rules.sets_goals and not plans and appointment.type != AppointmentType.EXIT:
        raise GoalsRefused("Fixez au moins un objectif pour la prochaine fois.", field="goals")
    if len(plans) > MOST_GOALS:
        raise GoalsRefused(f"Pas plus de {count(MOST_GOALS, 'objectif')} à la fois.", field="goals")
    Goal.objects.bulk_create(Goal(enrolment=enrolment, set_at=appointment, **_checked(plan, on)) for plan in plans)


def _checked(plan: GoalPlan, on: date) -> dict[str, object]:
    words = " ".join(plan.words.split())
    if plan.kind not in GoalKind.values:
        raise GoalsRefused("Choisissez la nature de l’objectif.", field="goals")
    if not words or len(words) > 200:
        raise GoalsRefused("Écrivez chaque objectif, en 200 caractères au plus.", field="goals")
    if not on < plan.due_on <= on + FARTHEST_GOAL:
        raise GoalsRefused("Un objectif se fixe pour un jour à venir, dans l’année.", field="goals")
    if plan.target is not None and not 1 <= plan.target <= LARGEST_TARGET:
        raise GoalsRefused("Le nombre d’un objectif va de 1 à 1 000.", field="goals")
    return {"kind": plan.kind, "words": words, "target": plan.target, "due_on": plan.due_on}


def _take_goals_back(appointment: Appointment) -> None:
    """Undo the goals of this interview: those set go, those reviewed are open again."""
    if appointment.goals_set.exclude(state=GoalState.SET).exists():
        raise GoalsRefused(
            "Des objectifs fixés ce jour-là ont été revus depuis : corrigez d’abord l’entretien suivant."
        )
    appointment.goals_set.all().delete()
    appointment.goals_reviewed.update(state=GoalState.SET, reviewed_at=None)


def _is_held_elsewhere(appointment: Appointment) -> bool:
    held = Appointment.objects.filter(
        enrolment=appointment.enrolment, step=appointment.step, state=AppointmentState.HELD
    )
    return held.exclude(pk=appointment.pk).exists()


def _emitter(appointment: Appointment, kind: str) -> str:
    return STEP if kind == HELD and appointment.step else AGENDA


def _cohort(appointment: Appointment) -> str | None:
    enrolment = appointment.enrolment
    return enrolment.group.ref if enrolment is not None and enrolment.group is not None else None
