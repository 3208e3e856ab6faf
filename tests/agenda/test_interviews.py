"""Interviews held and missed: goals set and reviewed, the fact and the rows saying the same."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.agenda.enums import AppointmentState, GoalState
from essaim.agenda.models import Goal, Occupation
from essaim.agenda.operations import (
    AppointmentRefused,
    GoalPlan,
    GoalsRefused,
    correct_interview,
    hold_appointment,
    miss_appointment,
    reopen_appointment,
)
from essaim.agenda.queries import propose_next
from essaim.journal.models import Fact
from essaim.journal.queries import last_contact_of
from essaim.journeys.models import StepState
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.journeys import make_action, make_eligible, make_enrolment

pytestmark = pytest.mark.django_db

MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # an hour before now
WEEK = timedelta(days=7)
CALLS = GoalPlan("calls", "Appeler 5 entreprises du bâtiment", date(2026, 11, 30), target=5)
LETTER = GoalPlan("cv", "Finir la lettre", date(2026, 11, 27))


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def enrolment(counsellor):
    return make_enrolment(counsellor, on=date(2026, 11, 9))


def meet(counsellor, enrolment, starts=MONDAY_9, *, now, type="weekly", **values):
    return make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, starts=starts, type=type, **values
    )


def hold(appointment, by, now, *, goals=(CALLS,), review=(), **values):
    return hold_appointment(
        appointment=appointment, new_goals=goals, goals_review=review, version=appointment.version, by=by, now=now,
        **values,
    )  # fmt: skip


def facts(kind):
    return list(Fact.objects.filter(kind=kind, live=True).order_by("pk"))


def test_an_interview_held_is_a_row_a_fact_and_a_step(counsellor, enrolment, now):
    held = hold(meet(counsellor, enrolment, now=now), counsellor, now, goals=(CALLS, LETTER))
    (fact,) = facts("interview_held")
    assert (held.state, held.fact) == (AppointmentState.HELD, fact)
    assert fact.data == {"type": "weekly", "goals_set": 2, "goals_reached": 0}
    assert (fact.at, fact.action, fact.subject.person) == (MONDAY_9, enrolment.action, enrolment.person)
    assert [(goal.words, goal.target, goal.state) for goal in Goal.objects.all()] == [
        (LETTER.words, None, "set"),
        (CALLS.words, 5, "set"),
    ]
    assert StepState.objects.get(enrolment=enrolment, step="weekly").status == "done"
    assert last_contact_of(enrolment.person) == date(2026, 11, 23)


def test_the_next_interview_reviews_what_the_last_one_set(counsellor, enrolment, now):
    hold(meet(counsellor, enrolment, MONDAY_9 - WEEK, now=now), counsellor, now, goals=(
        GoalPlan("calls", "Appeler", date(2026, 11, 23)), GoalPlan("cv", "Écrire le CV", date(2026, 11, 23))
    ))  # fmt: skip
    this = meet(counsellor, enrolment, now=now)
    first, second = Goal.objects.order_by("pk")
    with pytest.raises(GoalsRefused, match="il en reste 2"):
        hold(this, counsellor, now)
    with pytest.raises(GoalsRefused, match="il en reste 1"):
        hold(this, counsellor, now, review=[(first, "reached")])
    with pytest.raises(GoalsRefused, match="dites où il en est"):
        hold(this, counsellor, now, review=[(first, "set"), (second, "reached")])
    with pytest.raises(GoalsRefused, match="Choisissez"):
        hold(this, counsellor, now, review=[(first, "perhaps"), (second, "reached")])
    assert [fact.data["goals_reached"] for fact in facts("interview_held")] == [0]
    hold(this, counsellor, now, review=[(first, "reached"), (second, "partly")])
    assert facts("interview_held")[1].data == {"type": "weekly", "goals_set": 1, "goals_reached": 1}
    assert list(Goal.objects.order_by("pk").values_list("state", "reviewed_at")) == [
        ("reached", this.pk),
        ("partly", this.pk),
        ("set", None),
    ]


def test_a_goal_not_yet_due_may_wait(counsellor, enrolment, now):
    hold(meet(counsellor, enrolment, MONDAY_9 - WEEK, now=now), counsellor, now)
    hold(meet(counsellor, enrolment, now=now), counsellor, now, review=[(Goal.objects.get(), "set")])
    assert Goal.objects.filter(state=GoalState.SET).count() == 2


def test_the_club_sets_a_goal_each_time_but_at_the_exit(counsellor, enrolment, now):
    this = meet(counsellor, enrolment, now=now)
    with pytest.raises(GoalsRefused, match="au moins un objectif"):
        hold(this, counsellor, now, goals=())
    last = make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, type="exit", step="weekly",
        starts=MONDAY_9 - timedelta(hours=2),
    )  # fmt: skip
    hold(last, counsellor, now, goals=())
    assert facts("interview_held")[0].data == {"type": "exit", "goals_set": 0, "goals_reached": 0}


def test_an_action_that_sets_no_goals_asks_for_none(counsellor, now):
    action = make_action(counsellor, settings={"goals_set": False, "goals_checked": False})
    enrolment = make_enrolment(counsellor, action)
    hold(meet(counsellor, enrolment, MONDAY_9 - WEEK, now=now), counsellor, now)
    hold(meet(counsellor, enrolment, now=now), counsellor, now, goals=())
    assert [fact.data["goals_set"] for fact in facts("interview_held")] == [1, 0]


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (GoalPlan("dance", "Danser", date(2026, 11, 30)), "nature"),
        (GoalPlan("calls", "  ", date(2026, 11, 30)), "Écrivez"),
        (GoalPlan("calls", "x" * 201, date(2026, 11, 30)), "Écrivez"),
        (GoalPlan("calls", "Appeler", date(2026, 11, 23)), "jour à venir"),
        (GoalPlan("calls", "Appeler", date(2028, 11, 23)), "jour à venir"),
        (GoalPlan("calls", "Appeler", date(2026, 11, 30), target=0), "de 1 à"),
    ],
)
def test_goals_that_do_not_hold_are_refused(counsellor, enrolment, now, goal, words):
    with pytest.raises(GoalsRefused, match=words):
        hold(meet(counsellor, enrolment, now=now), counsellor, now, goals=(goal,))
    assert not facts("interview_held") and not Goal.objects.exists()


def test_the_initial_interview_validates_what_the_practice_says(counsellor, now):
    action, person = make_action(counsellor), make_eligible(counsellor)
    this = make_meeting(counsellor, person, now=now, action=action, type="initial", starts=MONDAY_9)
    with pytest.raises(AppointmentRefused, match="ne valide pas"):
        hold(this, counsellor, now, goals=(), validated=["beauty"])
    with pytest.raises(GoalsRefused, match="inscrivez d’abord"):
        hold(this, counsellor, now)
    held = hold(this, counsellor, now, goals=(), validated=["project", "project"])
    assert held.validated == ["project"]
    assert facts("interview_held")[0].data == {"type": "initial"}


def test_outside_any_action_the_fact_is_local(counsellor, now):
    this = make_meeting(counsellor, now=now, starts=now - timedelta(minutes=20))
    hold(this, counsellor, now, goals=())
    (fact,) = facts("agenda.interview_held")
    assert (fact.action, fact.data) == (None, {"type": "followup"})
    assert last_contact_of(this.person) == date(2026, 11, 23)


def test_only_once_and_never_beforehand(counsellor, enrolment, now):
    later = meet(counsellor, enrolment, MONDAY_9 + WEEK, now=now)
    with pytest.raises(AppointmentRefused, match="à venir"):
        hold(later, counsellor, now)
    this = meet(counsellor, enrolment, now=now)
    held = hold(this, counsellor, now)
    with pytest.raises(AppointmentRefused, match="déjà noté : tenu"):
        hold(held, counsellor, now)
    with pytest.raises(EditConflict):
        hold(this, counsellor, now)
    with pytest.raises(AppointmentRefused, match="Vous ne prenez pas"):
        hold(held, MembershipFactory(), now)


def miss(appointment, by, now, state="missed", reason=""):
    return miss_appointment(
        appointment=appointment, state=state, reason=reason, version=appointment.version, by=by, now=now
    )


def test_missed_it_is_no_contact_and_takes_nobody(counsellor, enrolment, now):
    this = miss(meet(counsellor, enrolment, now=now), counsellor, now)
    (fact,) = facts("agenda.appointment_missed")
    assert fact.data == {"state": "missed", "reason": "unknown"}
    assert (this.state, this.fact, last_contact_of(enrolment.person)) == (AppointmentState.MISSED, fact, None)
    assert not Occupation.objects.filter(source_ref=this.ref).exists()


def test_excused_beforehand_with_a_reason(counsellor, enrolment, now):
    later = meet(counsellor, enrolment, MONDAY_9 + WEEK, now=now)
    for state, reason, words in (
        ("missed", "", "pas encore passée"),
        ("excused", "", "motif"),
        ("excused", "laziness", "motif"),
        ("held", "health", "excusée ou non"),
    ):
        with pytest.raises(AppointmentRefused, match=words):
            miss(later, counsellor, now, state, reason)
    excused = miss(later, counsellor, now, "excused", "health")
    assert (excused.state, excused.absence_reason, excused.fact.at) == ("excused", "health", now)


def test_a_correction_replaces_goals_and_fact(counsellor, enrolment, now):
    hold(meet(counsellor, enrolment, MONDAY_9 - WEEK, now=now), counsellor, now)
    old = Goal.objects.get()
    held = hold(meet(counsellor, enrolment, now=now), counsellor, now, review=[(old, "missed")])
    correct_interview(
        appointment=held, goals_review=[(old, "reached")], new_goals=(CALLS, LETTER), version=held.version,
        by=counsellor, now=now,
    )  # fmt: skip
    assert [fact.data["goals_reached"] for fact in facts("interview_held")] == [0, 1]
    assert Fact.objects.filter(kind="interview_held").count() == 3
    assert Goal.objects.get(pk=old.pk).state == GoalState.REACHED
    assert held.goals_set.count() == 2


def test_an_interview_that_a_later_one_reviewed_stays(counsellor, enrolment, now):
    first = hold(meet(counsellor, enrolment, MONDAY_9 - WEEK, now=now), counsellor, now)
    hold(meet(counsellor, enrolment, now=now), counsellor, now, review=[(Goal.objects.get(), "reached")])
    with pytest.raises(GoalsRefused, match="revus depuis"):
        correct_interview(appointment=first, version=first.version, by=counsellor, now=now)
    with pytest.raises(GoalsRefused, match="revus depuis"):
        reopen_appointment(appointment=first, version=first.version, by=counsellor, now=now)


def test_what_was_noted_by_mistake_is_planned_again(counsellor, enrolment, now):
    held = hold(meet(counsellor, enrolment, now=now), counsellor, now)
    again = reopen_appointment(appointment=held, version=held.version, by=counsellor, now=now)
    assert (again.state, again.fact, facts("interview_held")) == (AppointmentState.PLANNED, None, [])
    assert not Goal.objects.exists()
    assert StepState.objects.get(enrolment=enrolment, step="weekly").status == "current"
    missed = miss(again, counsellor, now)
    reopened = reopen_appointment(appointment=missed, version=missed.version, by=counsellor, now=now)
    assert (reopened.absence_reason, Occupation.objects.filter(source_ref=held.ref).count()) == ("", 2)
    with pytest.raises(AppointmentRefused):
        reopen_appointment(appointment=reopened, version=reopened.version, by=counsellor, now=now)


def test_the_next_appointment_is_proposed_at_the_rhythm_of_the_practice(counsellor, enrolment, now):
    held = hold(meet(counsellor, enrolment, now=now), counsellor, now)
    proposal = propose_next(held)
    assert (proposal.starts, proposal.type, proposal.step) == (MONDAY_9 + WEEK, "weekly", "weekly")
    assert proposal.ends - proposal.starts == timedelta(minutes=45)
    make_meeting(counsellor, now=now, starts=MONDAY_9 + WEEK)
    assert propose_next(held).starts == MONDAY_9 + WEEK + timedelta(days=1)
    meet(counsellor, enrolment, MONDAY_9 + 2 * WEEK, now=now)
    assert propose_next(held) is None


def test_later_less_often_and_never_after_the_exit(counsellor, now):
    enrolment = make_enrolment(counsellor)
    held = hold(meet(counsellor, enrolment, now=now), counsellor, now)
    assert propose_next(held).starts == MONDAY_9 + 2 * WEEK
    enrolment.state = "closed"
    held.enrolment = enrolment
    assert propose_next(held) is None
    assert propose_next(make_meeting(counsellor, now=now)) is None
