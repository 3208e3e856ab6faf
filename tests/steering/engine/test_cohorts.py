from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from essaim.steering.engine.cohorts import Cohort, due_cohorts, next_quarter, quarter_start

Q1, Q2, Q3, Q4 = (date(2026, month, 1) for month in (1, 4, 7, 10))


def due(entries, *, published=(), today=date(2026, 11, 23), ends=date(2027, 3, 31)):
    return due_cohorts(entries, starts=date(2026, 2, 2), ends=ends, published=published, today=today, threshold=5)


def test_a_quarter_is_read_once_the_next_one_is_over():
    first = Cohort(date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30))
    assert due({Q1: 20, Q2: 20}, today=date(2026, 6, 30)) == []
    assert due({Q1: 20, Q2: 20}, today=date(2026, 7, 1)) == [first]
    assert due({Q1: 20, Q2: 20}) == [first, Cohort(Q2, date(2026, 6, 30), date(2026, 9, 30))]


def test_small_quarters_are_put_together():
    assert due({Q1: 8, Q2: 9}) == [Cohort(Q1, date(2026, 6, 30), date(2026, 9, 30))]
    assert due({Q1: 8, Q2: 3}) == []


def test_what_is_published_is_not_published_again():
    first = Cohort(Q1, date(2026, 3, 31), date(2026, 6, 30))
    assert due({Q1: 40, Q2: 20}, published=[first]) == [Cohort(Q2, date(2026, 6, 30), date(2026, 9, 30))]


def test_the_last_entries_of_an_action_are_read_if_they_are_five():
    over = date(2026, 5, 31)
    assert due({Q1: 3, Q2: 2}, ends=over) == [Cohort(Q1, date(2026, 6, 30), date(2026, 9, 30))]
    assert due({Q1: 3, Q2: 1}, ends=over) == []


@given(
    numbers=st.lists(st.integers(0, 30), min_size=4, max_size=4),
    visits=st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=6).map(sorted),
)
def test_cohorts_never_overlap_whatever_the_days_they_are_asked_for(numbers, visits):
    entries = dict(zip((Q1, Q2, Q3, Q4), numbers, strict=True))
    published = []
    for today in visits:
        published += due(entries, published=published, today=today)
    for earlier, later in pairwise(published):
        assert earlier.until < later.since
    assert all(cohort.since == quarter_start(cohort.since) for cohort in published)
    assert all(next_quarter(cohort.until) <= cohort.observed_on for cohort in published)
