import io
import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from essaim.kernel.engine import workbooks
from essaim.kernel.engine.sheets import SheetError, open_table


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows, merged=(), epoch=None):
    book = Workbook()
    if epoch:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    return saved(book)


def rewritten(content, part, change):
    """The same archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            body = before.read(name)
            after.writestr(name, change(body.decode()) if name == part else body)
    return out.getvalue()


def read(content):
    table = open_table(content)
    return table.headings, [(row.line, row.cells, row.faults) for row in table.rows]


def cells(content):
    return [row[1] for row in read(content)[1]]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_follow_the_calendar_of_the_workbook(epoch):
    moment = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - a workbook knows no time zone
    content = workbook(["né le", "vu"], [date(2004, 2, 29), moment], epoch=epoch)
    assert cells(content) == [("2004-02-29", "2026-03-01 09:30:00")]


def test_numbers_are_texts_without_decimals_and_decimals_stay():
    assert cells(workbook(["a", "b", "c"], [75001, 612345678.0, 1.5])) == [("75001", "612345678", "1.5")]


def test_lines_are_those_of_the_sheet_and_empty_ones_are_left_aside():
    headings, rows = read(workbook([], ["nom"], [None], ["A"], [], ["B"]))
    assert headings == ("nom",) and [(line, values) for line, values, _ in rows] == [(4, ("A",)), (6, ("B",))]


def test_a_cell_merged_downwards_holds_for_each_of_its_rows():
    content = workbook(["nom", "ville"], ["A", "Lyon"], ["B", None], ["C", "Nice"], merged=["B2:B3"])
    assert cells(content) == [("A", "Lyon"), ("B", "Lyon"), ("C", "Nice")]


def test_a_cell_merged_across_columns_is_told():
    _, rows = read(workbook(["nom", "prénom"], ["Kadrani Inès", None], ["A", "B"], merged=["A2:B2"]))
    assert "fusionnée" in rows[0][2][0].message and not rows[1][2]


def test_a_formula_counts_for_its_value_and_without_one_is_told():
    content = workbook(["nom", "niveau"], ["A", "=1+2"], ["B", "=1+2"])
    content = rewritten(
        content, "xl/worksheets/sheet1.xml", lambda text: text.replace("<f>1+2</f><v />", "<f>1+2</f><v>3</v>", 1)
    )
    _, rows = read(content)
    assert rows[0][1] == ("A", "3") and not rows[0][2]
    assert "pas de résultat" in rows[1][2][0].message and rows[1][2][0].index == 1


def test_an_error_in_a_cell_is_told():
    content = workbook(["nom"], ["A"])
    content = rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(r'<c r="A2".*?</c>', '<c r="A2" t="e"><v>#N/A</v></c>', text),
    )
    _, rows = read(content)
    assert "#N/A" in rows[0][2][0].message


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_workbook_cut_short_is_refused(kept):
    content = workbook(["nom"], *([f"personne {n}"] for n in range(300)))
    with pytest.raises(SheetError, match="abîmé ou coupé"):
        read(content[: int(len(content) * kept)])


def test_an_archive_that_unpacks_too_large_is_refused_whatever_it_says(monkeypatch):
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 200_000)
    bomb = rewritten(
        workbook(["nom"], ["A"]), "xl/worksheets/sheet1.xml", lambda text: text.replace(">A<", f">{'0' * 400_000}<")
    )
    assert len(bomb) < 20_000
    with pytest.raises(SheetError, match="trop gros"):
        read(bomb)


def test_entities_are_refused():
    content = rewritten(
        workbook(["nom"], ["A"]),
        "xl/worksheets/sheet1.xml",
        lambda text: '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text.replace(">A<", ">&a;<"),
    )
    with pytest.raises(SheetError, match="abîmé"):
        read(content)


def test_shared_texts_are_found_their_phonetic_reading_left_aside():
    body = re.compile(r'<c r="A2".*?</c>')
    content = rewritten(
        workbook(["nom"], ["A"]),
        "xl/worksheets/sheet1.xml",
        lambda text: body.sub('<c r="A2" t="s"><v>1</v></c>', text),
    )
    strings = "<sst><si><t>zéro</t></si><si><r><t>É</t></r><r><t>lan</t></r><rPh><t>x</t></rPh></si></sst>"
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    assert cells(out.getvalue()) == [("Élan",)]


def test_any_other_archive_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")
    with pytest.raises(SheetError, match="abîmé"):
        read(out.getvalue())


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20).filter(
    lambda text: text.strip() and not text.startswith("=") and "_x" not in text
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(rows):
    assert cells(workbook(["a", "b"], *rows)) == [(one.strip(), two.strip()) for one, two in rows]


def test_a_csv_cut_in_a_quoted_cell_gives_its_good_rows_and_says_where():
    headings, rows = read('nom;prénom\nA;B\nC;D\nE;"F\nG;H\n'.encode())
    assert headings == ("nom", "prénom") and [row[1] for row in rows] == [("A", "B"), ("C", "D"), ()]
    assert rows[2][0] == 4 and "coupé" in rows[2][2][0].message


def test_a_row_of_too_few_cells_is_told_and_empty_cells_too_many_are_not():
    _, rows = read(b"nom;prenom\nA\nB;C;;\nD;E;F\n")
    assert [(row[0], row[1], bool(row[2])) for row in rows] == [(2, (), True), (3, ("B", "C"), False), (4, (), True)]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(SheetError):
        read(content)
