"""When a file is announced, then erased: counted from the person's own last contact."""

from dataclasses import dataclass
from datetime import date, timedelta

YEARS_KEPT = 2
WARNING_DAYS = 30


def erasure_day(last_contact: date) -> date:
    """Return the day two years after, or the last day of that month when it lacks the day (29 February)."""
    year = last_contact.year + YEARS_KEPT
    try:
        return last_contact.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def warning_day(last_contact: date) -> date:
    """Return the day on which the erasure is announced: exactly 30 days before it."""
    return erasure_day(last_contact) - timedelta(days=WARNING_DAYS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands on a day. ``stage``: kept, warn, archive or anonymise."""

    stage: str
    last_contact: date
    due: date


def standing(last_contact: date, on: date, *, is_followed: bool, has_obligations: bool) -> Standing:
    """Say what is due on that day.

    Someone in an open parcours, or with an appointment to come, is never erased: she is announced as long as she
    gives no news. Evidence that must be
    kept holds the file in restricted archive.
    """
    due = erasure_day(last_contact)
    if on < warning_day(last_contact):
        stage = "kept"
    elif on < due or is_followed:
        stage = "warn"
    else:
        stage = "archive" if has_obligations else "anonymise"
    return Standing(stage, last_contact, due)
