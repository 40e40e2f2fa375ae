"""A file of either format → its headers and rows. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from astpanel.lib.tables.base import FileError, Limits, Line
from astpanel.lib.tables.columns import Columns
from astpanel.lib.tables.csv_lines import csv_lines
from astpanel.lib.tables.xlsx_lines import xlsx_lines

ZIP: Final = b"PK\x03\x04"
LONGEST_HEADER: Final = 200  # characters
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class OpenTable:
    """`keys` of the columns in the file's order, None where nobody knows the header.

    `lines`: the rows that are not empty, read as one goes; each has at most as many cells as there are headers, or says
    in `problems` that it has more. Raises FileError on the way.
    """

    header: tuple[str, ...]
    keys: tuple[str | None, ...]
    lines: Iterator[Line]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers nobody knows: their cells are left out."""
        return tuple(name for name, key in zip(self.header, self.keys, strict=True) if name and key is None)


def open_table(data: bytes, columns: Columns, limits: Limits) -> OpenTable:
    """The format is recognised by the content, whatever the file is called. Raises FileError."""
    limits.check_size(len(data))
    lines = xlsx_lines(data, limits) if data.startswith(ZIP) else csv_lines(data, limits)
    first = next((line for line in lines if _says_something(line)), None)
    if first is None:
        raise FileError(_("The file is empty."))
    header = [" ".join(_CONTROL.sub(" ", cell).split())[:LONGEST_HEADER] for cell in first.cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > limits.columns:
        raise FileError(_("The file has more than %(count)d columns.") % {"count": limits.columns})
    keys = columns.keys_of(header)
    return OpenTable(tuple(header), tuple(keys), _rows(lines, len(header), limits))


def _rows(lines: Iterator[Line], width: int, limits: Limits) -> Iterator[Line]:
    count = 0
    for line in lines:
        if not _says_something(line):
            continue
        count += 1
        if count > limits.rows:
            raise FileError(_("The file has more than %(count)d rows: divide it.") % {"count": limits.rows})
        yield _checked(line, width)
    if not count:
        raise FileError(_("The file has no rows below the headers."))


def _says_something(line: Line) -> bool:
    return bool(line.problems) or any(cell and not cell.isspace() for cell in line.cells)


def _checked(line: Line, width: int) -> Line:
    if any(cell.strip() for cell in line.cells[width:]):
        return replace(line, problems=(*line.problems, _("It has more cells than there are headers.")))
    if len(line.cells) < width and any("\n" in cell and _many(cell) for cell in line.cells):
        text = _("A quotation mark is not closed: this cell holds the rows that follow.")
        return replace(line, problems=(*line.problems, text))
    return line


def _many(cell: str) -> bool:
    return max(cell.count(separator) for separator in ";\t,") > 1
