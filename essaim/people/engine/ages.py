"""Ages in completed years, as the journal counts them."""

from __future__ import annotations

from datetime import date

OLDEST_BIRTH_YEAR = 1900
MAJORITY = 18


def age_on(birth_date: date | None, day: date) -> int | None:
    """Return the completed years on ``day``; born 29 February, the birthday is 1 March in common years
    (FACTS §5).

    None when the birth date is unknown, or later than ``day``.
    """
    if birth_date is None or birth_date > day:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(birth_date: date | None, day: date) -> bool:
    """Whether the person is known to be under 18 on ``day``."""
    age = age_on(birth_date, day)
    return age is not None and age < MAJORITY
