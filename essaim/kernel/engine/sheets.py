"""Files as offices send them: any usual encoding, separator and order of columns, read into numbered rows.

``read_sheet`` reads a CSV file by known columns; ``open_table`` reads any table, CSV or XLSX, row by row.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from essaim.kernel.engine.workbooks import CellFault, WorkbookError, is_workbook, workbook_rows

SEPARATORS = ";,\t|"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls, or a workbook with a password
_BROKEN = (
    "Un guillemet n’est pas refermé : cette ligne et la suite du fichier ne peuvent pas être lues. Le fichier est"
    " peut-être coupé."
)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Why a row is refused. ``line`` counts from 1 as a text editor does; ``column`` is "" when it is the
    whole line.
    """

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as it stands in the file. ``faults`` are the cells that no reader could trust."""

    line: int
    cells: tuple[str, ...]
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``headings`` stand on ``line``; ``rows`` is read once, in the order of the file, empty rows left aside.

    Where the end of the file cannot be read, the last row says so: it has no cell and one fault, without column.
    """

    headings: tuple[str, ...]
    line: int
    rows: Iterator[TableRow]


class SheetError(ValueError):
    """The file itself cannot be read. ``fault`` says where and why."""

    def __init__(self, message: str, *, line: int = 1, column: str = "") -> None:
        super().__init__(message)
        self.fault = SheetFault(line=line, column=column, message=message)


def decode_text(content: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without its mark), UTF-16 (with its mark) or Windows-1252.

    Raises SheetError for what is none of them: binary content.
    """
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise SheetError("Ce fichier n’est pas un texte lisible : enregistrez-le en CSV, encodage UTF-8.")


def fold_heading(text: str) -> str:
    """Return a heading without case, accents or punctuation: « Libellé du QPV » gives ``libelle_du_qpv``."""
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return "_".join("".join(mark if mark.isalnum() else " " for mark in bare).split())


def read_sheet(
    content: bytes, *, columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> tuple[list[SheetRow], list[SheetFault]]:
    """Read a CSV file into rows holding the values of the known ``columns``, and the faults found.

    ``columns`` gives for each field the headings it goes by (folded as by ``fold_heading``); other columns
    are left aside. Empty lines are skipped. A row with too few or too many cells is a fault. Raises
    SheetError when the file is empty or not text, or when a required column is missing or a known one stands
    twice.
    """
    text = decode_text(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows: list[SheetRow] = []
    faults: list[SheetFault] = []
    fields: list[str] | None = None
    line, next_line = 1, 1
    try:
        for cells in reader:
            line, next_line = next_line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if fields is None:
                fields = _fields_of(cells, columns, required, line)
            elif len(cells) != len(fields):
                faults.append(SheetFault(line, "", f"{len(cells)} cellules au lieu de {len(fields)}."))
            else:
                rows.append(SheetRow(line, {f: c.strip() for f, c in zip(fields, cells, strict=True) if f}))
    except csv.Error:
        raise SheetError("Cette ligne est mal formée : un guillemet n’est pas refermé.", line=next_line) from None
    if fields is None:
        raise SheetError("Le fichier est vide.")
    return rows, faults


def _separator(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=heading.count)


def _fields_of(cells: list[str], columns: Mapping[str, Sequence[str]], required: Sequence[str], line: int) -> list[str]:
    by_heading = {heading: field for field, headings in columns.items() for heading in headings}
    fields = [by_heading.get(fold_heading(cell), "") for cell in cells]
    for field in columns:
        if fields.count(field) > 1:
            twice = [cell.strip() for cell, found in zip(cells, fields, strict=True) if found == field]
            raise SheetError(
                f"Plusieurs colonnes disent la même chose : {', '.join(twice)}.", line=line, column=twice[1]
            )
        if field in required and field not in fields:
            names = " ou ".join(columns[field][:3])
            raise SheetError(f"Il manque la colonne {names}.", line=line, column=columns[field][0])
    return fields


def open_table(content: bytes) -> Table:
    """Open the first sheet of an XLSX workbook or a CSV file, and read its headings.

    Every cell is a text: days as 2004-02-29, whole numbers without decimals, a formula as the value it gave. A
    cell merged downwards holds for each of its rows. Raises SheetError when the file is empty, is neither, or is
    a workbook cut short or too large once unpacked.
    """
    if content.startswith(_OLD_WORKBOOK):
        raise SheetError("Ce classeur est d’un ancien format : enregistrez-le au format XLSX ou CSV.")
    rows = _trusted(_of_workbook(content) if is_workbook(content) else _of_text(content))
    heading = next(rows, None)
    if heading is None:
        raise SheetError("Le fichier est vide.")
    if heading.faults:
        raise SheetError(heading.faults[0].message, line=heading.line)
    return Table(heading.cells, heading.line, rows)


def _trusted(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    return (row for row in rows if row.faults or any(cell for cell in row.cells))


def _of_workbook(content: bytes) -> Iterator[TableRow]:
    try:
        for line, cells, faults in workbook_rows(content):
            yield TableRow(line, cells, faults)
    except WorkbookError as error:
        raise SheetError(str(error)) from None


def _of_text(content: bytes) -> Iterator[TableRow]:
    text = decode_text(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    next_line, width = 1, None
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield TableRow(next_line, (), (CellFault(None, _BROKEN),))
            return
        if cells is None:
            return
        line, next_line = next_line, reader.line_num + 1
        stripped = tuple(cell.strip() for cell in cells)
        if not any(stripped):
            continue
        width = width or len(stripped)
        if len(stripped) < width or any(stripped[width:]):
            message = f"{len(stripped)} cellules au lieu de {width}."
            yield TableRow(line, (), (CellFault(None, message),))
        else:
            yield TableRow(line, stripped[:width])
