import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.kernel.engine.sheets import SheetError, fold_heading, read_sheet

COLUMNS = {"code": ("code", "code_qp"), "name": ("nom", "libelle")}
CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(lambda t: t.strip())


def read(text, encoding="utf-8"):
    return read_sheet(text.encode(encoding), columns=COLUMNS, required=("code", "name"))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_and_separators_are_understood(separator, encoding):
    rows, faults = read(
        separator.join(["Libellé", "Code QP"]) + "\r\n" + separator.join(["Élan", "Q1"]) + "\r\n", encoding
    )
    assert not faults and rows[0].values == {"code": "Q1", "name": "Élan"} and rows[0].line == 2


def test_headings_are_read_whatever_their_case_and_accents():
    assert fold_heading(" Libellé du  QPV (2024)") == "libelle_du_qpv_2024"
    assert fold_heading("jusqu’au") == "jusqu_au"


def test_a_row_that_does_not_fit_is_told_with_its_line():
    rows, faults = read("code;nom\n\nA;un\nB\nC;deux;trois\n")
    assert [row.line for row in rows] == [3]
    assert [(fault.line, fault.message) for fault in faults] == [
        (4, "1 cellules au lieu de 2."),
        (5, "3 cellules au lieu de 2."),
    ]


def test_a_cell_of_several_lines_keeps_the_line_it_starts_on():
    rows, _ = read('code;nom\nA;"un\ndeux"\nB;trois\n')
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vide"),
        ("\n\n", "vide"),
        ("code;autre\n1;2\n", "Il manque la colonne nom"),
        ("code;nom;Code\n1;2;3\n", "Plusieurs colonnes"),
        ("code;nom;libellé\n1;2;3\n", "Plusieurs colonnes"),
        ('code;nom\nA;"jamais fermé\n', "guillemet"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text, words):
    with pytest.raises(SheetError, match=words):
        read(text)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00\x00", codecs.BOM_UTF16_LE + b"\x00", b"\x81\x8d\x8f;"])
def test_what_is_not_text_is_refused(content):
    with pytest.raises(SheetError):
        read_sheet(content, columns=COLUMNS, required=("code", "name"))


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(";,\t|"))
def test_what_a_spreadsheet_writes_is_read_back(rows, separator):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([("code", "nom"), *rows])
    found, faults = read(out.getvalue())
    assert not faults
    assert [(row.values["code"], row.values["name"]) for row in found] == [(a.strip(), b.strip()) for a, b in rows]


@given(st.binary(max_size=200))
def test_any_content_is_read_or_refused(content):
    try:
        read_sheet(content, columns=COLUMNS, required=("code", "name"))
    except SheetError as error:
        assert error.fault.message and error.fault.line >= 1
