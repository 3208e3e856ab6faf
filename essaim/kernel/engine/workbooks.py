"""XLSX workbooks as people send them, read as a stream: never the whole of them unpacked in memory.

Formulas count for the value they gave; days follow the calendar of the workbook (1900 or 1904); a cell merged
downwards holds for each of its rows.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from io import BytesIO
from posixpath import join, normpath
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

LARGEST_UNPACKED = 160 * 1024 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
_CHUNK = 1 << 18
_CUT = "Ce classeur est abîmé ou coupé : enregistrez-le de nouveau au format XLSX."
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # a password
    ValueError,
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WorkbookError(ValueError):
    """The workbook cannot be read: cut short, too large, without a sheet. The message says it to the user."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a cell cannot be trusted; ``index`` is its place in the row from 0, None for the whole row."""

    index: int | None
    message: str


Row = tuple[int, tuple[str, ...], tuple[CellFault, ...]]


def is_workbook(content: bytes) -> bool:
    """Whether the content is a ZIP archive: CSV files never are."""
    return content.startswith(b"PK\x03\x04")


def workbook_rows(content: bytes) -> Iterator[Row]:
    """Read the first visible sheet: its row numbers, cells as texts, and the cells that cannot be trusted.

    Raises WorkbookError for an archive that is no workbook, cut short, or of more than ``LARGEST_UNPACKED`` bytes
    once unpacked: what is really unpacked is counted, whatever the archive says of itself.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from _Workbook(archive).rows()
    except WorkbookError:
        raise
    except _BROKEN as fault:
        raise WorkbookError(_CUT) from fault


@dataclass(slots=True)
class _Cell:
    reference: str = ""
    kind: str = ""
    style: int = 0
    has_formula: bool = False
    text: list[str] = field(default_factory=list)


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.unpacked = archive, 0
        self.epoch = WINDOWS_EPOCH
        self.sheet = self._first_sheet()
        self.strings = self._shared_strings()
        self.dates = self._date_styles()
        self.merged = self._merged_cells()

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the sheet in their order."""
        kept: dict[tuple[int, int], str] = {}
        for line, cells in self._raw_rows():
            values, faults = self._values(cells)
            for first_line, last_line, column, width in self.merged:
                if not first_line <= line <= last_line:
                    continue
                if line == first_line:
                    kept[first_line, column] = values[column] if column < len(values) else ""
                if width > 1 and kept.get((first_line, column)):
                    faults.append(CellFault(column, "Cette cellule est fusionnée avec d’autres colonnes."))
                elif line > first_line:
                    values.extend([""] * (column + 1 - len(values)))
                    values[column] = kept.get((first_line, column), "")
            yield line, tuple(values), tuple(faults)

    def _values(self, cells: dict[int, _Cell]) -> tuple[list[str], list[CellFault]]:
        width = max(cells, default=-1) + 1
        values, faults = [""] * width, []
        for index, cell in cells.items():
            try:
                values[index] = self._text_of(cell).strip()
            except (ValueError, OverflowError) as fault:
                faults.append(CellFault(index, str(fault) or "Cette valeur n’est pas lisible."))
        return values, faults

    def _text_of(self, cell: _Cell) -> str:
        text = "".join(cell.text)
        if len(text) > LONGEST_CELL:
            raise ValueError("Cette cellule est trop longue.")
        if cell.kind == "s":
            return self.strings[int(text)] if text else ""
        if cell.kind == "e":
            raise ValueError(f"La formule de cette cellule donne une erreur ({text[:10]}).")
        if cell.has_formula and not text and cell.kind != "str":
            raise ValueError("Cette formule n’a pas de résultat : ouvrez puis enregistrez le fichier.")
        if cell.kind in {"inlineStr", "str"}:
            return _unescape(text)
        if cell.kind == "b":
            return "oui" if text == "1" else "non"
        if cell.kind == "d":
            return _day_or_moment(datetime.fromisoformat(text.removesuffix("Z")))
        return self._number(text, cell.style)

    def _number(self, text: str, style: int) -> str:
        if not text.strip():
            return ""
        number = float(text)
        if style in self.dates:
            return _day_or_moment(from_excel(number, self.epoch))
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return text.strip()

    def _first_sheet(self) -> str:
        found: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr" and attributes.get("date1904", "0") in {"1", "true"}:
                self.epoch = MAC_EPOCH
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                found.extend(value for key, value in attributes.items() if key.endswith(":id") or key == "id")

        targets: dict[str, str] = {}
        self._parse("xl/workbook.xml", start)
        self._parse(
            "xl/_rels/workbook.xml.rels",
            lambda name, attributes: targets.update({attributes.get("Id", ""): attributes.get("Target", "")}),
        )
        if not found:
            raise WorkbookError("Ce classeur n’a aucune feuille visible.")
        target = targets[found[0]]
        return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))

    def _shared_strings(self) -> list[str]:
        strings: list[str] = []
        parts: list[str] = []
        state = {"text": False, "phonetic": False}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "si":
                parts.clear()
            elif name == "rPh":
                state["phonetic"] = True
            elif name == "t":
                state["text"] = not state["phonetic"]

        def end(name: str) -> None:
            if name == "si":
                strings.append(_unescape("".join(parts)))
            elif name == "rPh":
                state["phonetic"] = False
            elif name == "t":
                state["text"] = False

        def characters(text: str) -> None:
            if state["text"]:
                parts.append(text)

        if "xl/sharedStrings.xml" in self.archive.namelist():
            self._parse("xl/sharedStrings.xml", start, end, characters)
        return strings

    def _date_styles(self) -> set[int]:
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        dates: set[int] = set()
        state = {"in_styles": False, "rank": -1}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                state["in_styles"] = True
            elif name == "xf" and state["in_styles"]:
                state["rank"] += 1
                code = formats.get(int(attributes.get("numFmtId", "0")), "")
                if is_date_format(code):
                    dates.add(state["rank"])

        def end(name: str) -> None:
            if name == "cellXfs":
                state["in_styles"] = False

        if "xl/styles.xml" in self.archive.namelist():
            self._parse("xl/styles.xml", start, end)
        return dates

    def _merged_cells(self) -> list[tuple[int, int, int, int]]:
        """(first row, last row, first column, number of columns) of each merged range."""
        merged: list[tuple[int, int, int, int]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "mergeCell":
                first, _, last = attributes.get("ref", "").partition(":")
                top, bottom = _place(first), _place(last or first)
                merged.append((top[0], bottom[0], top[1], bottom[1] - top[1] + 1))

        if self._mentions(self.sheet, b"mergeCell "):
            self._parse(self.sheet, start)
        if len(merged) > 5000:
            raise WorkbookError("Trop de cellules fusionnées : défusionnez-les, puis recommencez.")
        return merged

    def _raw_rows(self) -> Iterator[tuple[int, dict[int, _Cell]]]:
        reader = _RowReader()
        for chunk in self._chunks(self.sheet):
            reader.parser.Parse(chunk, False)
            yield from reader.take()
        reader.parser.Parse(b"", True)
        yield from reader.take()

    def _parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        characters: Callable[[str], None] | None = None,
    ) -> None:
        parser = _plain_parser()
        parser.StartElementHandler = lambda tag, attributes: start(_local(tag), attributes)
        if end is not None:
            parser.EndElementHandler = lambda tag: end(_local(tag))
        if characters is not None:
            parser.CharacterDataHandler = characters
        for chunk in self._chunks(name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _mentions(self, name: str, words: bytes) -> bool:
        tail = b""
        for chunk in self._chunks(name):
            if words in tail + chunk:
                return True
            tail = chunk[-len(words) :]
        return False

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self.archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                self.unpacked += len(chunk)
                if self.unpacked > LARGEST_UNPACKED:
                    raise WorkbookError("Ce classeur est trop gros une fois décompressé : enregistrez-le en CSV.")
                yield chunk


class _RowReader:
    """Collects the cells of a sheet, row by row, as the parser meets them."""

    def __init__(self) -> None:
        self.parser = _plain_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.done: list[tuple[int, dict[int, _Cell]]] = []
        self.line = 0
        self.cells: dict[int, _Cell] = {}
        self.cell: _Cell | None = None
        self.is_text = False

    def take(self) -> list[tuple[int, dict[int, _Cell]]]:
        """Return the rows complete by now, once."""
        done, self.done = self.done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            self.cell = _Cell(attributes.get("r", ""), attributes.get("t", ""), int(attributes.get("s", "0")))
        elif name == "row":
            self.line = int(attributes.get("r", self.line + 1))
            self.cells = {}
        elif self.cell is not None:
            if name == "f":
                self.cell.has_formula = True
            elif name in {"v", "t"}:
                self.is_text = True

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name in {"v", "t"}:
            self.is_text = False
        elif name == "c" and self.cell is not None:
            index = _place(self.cell.reference)[1] if self.cell.reference else len(self.cells)
            if index < MOST_COLUMNS:
                self.cells[index] = self.cell
            self.cell = None
        elif name == "row":
            self.done.append((self.line, self.cells))

    def _characters(self, text: str) -> None:
        if self.is_text and self.cell is not None:
            self.cell.text.append(text)


def _plain_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*declaration: object) -> None:
    raise WorkbookError(_CUT)  # no office program writes one; entities unfold without end


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _place(reference: str) -> tuple[int, int]:
    """``B3`` is row 3, column 1."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise WorkbookError(_CUT)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _day_or_moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.microsecond >= 500_000:  # a fraction of a day is never quite a second
            value += timedelta(seconds=1)
        value = value.replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)
