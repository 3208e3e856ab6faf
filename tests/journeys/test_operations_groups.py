"""Groups inside an action, their places, the people who change, the team."""

from datetime import date
from decimal import Decimal

import pytest

from essaim.journal.models import Fact
from essaim.journeys.models import Decision, Group
from essaim.journeys.operations import (
    EnrolmentRefused,
    GroupRefused,
    NoPlaceLeft,
    StaffRefused,
    assign_staff,
    cancel_enrolment,
    close_enrolment,
    close_group,
    create_group,
    create_proposed_groups,
    decide_prescription,
    end_staff,
    join_queue,
    move_to_group,
    reopen_enrolment,
    update_group,
)
from essaim.kernel.edit_versions import EditConflict
from essaim.people.models import AccessGrant
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import (
    VALIDATED,
    make_action,
    make_eligible,
    make_enrolment,
    make_group,
    make_prescription,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def club(manager):
    return make_action(manager, places=60)


def fill(by, action, group, number, **values):
    return [make_enrolment(by, action, group=group, **values) for _ in range(number)]


def test_the_groups_of_the_fiche_are_opened_at_once(manager, now):
    action = make_action(manager, places=18)
    made = create_proposed_groups(action=action, by=manager, now=now)
    action.refresh_from_db()
    assert [(group.name, group.places) for group in made] == [("Club 1", 18), ("Club 2", 18), ("Club 3", 18)]
    assert action.places == 54
    with pytest.raises(GroupRefused, match="déjà des groupes"):
        create_proposed_groups(action=action, by=manager, now=now)


@pytest.mark.parametrize("places", [14, 21, 0])
def test_a_group_has_the_size_of_the_fiche(manager, club, places):
    with pytest.raises(GroupRefused, match="15 à 20") as refusal:
        make_group(manager, club, places=places)
    assert refusal.value.field == "places"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Nord"}, "name"),
        ({"ends": date(2026, 5, 1)}, "ends"),
        ({"starts": date(2026, 5, 1), "ends": date(2026, 4, 1)}, "ends"),
        ({"starts": date(2025, 5, 1)}, "starts"),
    ],
)
def test_a_group_written_wrong_is_told_beside_it(manager, club, values, field):
    make_group(manager, club, "Nord")
    with pytest.raises(GroupRefused) as refusal:
        make_group(manager, club, **({"name": "Sud"} | values))
    assert refusal.value.field == field


def test_the_animateur_is_of_the_organisation(manager, club):
    colleague, stranger = MembershipFactory(organisation=manager.organisation), MembershipFactory()
    assert make_group(manager, club, "Nord", facilitator=colleague.user).facilitator == colleague.user
    with pytest.raises(GroupRefused) as refusal:
        make_group(manager, club, "Sud", facilitator=stranger.user)
    assert refusal.value.field == "facilitator"


def test_a_group_changes_but_not_under_its_people(manager, club, now):
    group = make_group(manager, club, places=20)
    fill(manager, club, group, 16)
    with pytest.raises(GroupRefused, match="16 personnes"):
        update_group(group=group, name="Nord", places=15, version=1, by=manager, now=now)
    changed = update_group(
        group=group, name="Nord", places=17, venue="Agence", version=1, by=manager, now=now, adds_places=True
    )
    assert (changed.name, changed.places, changed.venue, changed.version) == ("Nord", 17, "Agence", 2)
    with pytest.raises(EditConflict):
        update_group(group=group, name="Nord", places=18, version=1, by=manager, now=now)


def test_places_of_the_action_follow_only_when_asked(manager, now):
    action = make_action(manager, places=20)
    make_group(manager, action, "Nord", places=20)
    make_group(manager, action, "Sud", places=20)
    action.refresh_from_db()
    assert action.places == 20
    create_group(action=action, name="Est", places=15, adds_places=True, by=manager, now=now)
    action.refresh_from_db()
    assert action.places == 55


