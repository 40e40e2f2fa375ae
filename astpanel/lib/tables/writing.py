"""Rows of texts → a file that a spreadsheet opens as it should, and that can be imported again. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from astpanel.lib.tables.formulas import escaped, looks_like_formula

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(headers: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> bytes:
    """`csv`: UTF-8 with its mark and semicolons, as Russian Excel opens it. `xlsx`: one sheet of texts.

    No text becomes a formula: in CSV it gets an apostrophe, in XLSX the cell is a text with Excel's own mark for it.
    """
    return _xlsx(headers, rows) if kind == "xlsx" else _csv(headers, rows)


def _csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(headers)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def _xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(list(headers))
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    plain = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    if not looks_like_formula(plain):
        return plain or None
    cell = WriteOnlyCell(sheet, "")
    kept = plain.startswith(("'", "#"))  # the reader takes one apostrophe away, and an error for an error
    cell.value = escaped(plain) if kept else plain
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
