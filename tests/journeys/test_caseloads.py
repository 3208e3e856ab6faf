"""A caseload given in one act, and its monthly review."""

from datetime import date

import pytest

from essaim.accounts.models import User
from essaim.journal.models import Fact
from essaim.journeys.models import CaseloadMove, Enrolment, HandOver
from essaim.journeys.operations import (
    CaseloadRefused,
    close_enrolment,
    decide_review_line,
    hold_review,
    move_caseload,
    request_hand_over,
)
from essaim.journeys.queries.caseloads import (
    get_colleague_for,
    get_review_for,
    list_caseloads_for,
    list_moves_for,
    list_review_rows_for,
    list_reviews_for,
)
from essaim.people.models import Person
from essaim.people.operations import add_team_member
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.people import PersonFactory, colleague_of

pytestmark = pytest.mark.django_db
TODAY, NOVEMBER = date(2026, 11, 23), date(2026, 11, 1)


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def leaver(manager):
    return colleague_of(manager)


@pytest.fixture
def newcomer(manager):
    return colleague_of(manager)


def give(leaver, to, by, now, **values):
    given = {"reason": "leaving"} | values
    return move_caseload(organisation=by.organisation, from_user=leaver.user, to_user=to.user, by=by, now=now, **given)


def test_everybody_is_given_in_one_act(manager, leaver, newcomer, now):
    action = make_action(manager)
    first, second = make_enrolment(leaver, action), make_enrolment(leaver, action)
    alone = PersonFactory(held_by=leaver)
    helped = PersonFactory(held_by=manager)
    add_team_member(person=helped, user=leaver.user, since=TODAY, by=manager, now=now)
    other = make_enrolment(manager, action)
    proposed = request_hand_over(
        person=other.person, enrolment=other, to_organisation=manager.organisation, to_user=leaver.user,
        by=manager, now=now,
    )  # fmt: skip

    move = give(leaver, newcomer, manager, now)
    assert (move.people, move.from_user, move.to_user, move.moved_by) == (4, leaver.user, newcomer.user, manager.user)
    assert {one.referent for one in Enrolment.objects.filter(pk__in=[first.pk, second.pk])} == {newcomer.user}
    assert {one.referent for one in Person.objects.filter(pk__in=[first.person_id, alone.pk])} == {newcomer.user}
    assert Person.objects.get(pk=helped.pk).referent == manager.user
    assert set(helped.team.filter(until=None).values_list("user", flat=True)) == {newcomer.user_id}
    assert Enrolment.objects.get(pk=other.pk).referent == manager.user
    assert HandOver.objects.get(pk=proposed.pk).to_user == newcomer.user
    assert Fact.objects.filter(kind="journeys.referent_changed", live=True).count() == 2
    assert list(list_moves_for(manager)) == [move]
    assert not list_moves_for(leaver)
    with pytest.raises(CaseloadRefused, match="personne à confier"):
        give(leaver, newcomer, manager, now)


def test_some_of_them_only(manager, leaver, newcomer, now):
    action = make_action(manager)
    chosen, kept = make_enrolment(leaver, action), make_enrolment(leaver, action)
    move = give(leaver, newcomer, leaver, now, enrolments=[chosen], reason="balance")
    assert move.people == 1
    assert Enrolment.objects.get(pk=kept.pk).referent == Person.objects.get(pk=kept.person_id).referent == leaver.user
    assert Person.objects.get(pk=chosen.person_id).referent == newcomer.user


def test_past_parcours_stay_as_they_were(manager, leaver, newcomer, now):
    action = make_action(manager)
    past, present = make_enrolment(leaver, action), make_enrolment(leaver, action)
    close_enrolment(enrolment=past, reason="job", on=TODAY, version=past.version, by=leaver, now=now)
    give(leaver, newcomer, manager, now)
    assert Enrolment.objects.get(pk=past.pk).referent == leaver.user
    assert Enrolment.objects.get(pk=present.pk).referent == newcomer.user


def test_moves_that_cannot_be(manager, leaver, newcomer, now):
    make_enrolment(leaver, make_action(manager))
    for to, by, values, words in [
        (newcomer, newcomer, {}, "responsable"),
        (newcomer, MembershipFactory(manager=True), {"organisation": manager.organisation}, "responsable"),
        (leaver, manager, {}, "quelqu’un d’autre"),
        (colleague_of(manager, steering=True), manager, {}, "ne suit personne"),
        (MembershipFactory(), manager, {}, "ne suit personne"),
        (newcomer, manager, {"reason": "ennui"}, "motif"),
    ]:
        given = {"organisation": by.organisation, "reason": "leaving"} | values
        with pytest.raises(CaseloadRefused, match=words):
            move_caseload(from_user=leaver.user, to_user=to.user, by=by, now=now, **given)
    assert not CaseloadMove.objects.exists()


