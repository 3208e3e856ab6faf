"""A birth date that tells less, and gives the same figures."""

from collections.abc import Iterable
from datetime import date, timedelta


def coarsen_birth(born: date, days: Iterable[date]) -> date:
    """Return the earliest day of the year of birth at which she would have had the same age on each of ``days``.

    Age is in completed years, as bilans count it (born on 29 February: birthday on 1 March in common years). Without
    a day before the birthday in the year, the first of January.
    """
    birthday = (born.month, born.day)
    before = max(((day.month, day.day) for day in days if (day.month, day.day) < birthday), default=None)
    if before is None:
        return date(born.year, 1, 1)
    same = date(born.year, before[0], 1) + timedelta(days=before[1] - 1)
    return same + timedelta(days=1) if (same.month, same.day) == before else same
