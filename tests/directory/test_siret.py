import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.luhn import calc_check_digit

from essaim.directory.engine.siret import SiretError, read_siret
from tests.factories.directory import make_siret

LA_POSTE_HEAD_OFFICE = "35600000000048"


@pytest.mark.parametrize(
    "typed", ["73282932000074", "732 829 320 00074", "732.829.320-00074", " 732\u202f829\u00a0320 00074 "]
)
def test_separators_are_left_out(typed):
    assert read_siret(typed) == "73282932000074"


def test_empty_is_no_siret():
    assert read_siret("  ") == ""


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("7328293200007A", "format"),
        ("73282932000", "length"),
        ("73282932000075", "checksum"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "format"),
    ],
)
def test_refusals_say_why(typed, reason):
    with pytest.raises(SiretError) as caught:
        read_siret(typed)
    assert caught.value.reason == reason


def test_la_poste_follows_its_own_rule():
    assert read_siret(LA_POSTE_HEAD_OFFICE) == LA_POSTE_HEAD_OFFICE
    assert read_siret("35600000009075") == "35600000009075"  # digits sum to 35, not Luhn
    with pytest.raises(SiretError):
        read_siret("35600000009076")


@given(st.integers(0, 9_999_999))
def test_the_factory_makes_valid_numbers(number):
    assert read_siret(make_siret(number))


@given(
    st.text(alphabet="0123456789", min_size=8, max_size=8),
    st.text(alphabet="0123456789", min_size=4, max_size=4),
    st.integers(0, 13),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_always_seen(start, office, place, change):
    siren = start + calc_check_digit(start)
    if siren == "356000000":
        return
    number = siren + office
    number += calc_check_digit(number)
    assert read_siret(number) == number
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    if wrong.startswith("356000000"):
        return
    with pytest.raises(SiretError):
        read_siret(wrong)


@given(st.text(max_size=30))
def test_anything_typed_is_read_or_refused(text):
    try:
        assert read_siret(text) == "" or len(read_siret(text)) == 14
    except SiretError as fault:
        assert fault.reason in {"format", "length", "checksum"}
