"""Bytes of an XLSX file → the rows of its first sheet. Formulas are not run, links not followed. Pure."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from astpanel.lib.tables.base import FileError, Limits, Line, error_problem
from astpanel.lib.tables.formulas import error_in, unescaped

LAST_ROW: Final = 1_048_576  # of a sheet; a hostile file names a row further down and would be counted to for ever
BLOCK: Final = 1_000_000  # bytes
STRINGS: Final = 4  # the table of texts is held in memory: a part of what the whole may be


def xlsx_lines(data: bytes, limits: Limits) -> Iterator[Line]:
    """Numbers as people typed them, dates as 2026-03-02, formulas by the value that was saved. Raises FileError."""
    try:
        _check_unpacked(data, limits)
        yield from _lines(data, limits)
    except FileError:
        raise
    except Exception as error:  # whatever the library finds wrong with a hostile or damaged file
        raise FileError(_("This is no XLSX file that can be read.")) from error


def _check_unpacked(data: bytes, limits: Limits) -> None:
    """The sizes that the archive names are those that are unpacked at most."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    largest = max((entry.file_size for entry in entries if not entry.filename.startswith("xl/worksheets")), default=0)
    if sum(entry.file_size for entry in entries) > limits.unpacked or largest > limits.unpacked // STRINGS:
        raise FileError(_("The file is too large when unpacked."))


def _lines(data: bytes, limits: Limits) -> Iterator[Line]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size is often wrong: rows beyond would be lost
    formulas = _formulas(data, limits) if _has_formulas(data, sheet) else frozenset()
    for number, values in enumerate(sheet.iter_rows(max_col=limits.columns + 1, values_only=True), start=1):
        if number > LAST_ROW:
            raise FileError(_("The sheet has more rows than a spreadsheet can have."))
        if values.count(None) == len(values) and not formulas:
            continue
        lost = any(value is None and (number, column) in formulas for column, value in enumerate(values, start=1))
        cells = _without_tail([cell_text(value, limits.cell) for value in values])
        if cells or lost:
            yield Line(number, cells, _problems(values, lost=lost))


def _has_formulas(data: bytes, sheet: Any) -> bool:
    """A look at the sheet's bytes is much quicker than reading it twice."""
    before = b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(sheet._worksheet_path) as file:
        while block := file.read(BLOCK):
            if b"<f>" in (found := before + block) or b"<f " in found or b"<f/" in found:
                return True
            before = block[-2:]
    return False


def _formulas(data: bytes, limits: Limits) -> frozenset[tuple[int, int]]:
    """Row and column of each: one whose value was not saved reads as an empty cell otherwise."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    found: set[tuple[int, int]] = set()
    for number, cells in enumerate(sheet.iter_rows(max_col=limits.columns + 1), start=1):
        if number > LAST_ROW:
            break
        found.update((number, column) for column, cell in enumerate(cells, start=1) if cell.data_type == "f")
    return frozenset(found)


def _problems(values: Sequence[Any], *, lost: bool) -> tuple[str, ...]:
    found = []
    if lost:
        found.append(_("A cell is a formula whose value was not saved: paste it as a value."))
    if error := error_in(values):
        found.append(error_problem(error))
    return tuple(found)


def cell_text(value: Any, longest: int) -> str:
    """Numbers as people typed them: 101, not 101.0."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unescaped(value[: longest + 1])
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
