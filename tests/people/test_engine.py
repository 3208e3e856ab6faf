"""Names and ages, compared and counted without database."""

from datetime import date

import pytest

from essaim.people.engine.ages import age_on, is_minor
from essaim.people.engine.names import Identity, first_letters, is_worth_showing, likeness, plain, rank, search_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jean-Noël  D’Œuvre", "jean noel d oeuvre"),
        ("  ", ""),
        ("ÉLODIE", "elodie"),
        ("Straße", "strasse"),
        ("José_María", "jose maria"),
        ("Đorđe Łukasz", "dorde lukasz"),
    ],
)
def test_plain(text, expected):
    assert plain(text) == expected


def test_search_words_are_few():
    assert search_words("a b c d e f g h i j") == list("abcdefgh")


def test_first_letters_leave_out_initials():
    assert first_letters("Inès", "de la O") == {"ine", "de", "la"}


@pytest.mark.parametrize(
    ("asked", "known", "reasons", "shown"),
    [
        (("Inès", "Kadrani"), ("Ines", "KADRANI"), ("same_name",), True),
        (("Sofian", "Toureli"), ("Sofiane", "Touréli"), ("close_name",), True),
        (("Kadrani", "Inès"), ("Inès", "Kadrani"), ("same_name", "swapped"), True),
        (("Paul", "Martin"), ("Nadia", "Serrault"), ("close_name",), False),
    ],
)
def test_likeness(asked, known, reasons, shown):
    found = likeness(Identity(*asked), Identity(*known))
    assert found.reasons == reasons
    assert is_worth_showing(found) is shown


def test_the_same_birth_date_makes_a_loose_name_worth_showing():
    born = date(2004, 2, 28)
    asked, known = Identity("Sofian", "Toureli", born), Identity("Sofia", "Tournelle", born)
    assert "same_birth_date" in likeness(asked, known).reasons
    assert is_worth_showing(likeness(asked, known))
    other = Identity("Sofia", "Tournelle", date(1990, 1, 1))
    assert "other_birth_date" in likeness(asked, other).reasons


def test_rank_puts_the_same_person_first():
    asked = Identity("Inès", "Kadrani", date(2004, 2, 29))
    ranked = rank(
        asked,
        [
            (1, Identity("Ines", "Kadrani", date(1990, 1, 1))),
            (2, Identity("Inès", "Kadrani", date(2004, 2, 29))),
            (3, Identity("Paul", "Martin")),
        ],
    )
    assert [key for key, _ in ranked] == [2, 1]
    assert ranked[0][1].is_same


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2004, 2, 29), date(2004, 2, 28), None),
        (None, date(2004, 2, 28), None),
    ],
)
def test_age_on(born, day, age):
    assert age_on(born, day) == age


def test_is_minor():
    assert is_minor(date(2010, 1, 1), date(2026, 1, 1))
    assert not is_minor(None, date(2026, 1, 1))
    assert not is_minor(date(2008, 1, 1), date(2026, 1, 1))
