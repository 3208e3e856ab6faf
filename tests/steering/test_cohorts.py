"""What is published to funders, and that it stays."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from essaim.steering.models import PublishedCohort
from essaim.steering.operations import publish_due_cohorts
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment
from tests.factories.steering import make_entries, make_funded_action, make_funder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def club(manager):
    return make_funded_action(manager, make_funder())


def test_a_cohort_is_published_with_its_small_counts_hidden(manager, club, frozen):
    make_entries(manager, club, women=12, men=8, jobs=6)
    [cohort] = publish_due_cohorts(now=frozen)
    assert (cohort.since, cohort.until, cohort.observed_on) == (
        date(2026, 1, 1),
        date(2026, 3, 31),
        date(2026, 6, 30),
    )
    figures = cohort.figures
    assert (figures["total"], figures["sex"]) == (20, [12, 8])
    assert figures["tables"]["situation"]["all"] == [None, None, None, 14, None]
    assert figures["tables"]["qpv"] == {"all": [None, None], "by_sex": [[None, None], [None, None]]}


def test_a_cohort_is_published_once_whatever_is_entered_later(manager, club, frozen):
    make_entries(manager, club, women=12, men=8)
    [cohort] = publish_due_cohorts(now=frozen)
    make_enrolment(manager, club, on=date(2026, 3, 3))
    assert publish_due_cohorts(now=frozen) == []
    assert PublishedCohort.objects.get() == cohort
    cohort.refresh_from_db()
    assert cohort.figures["total"] == 20


def test_entries_after_the_cohort_wait_for_theirs(manager, club, frozen):
    make_entries(manager, club, women=16)
    make_entries(manager, club, women=16, on=date(2026, 5, 4))
    make_entries(manager, club, women=16, on=date(2026, 9, 7))
    assert [cohort.until for cohort in publish_due_cohorts(now=frozen)] == [date(2026, 3, 31), date(2026, 6, 30)]


def test_an_action_without_funder_publishes_nothing(manager, frozen):
    make_entries(manager, make_action(manager, places=300), women=16)
    assert publish_due_cohorts(now=frozen) == []


@pytest.mark.parametrize(
    "write", ["UPDATE steering_publishedcohort SET figures = '{}'", "DELETE FROM steering_publishedcohort"]
)
def test_the_database_refuses_to_change_a_cohort(manager, club, frozen, write):
    make_entries(manager, club, women=16)
    publish_due_cohorts(now=frozen)
    with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
        connection.cursor().execute(write)


def test_the_database_refuses_an_entry_in_two_cohorts(manager, club, frozen):
    make_entries(manager, club, women=16)
    publish_due_cohorts(now=frozen)
    with pytest.raises(IntegrityError, match="publishedcohort_entered_once"), transaction.atomic():
        PublishedCohort.objects.create(
            action=club,
            since=date(2026, 3, 31),
            until=date(2026, 6, 30),
            observed_on=date(2026, 9, 30),
            published_at=frozen,
            figures={},
        )
