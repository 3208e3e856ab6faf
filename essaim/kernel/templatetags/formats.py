"""The formats of ``essaim.kernel.formats`` as template filters. Available in every template."""

from datetime import date, datetime, time

from django import template

from essaim.kernel import formats
from essaim.kernel.days import today

register = template.Library()


def _is_day(value: object) -> bool:
    return isinstance(value, date)  # a datetime is a date too


@register.filter
def number(value: object, places: int | None = None) -> str:
    return formats.number(value, places)


@register.filter
def money(value: object) -> str:
    return formats.money(value)


@register.filter
def percent(value: object, places: int = 0) -> str:
    return formats.percent(value, places)


@register.filter
def count(value: int, nouns: str) -> str:
    """``{{ n|count:"personne" }}`` or, for an irregular plural, ``{{ n|count:"journal,journaux" }}``."""
    singular, _, plural = nouns.partition(",")
    return formats.count(value, singular, plural)


@register.filter
def long_day(value: date) -> str:
    return formats.long_day(value) if _is_day(value) else ""


@register.filter
def week_day(value: date) -> str:
    """``lundi 2 mars``: with its weekday, without the year."""
    return formats.long_day(value, weekday=True, year=False) if _is_day(value) else ""


@register.filter
def short_day(value: date) -> str:
    return formats.short_day(value) if _is_day(value) else ""


@register.filter
def near_day(value: date) -> str:
    return formats.near_day(value, today()) if _is_day(value) else ""


@register.filter
def elapsed(value: date) -> str:
    return formats.elapsed(value, today()) if _is_day(value) else ""


@register.filter
def moment(value: datetime) -> str:
    return formats.moment(value, today()) if isinstance(value, datetime) else ""


@register.filter
def clock(value: time | datetime) -> str:
    return formats.clock(value) if isinstance(value, time | datetime) else ""


@register.filter
def phone(value: str) -> str:
    return formats.phone(value or "")


@register.filter
def siret(value: str) -> str:
    return formats.siret(value or "")


@register.filter
def initials(value: object) -> str:
    return formats.initials(str(value or ""))


@register.filter
def inside_sentence(value: object) -> str:
    return formats.inside_sentence(str(value or ""))


@register.filter
def french(value: object) -> str:
    """Any plain value in its usual French form, for tables and definition lists."""
    return formats.plain(value)
