"""Bytes of a CSV or XLSX file → rows of text, as Russian Excel and everybody else make them. Pure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from astpanel.accounts.importing.columns import COLUMNS, key_of
from astpanel.accounts.importing.formulas import unescaped

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 1_000
MOST_UNPACKED: Final = 100_000_000  # bytes inside of an XLSX, which is a ZIP: a bomb is a small file
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # line ends in a cell are no part of a name
ENCODINGS: Final = ("utf-8-sig", "cp1251")
SEPARATORS: Final = ";\t,"


class FileError(Exception):
    """The file cannot be read as a table of users; the message says why, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number as a spreadsheet shows it, and its cells by the column's key."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not empty; headers nobody knows are named, their cells left out."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = ()


def parse(data: bytes) -> Table:
    """The table in a file of either format, recognised by its content. Raises FileError."""
    if len(data) > MOST_BYTES:
        raise FileError(_("The file is larger than %(size)d MB.") % {"size": MOST_BYTES // 1_000_000})
    lines = _xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    return _table(lines)


def _table(lines: Iterable[Sequence[str]]) -> Table:
    numbered = enumerate(lines, start=1)
    _line, header = next(((n, cells) for n, cells in numbered if any(cells)), (0, ()))
    if len(header) > MOST_COLUMNS:
        raise FileError(_("The file has more than %(count)d columns.") % {"count": MOST_COLUMNS})
    keys = [key_of(name) for name in header]
    _check_header(keys)
    rows: list[Row] = []
    for line, cells in numbered:
        found = {key: text for key, text in zip(keys, cells, strict=False) if key and text}
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise FileError(_("The file has more than %(count)d rows: divide it.") % {"count": MOST_ROWS})
        rows.append(Row(line, found))
    if not rows:
        raise FileError(_("The file has no rows below the headers."))
    unknown = tuple(name for name, key in zip(header, keys, strict=True) if name and key is None)
    return Table(tuple(rows), unknown)


def _check_header(keys: Sequence[str | None]) -> None:
    if "username" not in keys:
        first = COLUMNS[0].title
        text = _("No column “%(name)s”: the first row must hold the headers, as in the template.")
        raise FileError(text % {"name": first})
    known = [key for key in keys if key]
    if twice := next((column for column in COLUMNS if known.count(column.key) > 1), None):
        raise FileError(_("There are two columns “%(name)s”.") % {"name": twice.title})


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    csv.field_size_limit(131_072)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
            yield [_cell(cell) for cell in cells]
    except csv.Error:
        raise FileError(_("This is no CSV file that can be read.")) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # “Unicode text” of Excel
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise FileError(_("This is neither a CSV nor an XLSX file."))
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(_("The file is neither in UTF-8 nor in Windows-1251."))


def _xlsx(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise FileError(_("The file is too large when unpacked."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield _without_tail([_cell(cell) for cell in cells])
    except FileError:
        raise
    except Exception as error:  # whatever the library finds wrong with a hostile or damaged file
        raise FileError(_("This is no XLSX file that can be read.")) from error


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(value: Any) -> str:
    """Numbers as people typed them: 101, not 101.0. Too long ones stay one too long, to be refused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return unescaped(" ".join(_CONTROL.sub(" ", str(value)).split())[: LONGEST_CELL + 1])
