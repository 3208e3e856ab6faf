from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.steering.engine.bars import Bar, bar_of

figures = st.decimals(min_value=-1000, max_value=10**9, allow_nan=False, places=2)


@pytest.mark.parametrize(
    ("given_figures", "expected"),
    [
        ({"value": Decimal(34), "unit": "%", "target": Decimal(40), "published": 43}, Bar(34.0, 40.0, 43.0)),
        (
            {"value": Decimal(64), "unit": "personnes", "target": Decimal(72), "published": "1/3"},
            Bar(88.89, 100.0, None),
        ),
        ({"value": Decimal(150), "unit": "%"}, Bar(100.0, None, None)),
        ({"value": Decimal(0), "unit": "personnes", "target": Decimal(0)}, Bar(0.0, 0.0, None)),
        ({"value": None, "unit": "%"}, None),
    ],
)
def test_bar_places_figures_on_one_scale(given_figures, expected):
    assert bar_of(**given_figures) == expected


@given(
    value=figures,
    target=st.none() | figures,
    published=st.none() | figures,
    unit=st.sampled_from(["%", "EUR"]),
)
def test_bar_stays_inside_its_track(value, target, published, unit):
    bar = bar_of(value=value, unit=unit, target=target, published=published)
    assert all(0 <= place <= 100 for place in (bar.value, bar.target, bar.guide) if place is not None)
