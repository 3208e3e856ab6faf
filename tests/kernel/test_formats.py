from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.kernel import formats
from essaim.kernel.days import paris_day, today

NBSP, THIN = formats.NBSP, formats.THIN
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (1234567.5, None, f"1{THIN}234{THIN}567,5"),
        (1200, None, f"1{THIN}200"),
        (Decimal("2.50"), None, "2,5"),
        (Decimal("2.5"), 2, "2,50"),
        (Decimal("2.345"), 2, "2,35"),
        (-12, None, "−12"),
        (Decimal("-0.001"), 2, "0,00"),
        (Decimal("1E+3"), None, f"1{THIN}000"),
        (None, None, ""),
        (True, None, ""),
        ("douze", None, ""),
        (float("nan"), None, ""),
    ],
)
def test_numbers(value, places, written):
    assert formats.number(value, places) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_a_number_reads_back_as_itself(value):
    written = formats.number(value, 2)
    assert Decimal(written.replace(formats.THIN, "").replace(",", ".").replace("−", "-")) == value
    assert " " not in written


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_thousands_are_by_three(value):
    groups = formats.number(value).removeprefix("−").split(formats.THIN)
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


def test_money_shows_cents_when_there_are_some():
    assert formats.money(Decimal("1234.5")) == f"1{THIN}234,50{NBSP}€"
    assert formats.money(625) == f"625{NBSP}€"
    assert formats.money(625, cents=True) == f"625,00{NBSP}€"
    assert formats.money(Decimal("9.999")) == f"10{NBSP}€"
    assert formats.money(None) == ""


def test_percent():
    assert formats.percent(Decimal(22) / 64) == f"34{NBSP}%"
    assert formats.percent(0.4255, 1) == f"42,6{NBSP}%"
    assert formats.percent("x") == ""


def test_counts_agree_with_their_noun():
    assert formats.count(0, "personne") == "0 personne"
    assert formats.count(1, "personne") == "1 personne"
    assert formats.count(1200, "journal", "journaux") == f"1{THIN}200 journaux"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (3, "jeudi, dans 3 jours"),
        (-4, "jeudi, il y a 4 jours"),
        (7, "30 novembre"),
        (60, "22 janvier 2027"),
        (-400, "19 octobre 2025"),
    ],
)
def test_near_days(days, words):
    assert formats.near_day(MONDAY + timedelta(days=days), MONDAY) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (MONDAY, "aujourd’hui"),
        (date(2026, 11, 22), "il y a 1 jour"),
        (date(2026, 9, 24), "il y a 60 jours"),
        (date(2026, 9, 23), "il y a 2 mois"),
        (date(2026, 6, 24), "il y a 4 mois"),
        (date(2024, 11, 24), "il y a 23 mois"),
        (date(2024, 11, 23), "il y a 2 ans"),
        (date(2026, 12, 1), "dans 8 jours"),
    ],
)
def test_elapsed(day, words):
    assert formats.elapsed(day, MONDAY) == words


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


@given(DAYS, DAYS)
def test_every_distance_has_words(day, now):
    words = formats.elapsed(day, now)
    assert words == "aujourd’hui" if day == now else words.startswith("dans" if day > now else "il y a")
    assert formats.near_day(day, now)


def test_days_and_hours_are_told_in_paris():
    before_midnight = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert paris_day(before_midnight) == date(2026, 7, 2) == today(before_midnight)
    assert formats.long_day(before_midnight) == "2 juillet 2026"
    assert formats.clock(before_midnight) == f"0{NBSP}h{NBSP}30"
    assert formats.moment(before_midnight, date(2026, 7, 2)) == f"aujourd’hui à 0{NBSP}h{NBSP}30"
    assert formats.moment(before_midnight, date(2026, 6, 30)) == f"jeudi, dans 2 jours, à 0{NBSP}h{NBSP}30"


def test_a_naive_moment_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        paris_day(datetime(2026, 7, 1))  # noqa: DTZ001


def test_first_of_the_month():
    assert formats.long_day(date(2027, 1, 1), weekday=True) == "vendredi 1er janvier 2027"
    assert formats.short_day(date(2027, 1, 1)) == "01/01/2027"


def test_numbers_one_dials_or_copies():
    assert formats.phone("+33612345678") == NBSP.join(("06", "12", "34", "56", "78"))
    assert formats.phone("0612345678") == formats.phone("+33612345678")
    assert formats.phone("+32470123456") == "+32470123456"
    assert formats.siret("73282932000074") == NBSP.join(("732", "829", "320", "00074"))
    assert formats.siret("732") == "732"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Inès Kadrani", "IK"),
        ("Anne-Lise de La Tour", "AT"),
        ("Myriam Rouvière-Sy", "MR"),
        ("Élodie", "É"),
        ("", ""),
        ("  3 ", ""),
    ],
)
def test_initials(name, letters):
    assert formats.initials(name) == letters


def test_plain_values():
    assert formats.plain(None) == ""
    assert formats.plain(True) == "oui"
    assert formats.plain(date(2026, 3, 2)) == "2 mars 2026"
    assert formats.plain(datetime(2026, 3, 2, 8, 5, tzinfo=UTC)) == f"2 mars 2026 à 9{NBSP}h{NBSP}05"
    assert formats.plain(1234.5) == f"1{THIN}234,5"
    assert formats.plain("Les Tilleuls") == "Les Tilleuls"
    assert formats.inside_sentence("À remplir.") == "à remplir."
    assert formats.inside_sentence("SIRET") == "SIRET"