def test_a_group_closes_once_empty(manager, club, now):
    group = make_group(manager, club)
    enrolment = make_enrolment(manager, club, group=group)
    with pytest.raises(GroupRefused, match="encore"):
        close_group(group=group, on=TODAY, version=1, by=manager, now=now)
    close_enrolment(enrolment=enrolment, reason="job", on=TODAY, version=1, by=manager, now=now)
    waiting = join_queue(action=club, person=make_eligible(manager), group=group, by=manager, now=now)
    with pytest.raises(GroupRefused, match="attendent"):
        close_group(group=group, on=TODAY, version=1, by=manager, now=now)
    waiting.delete()
    closed = close_group(group=group, on=TODAY, version=1, by=manager, now=now)
    assert closed.closed_on == TODAY
    with pytest.raises(EnrolmentRefused, match="plus ouvert"):
        make_enrolment(manager, club, group=group)
    with pytest.raises(EnrolmentRefused, match="plus ouvert"):
        reopen_enrolment(enrolment=enrolment, version=2, by=manager, now=now)


def test_only_those_who_steer_touch_the_groups(manager, club, now):
    group = make_group(manager, club)
    for member in (MembershipFactory(manager=True), MembershipFactory(organisation=manager.organisation, funder=True)):
        with pytest.raises(GroupRefused):
            make_group(member, club, "Autre")
        with pytest.raises(GroupRefused):
            create_proposed_groups(action=club, by=member, now=now)
        with pytest.raises(GroupRefused):
            update_group(group=group, name="Autre", places=18, version=1, by=member, now=now)
        with pytest.raises(GroupRefused):
            close_group(group=group, on=TODAY, version=1, by=member, now=now)
        with pytest.raises(StaffRefused):
            assign_staff(action=club, name="Léo", role="mentor", starts=TODAY, by=member, now=now)


def test_places_of_a_group_are_exact(manager, club, now):
    group = make_group(manager, club, places=15)
    fill(manager, club, group, 15)
    with pytest.raises(NoPlaceLeft, match=r"Club 1.* est complet") as refusal:
        make_enrolment(manager, club, group=group)
    assert refusal.value.field == "group"
    assert make_enrolment(manager, club).group is None


def test_the_entry_carries_its_group_in_the_fil(manager, club, now):
    group = make_group(manager, club)
    enrolment = make_enrolment(manager, club, group=group)
    closed = close_enrolment(enrolment=enrolment, reason="job", on=TODAY, version=1, by=manager, now=now)
    assert (enrolment.opened_fact.cohort, closed.closed_fact.cohort) == (group.ref, group.ref)


def test_changing_groups_keeps_the_clock(manager, club, now):
    north, south = make_group(manager, club, "Nord"), make_group(manager, club, "Sud", places=15)
    enrolment = make_enrolment(manager, club, group=north)
    moved = move_to_group(enrolment=enrolment, group=south, version=1, by=manager, now=now)
    assert (moved.group, moved.opened_on, moved.due_on) == (south, enrolment.opened_on, enrolment.due_on)
    fact = Fact.objects.get(kind="journeys.group_changed")
    assert (fact.data, fact.cohort) == ({"before": north.ref, "after": south.ref}, south.ref)
    with pytest.raises(GroupRefused, match="déjà dans"):
        move_to_group(enrolment=moved, group=south, version=2, by=manager, now=now)
    with pytest.raises(EditConflict):
        move_to_group(enrolment=moved, group=north, version=1, by=manager, now=now)
    fill(manager, club, south, 14)
    late = make_enrolment(manager, club, group=north)
    with pytest.raises(GroupRefused, match="complet"):
        move_to_group(enrolment=late, group=south, version=1, by=manager, now=now)


def test_the_coordination_moves_people_and_a_counsellor_does_not(manager, club, now):
    north, south = make_group(manager, club, "Nord"), make_group(manager, club, "Sud")
    enrolment = make_enrolment(manager, club, group=north)
    coordinator = MembershipFactory(organisation=manager.organisation)
    with pytest.raises(GroupRefused, match="coordination"):
        move_to_group(enrolment=enrolment, group=south, version=1, by=coordinator, now=now)
    assign_staff(action=club, user=coordinator.user, role="coordinator", starts=TODAY, by=manager, now=now)
    assert move_to_group(enrolment=enrolment, group=south, version=1, by=coordinator, now=now).group == south