def test_caseloads_in_figures(manager, leaver, newcomer, now):
    action = make_action(manager)
    make_enrolment(leaver, action, on=date(2026, 11, 20))
    make_enrolment(leaver, action)
    PersonFactory(held_by=leaver)
    rows = {row.user: row for row in list_caseloads_for(manager, TODAY)}
    assert set(rows) == {manager.user, leaver.user, newcomer.user}
    mine = rows[leaver.user]
    assert (mine.people, mine.parcours, mine.near, mine.is_leaving) == (3, 2, 1, False)
    assert [row.user for row in list_caseloads_for(leaver, TODAY)] == [leaver.user]
    assert list_caseloads_for(colleague_of(manager, steering=True), TODAY) == []
    leaver.until = now
    leaver.save()
    assert next(row for row in list_caseloads_for(manager, TODAY) if row.user == leaver.user).is_leaving


def test_figures_cost_the_same_for_three(manager, leaver, newcomer, django_assert_num_queries):
    action = make_action(manager)
    make_enrolment(leaver, action)
    with django_assert_num_queries(5):
        list_caseloads_for(manager, TODAY)
    make_enrolment(newcomer, action)
    make_enrolment(manager, action)
    with django_assert_num_queries(5):
        list_caseloads_for(manager, TODAY)


def review(leaver, enrolment, by, now, /, **values):
    given = {"verdict": "continue", "month": NOVEMBER, "organisation": by.organisation} | values
    return decide_review_line(counsellor=leaver.user, enrolment=enrolment, by=by, now=now, **given)


def test_a_review_is_written_line_by_line_then_held(manager, leaver, now):
    enrolment = make_enrolment(leaver, make_action(manager))
    review(leaver, enrolment, leaver, now, words="Reprendre\u00a0 les relances.")
    line = review(leaver, enrolment, manager, now, verdict="hand_over", month=TODAY)
    assert (line.verdict, line.review.month) == ("hand_over", NOVEMBER)
    assert line.review.lines.count() == 1
    row = list_review_rows_for(manager, leaver.user, NOVEMBER, TODAY)[0]
    assert (row.enrolment, row.line, row.term.weeks) == (enrolment, line, "terme dépassé")

    held = hold_review(
        organisation=manager.organisation, counsellor=leaver.user, month=NOVEMBER, held_on=TODAY,
        held_with=manager.user, by=manager, now=now,
    )  # fmt: skip
    assert get_review_for(leaver, leaver.user, NOVEMBER) == held
    assert [one.decided for one in list_reviews_for(leaver, leaver.user)] == [1]
    with pytest.raises(CaseloadRefused, match="a été tenue"):
        review(leaver, enrolment, manager, now)


def test_what_was_decided_stays_after_the_exit(manager, leaver, now):
    enrolment = make_enrolment(leaver, make_action(manager))
    review(leaver, enrolment, leaver, now)
    close_enrolment(enrolment=enrolment, reason="job", on=TODAY, version=enrolment.version, by=leaver, now=now)
    assert len(list_review_rows_for(manager, leaver.user, NOVEMBER, TODAY)) == 1
    assert list_review_rows_for(manager, leaver.user, date(2026, 12, 1), TODAY) == []


def test_reviews_that_cannot_be(manager, leaver, newcomer, now):
    enrolment = make_enrolment(leaver, make_action(manager))
    for by, values, words in [
        (newcomer, {}, "pas la vôtre"),
        (MembershipFactory(manager=True), {"organisation": manager.organisation}, "pas la vôtre"),
        (manager, {"month": date(2026, 12, 1)}, "pas commencé"),
        (manager, {"verdict": "peut-être"}, "décision"),
    ]:
        with pytest.raises(CaseloadRefused, match=words):
            review(leaver, enrolment, by, now, **values)
    with pytest.raises(CaseloadRefused, match="portefeuille"):
        review(newcomer, enrolment, manager, now)
    for values, words in [
        ({}, "au moins une décision"),
        ({"held_on": date(2026, 10, 31)}, "ce mois-là"),
        ({"held_on": date(2026, 11, 24)}, "avenir"),
        ({"held_with": MembershipFactory().user}, "de l’organisation"),
    ]:
        given = {"month": NOVEMBER, "held_on": TODAY} | values
        with pytest.raises(CaseloadRefused, match=words):
            hold_review(organisation=manager.organisation, counsellor=leaver.user, by=manager, now=now, **given)


def test_a_colleague_reads_no_review_but_hers(manager, leaver, newcomer):
    assert get_colleague_for(manager, leaver.user.uuid) == leaver.user
    assert get_colleague_for(leaver, leaver.user.uuid) == leaver.user
    for viewer in (newcomer, MembershipFactory(manager=True), None):
        with pytest.raises(User.DoesNotExist):
            get_colleague_for(viewer, leaver.user.uuid)
