"""Dates, numbers and amounts as French readers write them. The day is passed in, never guessed."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from essaim.kernel.days import PARIS, paris_day

THIN = "\u202f"  # narrow no-break space: between thousands
NBSP = "\u00a0"  # no-break space: before a unit

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAYS_TOLD_IN_WEEKDAYS = 6
DAYS_TOLD_IN_DAYS = 60


def _decimal(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def number(value: object, places: int | None = None) -> str:
    """Write a number: ``1 234,5``. ``places`` fixes the decimals (half up); without it, no idle zero.

    What is not a finite number is written as an empty string.
    """
    found = _decimal(value)
    if found is None:
        return ""
    if places is not None:
        found = found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    digits = f"{abs(found):f}"
    whole, _, decimals = digits.partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", THIN)
    written = f"{grouped},{decimals}" if decimals else grouped
    is_zero = not any(digit in "123456789" for digit in written)
    return f"−{written}" if found < 0 and not is_zero else written


def money(value: object, *, cents: bool | None = None) -> str:
    """Write an amount in euros: ``625 €``, ``1 234,50 €``. Cents appear when there are some, or as told."""
    found = _decimal(value)
    if found is None:
        return ""
    rounded = found.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if cents is None:
        cents = rounded != rounded.to_integral_value()
    return f"{number(rounded, 2 if cents else 0)}{NBSP}€"


def percent(ratio: object, places: int = 0) -> str:
    """Write a ratio as a percentage: ``0.344`` gives ``34 %``."""
    found = _decimal(ratio)
    return "" if found is None else f"{number(found * 100, places)}{NBSP}%"


def count(quantity: int, singular: str, plural: str = "") -> str:
    """Write a quantity with its noun: ``0 personne``, ``1 personne``, ``1 234 personnes``."""
    noun = singular if abs(quantity) < 2 else plural or f"{singular}s"
    return f"{number(quantity)} {noun}"


def as_day(value: date | datetime) -> date:
    """Return the Paris day of a moment, or the day itself."""
    return paris_day(value) if isinstance(value, datetime) else value


def _day_number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def long_day(value: date | datetime, *, weekday: bool = False, year: bool = True) -> str:
    """Write a day in full: ``2 mars 2026``, ``1er janvier 2027``, ``lundi 2 mars``."""
    day = as_day(value)
    words = f"{_day_number(day)} {MONTHS[day.month - 1]}"
    if year:
        words = f"{words} {day.year:04d}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def short_day(value: date | datetime) -> str:
    """Write a day in figures: ``02/03/2026``."""
    day = as_day(value)
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def near_day(value: date | datetime, today: date) -> str:
    """Write a day as one would say it: ``demain``, ``mardi, dans 3 jours``, ``2 mars``, ``2 mars 2025``."""
    day = as_day(value)
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return ("hier", "aujourd’hui", "demain")[distance + 1]
    if abs(distance) <= DAYS_TOLD_IN_WEEKDAYS:
        return f"{WEEKDAYS[day.weekday()]}, {elapsed(day, today)}"
    return long_day(day, year=day.year != today.year)


def elapsed(value: date | datetime, today: date) -> str:
    """Write the distance to a day: ``il y a 4 jours``, ``dans 3 jours``, ``il y a 5 mois``."""
    day = as_day(value)
    distance = (day - today).days
    if distance == 0:
        return "aujourd’hui"
    return f"{'dans' if distance > 0 else 'il y a'} {_span(abs(distance), day, today)}"


def _span(distance: int, day: date, today: date) -> str:
    if distance <= DAYS_TOLD_IN_DAYS:
        return count(distance, "jour")
    first, last = sorted((day, today))
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return f"{months} mois" if months < 24 else count(months // 12, "an")


def clock(value: time | datetime) -> str:
    """Write an hour: ``14 h``, ``9 h 05``. A moment is told in Paris time."""
    at = value.astimezone(PARIS) if isinstance(value, datetime) else value
    return f"{at.hour}{NBSP}h" + (f"{NBSP}{at.minute:02d}" if at.minute else "")


def moment(value: datetime, today: date) -> str:
    """Write a moment: ``aujourd’hui à 14 h``, ``mardi, dans 3 jours, à 9 h 30``, ``2 mars 2025 à 9 h``."""
    day = near_day(value, today)
    return f"{day}{', ' if ',' in day else ' '}à {clock(value)}"


def plain(value: object) -> str:
    """Write any value in its usual French form: days in full, moments in figures, « oui » and « non »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{long_day(value)} à {clock(value)}"
    if isinstance(value, date):
        return long_day(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(value)


def phone(value: str) -> str:
    """Write a stored number as it is dialled: ``+33612345678`` gives ``06 12 34 56 78``; others are kept."""
    national = f"0{value[3:]}" if value.startswith("+33") else value
    if len(national) == 10 and national.isdigit() and national.startswith("0"):
        return NBSP.join(national[i : i + 2] for i in range(0, 10, 2))
    return value


def siret(value: str) -> str:
    """Write a SIRET by groups: ``123 456 789 00012``; anything else is kept."""
    if len(value) == 14 and value.isdigit():
        return NBSP.join((value[:3], value[3:6], value[6:9], value[9:]))
    return value


def inside_sentence(text: str) -> str:
    """Return a label as it reads after a colon: ``À remplir.`` gives ``à remplir.``, ``SIRET`` is kept."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def initials(name: str) -> str:
    """Return the first and last initials of a name, in capitals: ``Inès Kadrani`` gives ``IK``."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
