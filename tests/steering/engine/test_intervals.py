import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.steering.engine.intervals import compare, wilson

shares = st.integers(0, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe 1998, table I, method 3; then what the formula gives at the ends.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilson_gives_the_known_bounds(successes, trials, low, high):
    interval = wilson(successes, trials)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_has_nothing_to_say_of_nobody():
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(share=shares)
def test_wilson_holds_the_share_between_0_and_1(share):
    successes, trials = share
    interval = wilson(successes, trials)
    if interval is not None:
        assert 0 <= interval.low <= successes / trials + 1e-9
        assert successes / trials - 1e-9 <= interval.high <= 1


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((22, 64), (177, 416), "unsettled"),
        ((90, 100), (177, 416), "higher"),
        ((1, 64), (177, 416), "lower"),
        ((3, 3), (40, 100), "unsettled"),
        ((0, 0), (40, 100), "unsettled"),
    ],
)
def test_two_shares_differ_only_when_their_intervals_do_not_meet(one, other, verdict):
    assert compare(wilson(*one), wilson(*other)) == verdict


@given(one=shares, other=shares)
def test_what_is_higher_one_way_is_lower_the_other_way(one, other):
    turned = {"higher": "lower", "lower": "higher", "unsettled": "unsettled"}
    first, second = wilson(*one), wilson(*other)
    assert compare(first, second) == turned[compare(second, first)]
