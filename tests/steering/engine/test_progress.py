"""Targets against the calendar."""

from datetime import date

import pytest

from essaim.steering.engine.progress import progress_of

YEAR = {"starts": date(2026, 1, 1), "ends": date(2026, 12, 31)}
JULY = date(2026, 7, 2)


@pytest.mark.parametrize(
    ("reached", "target", "kind", "state", "left"),
    [
        (120, 120, "count", "reached", 0),
        (60, 120, "count", "on_pace", 60),
        (40, 120, "count", "behind", 80),
        (0, 120, "count", "behind", 120),
        (38, 40, "share", "below", 2),
        (41, 40, "share", "reached", 0),
        (600, 650, "ceiling", "within", 50),
        (700, 650, "ceiling", "exceeded", -50),
        (None, 40, "share", "unknown", None),
        (0, 0, "count", "reached", 0),
    ],
)
def test_how_it_goes(reached, target, kind, state, left):
    found = progress_of(
        reached=reached, target=target, on=JULY, is_count=kind == "count", is_ceiling=kind == "ceiling", **YEAR
    )
    assert (found.state, found.left) == (state, left)
    assert 0.49 < found.elapsed < 0.51


def test_what_each_month_left_must_bring():
    given = {"target": 120, "is_count": True, "is_ceiling": False, **YEAR}
    assert progress_of(reached=60, on=JULY, **given).monthly == pytest.approx(60 / (182 / 30.4375))
    assert progress_of(reached=60, on=date(2026, 12, 20), **given).monthly is None
    assert progress_of(reached=60, on=date(2027, 5, 1), **given).elapsed == 1
    assert progress_of(reached=0, on=date(2025, 5, 1), **given).state == "on_pace"
