"""Cells of files of people: every usual way of writing, and nothing guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.people.engine.import_columns import ColumnsError, columns_digest, guess_columns, place_chosen, place_fields
from essaim.people.engine.import_rows import (
    CellError,
    ImportField,
    read_birth_date,
    read_level,
    read_postcode,
    read_row,
    read_sex,
    read_telephone,
    tidy,
)

TODAY = date(2026, 11, 23)
MONTHS = dict(enumerate(["janvier", "février", "mars", "avril", "mai", "juin", "juillet"])) | dict(
    enumerate(["août", "septembre", "octobre", "novembre", "décembre"], start=7)
)
DAYS = st.dates(date(1900, 1, 1), TODAY)
NO_DAYS = ["31/02/2004", "02/29/2004", "29/02/2003", "12/05/04", "38046", "hier", "2004", "2004-13-01"]
NO_DAYS += ["2026-11-24", "1/1/1899", "01/01/0000"]
PHONES = ["06 12 34 56 78", "0612345678", "612345678", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6.12.34.56.78"]


def read(**cells):
    by_field = {ImportField(name): text for name, text in ({"nom": "A", "prenom": "B"} | cells).items()}
    return read_row(by_field, today=TODAY, is_email=lambda text: "@" in text)


@given(DAYS, st.sampled_from(["iso", "slash", "dash", "dot", "words", "short", "midnight"]))
def test_every_way_of_writing_a_day_gives_that_day(day, way):
    words = {
        "iso": day.isoformat(),
        "slash": f"{day:%d/%m/%Y}",
        "dash": f"{day:%d-%m-%Y}",
        "dot": f"{day:%d.%m.%Y}",
        "words": f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day.year}",
        "short": f"{day.day}/{day.month}/{day.year}",
        "midnight": f"{day.isoformat()} 00:00:00",
    }
    assert read_birth_date(words[way], TODAY) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_birth_date_is_refused(text):
    with pytest.raises(CellError):
        read_birth_date(text, TODAY)


def test_today_is_a_birth_date_and_tomorrow_is_not():
    assert read_birth_date(TODAY.isoformat(), TODAY) == TODAY
    with pytest.raises(CellError, match="avenir"):
        read_birth_date((TODAY + timedelta(days=1)).isoformat(), TODAY)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ("F|femme|Féminin|Mme|FEMME", "female"),
        ("H|M|M.|homme|Monsieur", "male"),
        ("autre", "other"),
        ("", ""),
    ],
)
def test_sexes_are_read(texts, code):
    assert {read_sex(text) for text in texts.split("|")} == {code}


@pytest.mark.parametrize(
    ("texts", "level"),
    [
        ("1|VI|Sans diplôme", 1),
        ("2|V bis|brevet", 2),
        ("3|niveau 3|V|Niveau V|CAP|CAP/BEP|3 · CAP, BEP (V)", 3),
        ("4|IV|bac|Bac pro|Baccalauréat", 4),
        ("5|III|bac + 2|BTS", 5),
        ("6|II|Licence|bac+4", 6),
        ("7|I|Bac+5|master", 7),
        ("8|doctorat", 8),
        ("", None),
    ],
)
def test_levels_are_read_in_both_numberings(texts, level):
    assert {read_level(text) for text in texts.split("|")} == {level}


@pytest.mark.parametrize("text", ["9", "0", "VII", "33", "peut-être"])
def test_an_unknown_level_is_refused(text):
    with pytest.raises(CellError):
        read_level(text)


@pytest.mark.parametrize("text", PHONES)
def test_phones_are_written_one_way(text):
    assert read_telephone(text) == "+33612345678"


@pytest.mark.parametrize("text", ["12", "061234567", "06123456789", "abc", "#N/A"])
def test_an_incomplete_phone_is_refused(text):
    with pytest.raises(CellError):
        read_telephone(text)


def test_a_lost_first_zero_of_a_postcode_is_put_back():
    assert (read_postcode("1000"), read_postcode("13 001"), read_postcode("")) == ("01000", "13001", "")
    with pytest.raises(CellError):
        read_postcode("130011")


def test_each_cell_at_fault_is_told():
    values, faults = read(nom="", date_naissance="x", courriel="personne")
    assert values is None and [fault.field for fault in faults] == ["nom", "date_naissance", "courriel"]


@given(st.dictionaries(st.sampled_from(list(ImportField)), st.text(max_size=300)))
def test_no_row_breaks_the_reader(cells):
    values, faults = read_row(cells, today=TODAY, is_email=lambda text: "@" in text)
    assert (values is None) == bool(faults)
    if values is not None:
        assert len(values.last_name) <= 80 and "\x00" not in values.address


@given(st.text())
def test_a_tidied_text_stays_so(text):
    assert tidy(tidy(text)) == tidy(text)


def test_columns_go_by_their_default_names_whatever_case_and_accents():
    assert place_fields(["Prénom", "NOM", "Notes"]) == {ImportField.FIRST_NAME: 0, ImportField.LAST_NAME: 1}


def test_a_mapping_comes_first_and_leaves_columns_aside():
    places = place_fields(["nom", "Nom d’usage", "prenom", "sexe"], {"Nom d’usage": "nom", "sexe": ""})
    assert places == {ImportField.LAST_NAME: 1, ImportField.FIRST_NAME: 2}


@pytest.mark.parametrize(
    ("headings", "mapping", "column"),
    [
        (["nom"], None, "prenom"),
        (["nom", "prenom", "Nom"], None, "Nom"),
        (["nom", "prenom"], {"absente": "sexe"}, "absente"),
        (["nom", "prenom", "x"], {"x": "taille"}, "x"),
        (["nom", "prenom", "a", "b"], {"a": "sexe", "b": "sexe"}, "b"),
    ],
)
def test_columns_that_are_not_clear_are_refused(headings, mapping, column):
    with pytest.raises(ColumnsError) as caught:
        place_fields(headings, mapping)
    assert column in [fault.field for fault in caught.value.faults]


def test_usual_headings_are_guessed_each_field_once():
    headings = ["N° dossier", "Nom de famille", "Prénom usuel", "Né(e) le", "Tél.", "Portable", "Ville", "Remarques"]
    guessed = ["identifiant_externe", "nom", "prenom", "date_naissance", "telephone", "", "commune", ""]
    assert guess_columns(headings) == guessed


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_guessed_columns_are_as_many_and_never_twice(headings):
    fields = [field for field in guess_columns(headings) if field]
    assert len(guess_columns(headings)) == len(headings) and len(fields) == len(set(fields))


def test_chosen_columns_are_by_place():
    chosen = {ImportField.FIRST_NAME: 0, ImportField.LAST_NAME: 2}
    assert place_chosen(["x", "x", "x"], ["prenom", "", "nom"]) == chosen
    with pytest.raises(ColumnsError):
        place_chosen(["x", "x"], ["nom", "nom"])


def test_the_same_columns_have_the_same_digest():
    assert columns_digest(["Nom", "Prénom"]) == columns_digest(["NOM", "prenom"]) != columns_digest(["prenom", "nom"])
