from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    """Monday 23 November 2026, 10 h in Paris: what the rows of URLs make is of that day, whenever they are run."""
    with time_machine.travel(NOW, tick=False):
        yield NOW