def test_entries_by_small_groups_only(manager, now):
    action = make_action(manager, settings={"entry_mode": "small_groups", "entry_on_free_place": False})
    group = make_group(manager, action, starts=date(2026, 3, 2), ends=date(2026, 6, 1))
    with pytest.raises(EnrolmentRefused, match="petits groupes") as refusal:
        make_enrolment(manager, action, group=group, on=date(2026, 3, 9))
    assert refusal.value.field == "on"
    make_enrolment(manager, action, group=group, on=date(2026, 3, 2))
    make_enrolment(manager, action, group=group, on=date(2026, 3, 2))
    for outside in (date(2026, 3, 1), date(2026, 6, 2)):
        with pytest.raises(EnrolmentRefused):
            make_enrolment(manager, action, group=group, on=outside)


def test_what_the_interview_must_validate(manager, club):
    with pytest.raises(EnrolmentRefused, match="valider la motivation avant") as refusal:
        make_enrolment(manager, club, validated=["project"])
    assert refusal.value.field == "validated"
    with pytest.raises(EnrolmentRefused, match="le projet et la motivation"):
        make_enrolment(manager, club, validated=())
    assert make_enrolment(manager, club).validated == ["project", "motivation"]


def test_an_entry_takes_what_the_decision_validated_and_settles_it(manager, club, now):
    asked = make_prescription(manager, club)
    made = decide_prescription(
        prescription=asked, outcome="accepted", validated=VALIDATED, on=TODAY, version=1, by=manager, now=now
    )
    enrolment = make_enrolment(manager, club, asked.person, on=TODAY, validated=())
    made.refresh_from_db()
    assert made.enrolment == enrolment
    steps = dict(enrolment.steps.values_list("step", "status"))
    assert (steps["orientation"], steps["initial_interview"], steps["entry"]) == ("done", "done", "done")
    cancel_enrolment(enrolment=enrolment, version=1, by=manager, now=now)
    made.refresh_from_db()
    assert made.enrolment is None


def test_entering_accepts_the_open_prescription(manager, club, now):
    asked = make_prescription(manager, club)
    enrolment = make_enrolment(manager, club, asked.person, on=TODAY)
    asked.refresh_from_db()
    decision = Decision.objects.get()
    assert (asked.state, decision.enrolment, decision.prescription) == ("accepted", enrolment, asked)
    assert decision.fact.data == {"step": "opportunity", "outcome": "accepted", "criteria": "project motivation"}
    assert not AccessGrant.objects.filter(origin=asked.ref, until__isnull=True).exists()


def test_the_team_is_told_by_a_code_that_stays(manager, club, now):
    group = make_group(manager, club)
    first = assign_staff(
        action=club,
        user=manager.user,
        role="coordinator",
        fte=Decimal("0.5"),
        starts=date(2026, 1, 5),
        by=manager,
        now=now,
    )
    other = assign_staff(action=club, name="Léo Marin", role="mentor", group=group, starts=TODAY, by=manager, now=now)
    again = assign_staff(action=club, user=manager.user, role="referent", starts=TODAY, by=manager, now=now)
    assert first.fact.data == {"member": "M1", "role": "coordinator", "fte": 0.5, "starts": "2026-01-05"}
    assert (other.fact.data["member"], other.fact.cohort) == ("M2", group.ref)
    assert again.fact.data["member"] == "M1"
    ended = end_staff(staff=first, on=date(2026, 6, 30), by=manager, now=now)
    assert ended.fact.data["ends"] == "2026-06-30"
    assert not Fact.objects.get(pk=first.fact_id).live
    with pytest.raises(StaffRefused):
        end_staff(staff=first, on=date(2026, 1, 1), by=manager, now=now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"role": "chef"}, "role"),
        ({"fte": Decimal(2)}, "fte"),
        ({"ends": date(2026, 1, 1)}, "ends"),
    ],
)
def test_a_member_written_wrong_is_told_beside_it(manager, club, now, values, field):
    given = {"name": "Léo", "role": "mentor", "starts": TODAY} | values
    with pytest.raises(StaffRefused) as refusal:
        assign_staff(action=club, by=manager, now=now, **given)
    assert refusal.value.field == field


def test_a_group_of_another_action_is_not_entered(manager, club):
    elsewhere = make_group(manager, make_action(manager))
    with pytest.raises(EnrolmentRefused):
        make_enrolment(manager, club, group=elsewhere)
    assert Group.objects.count() == 1
