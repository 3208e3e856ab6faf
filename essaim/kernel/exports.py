"""Every list leaves as CSV or as a workbook, with cells that a spreadsheet can never take for formulas."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from defusedcsv import csv
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Format = Literal["csv", "xlsx"]
CONTENT_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_HIDDEN_FORMULA = re.compile(r"^\s+[=+\-@|%]")
_WIDEST = 60


def export_response(
    name: str, columns: list[tuple[str, str]], rows: Iterable[Sequence[Any]], fmt: Format
) -> HttpResponse:
    """Return ``rows`` as a file to download, never shown in the browser.

    ``columns`` are (key, French heading) pairs, one for each value of a row; the headings make the first
    line. ``fmt`` "csv" is what a French spreadsheet opens without question: UTF-8 with a byte-order mark,
    ``;`` between values, decimal commas, days as ``31/12/2026``, "oui" and "non". "xlsx" keeps numbers and
    dates as such. Text that could start a formula is neutralised in both. ``name`` becomes the file name,
    without accents. Raises ValueError when ``fmt`` is neither, or when a row has not one value for each
    column.
    """
    if fmt not in CONTENT_TYPES:
        raise ValueError(f"unknown export format {fmt!r}")
    headings = [heading for _, heading in columns]
    content = _csv(headings, rows) if fmt == "csv" else _xlsx(name, headings, rows)
    response = HttpResponse(content, content_type=CONTENT_TYPES[fmt])
    file_name = f"{slugify(name) or 'export'}.{fmt}"
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(headings: list[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in _checked(headings, rows):
        writer.writerow([_as_text(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _xlsx(name: str, headings: list[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31] or "Export")
    sheet.freeze_panes = "A2"
    lines = [[_as_cell_value(value) for value in row] for row in _checked(headings, rows)]
    for index, heading in enumerate(headings):
        widths = [len(heading), *(len(str(line[index])) for line in lines[:500] if line[index] is not None)]
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(max(widths) + 2, _WIDEST)
    title_cells = [WriteOnlyCell(sheet, value=heading) for heading in headings]
    for cell in title_cells:
        cell.font = Font(bold=True)
    sheet.append(title_cells)
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _checked(headings: list[str], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    for row in rows:
        if len(row) != len(headings):
            raise ValueError(f"a row of {len(row)} values for {len(headings)} columns")
        yield row


def _as_text(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return value
    if isinstance(value, float | Decimal):
        return format(value, "f" if isinstance(value, Decimal) else "").replace(".", ",")
    if isinstance(value, datetime):
        return _paris_wall_clock(value).strftime("%d/%m/%Y %H:%M")
    if hasattr(value, "strftime"):
        return str(value.strftime("%d/%m/%Y"))
    text = _CONTROL.sub("", str(value))
    return f"'{text}" if _HIDDEN_FORMULA.match(text) else text


def _as_cell_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return _paris_wall_clock(value)
    if hasattr(value, "strftime"):
        return value
    return _CONTROL.sub("", str(value))[:32_767]


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    elif isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif hasattr(value, "strftime"):
        cell.number_format = "dd/mm/yyyy"
    return cell


def _paris_wall_clock(moment: datetime) -> datetime:
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment).replace(tzinfo=None)
    return moment
