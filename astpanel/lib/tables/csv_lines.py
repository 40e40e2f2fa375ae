"""Bytes of a CSV file → its rows. Pure."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from astpanel.lib.tables.base import FileError, Limits, Line, error_problem
from astpanel.lib.tables.encodings import LOST, decoded
from astpanel.lib.tables.formulas import error_in, unescaped

SEPARATORS: Final = ";\t,"
NAMED: Final = "sep="  # Excel's own first line


def csv_lines(data: bytes, limits: Limits) -> Iterator[Line]:
    """Separated by semicolons, tabs or commas: by what the first line has most. Raises FileError."""
    text = decoded(data)
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    skipped = 0
    if first.lower().startswith(NAMED) and len(first.strip()) == len(NAMED) + 1:
        separator, skipped = first[len(NAMED)], 1
    csv.field_size_limit(limits.size)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            if number > skipped:
                yield Line(number, [unescaped(cell[: limits.cell + 1]) for cell in cells], _problems(cells))
    except csv.Error:
        raise FileError(_("This is no CSV file that can be read.")) from None


def _problems(cells: list[str]) -> tuple[str, ...]:
    found = []
    if any(LOST in cell for cell in cells):
        found.append(_("Some of its bytes are no text: the file is damaged here, or was saved in an unusual encoding."))
    if error := error_in(cells):
        found.append(error_problem(error))
    return tuple(found)
