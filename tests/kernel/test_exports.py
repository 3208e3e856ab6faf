import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from essaim.kernel.exports import export_response

COLUMNS = [("name", "Nom"), ("value", "Valeur")]
HOSTILE = [
    "=1+1",
    "+33612345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    '=HYPERLINK("http://x")',
    "\r=1",
    "%x",
]


def read_csv(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_csv_opens_in_a_french_spreadsheet():
    rows = [
        ["Élan d’été", 1200.5],
        ["Œuvre", Decimal("3.20")],
        [None, date(2026, 12, 31)],
        [True, -4],
        ["soir", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)],
    ]
    response = export_response("Communes & zones d’été", COLUMNS, rows, "csv")
    assert response.content.startswith(b"\xef\xbb\xbfNom;Valeur\r\n")
    assert response["Content-Disposition"] == 'attachment; filename="communes-zones-dete.csv"'
    assert read_csv(response) == [
        ["Nom", "Valeur"],
        ["Élan d’été", "1200,5"],
        ["Œuvre", "3,20"],
        ["", "31/12/2026"],
        ["oui", "-4"],
        ["soir", "02/07/2026 00:30"],
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_ever_a_formula(text):
    assert read_csv(export_response("x", COLUMNS, [[text, 1]], "csv"))[1][0].startswith("'")
    book = load_workbook(io.BytesIO(export_response("x", COLUMNS, [[text, 1]], "xlsx").content))
    cell = book.active["A2"]
    assert cell.data_type == "s" and cell.quotePrefix


def test_workbook_keeps_numbers_and_dates():
    rows = [
        ["Élan", Decimal("3.2")],
        ["b", date(2026, 12, 31)],
        ["c\x00d", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)],
    ]
    sheet = load_workbook(io.BytesIO(export_response("Noms: [x]/y", COLUMNS, rows, "xlsx").content)).active
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert values[0] == ["Nom", "Valeur"]
    assert values[1] == ["Élan", 3.2]
    assert values[2][1] == datetime(2026, 12, 31)  # noqa: DTZ001
    assert values[3] == ["cd", datetime(2026, 7, 2, 0, 30)]  # noqa: DTZ001


def test_a_row_of_the_wrong_width_or_an_unknown_format_is_refused():
    with pytest.raises(ValueError):
        export_response("x", COLUMNS, [["one"]], "csv")
    with pytest.raises(ValueError):
        export_response("x", COLUMNS, [], "ods")


@given(st.lists(st.tuples(st.text(), st.one_of(st.none(), st.integers(), st.text(), st.booleans())), max_size=5))
def test_anything_exports_in_both_formats(rows):
    lines = read_csv(export_response("x", COLUMNS, rows, "csv"))
    assert all(cell.lstrip()[:1] not in ("=", "+", "@") for line in lines[1:] for cell in line)
    book = load_workbook(io.BytesIO(export_response("x", COLUMNS, rows, "xlsx").content))
    assert book.active.max_row >= len(rows)
