"""Bytes of a CSV or XLSX file → rows of users' cells by column. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from astpanel.accounts.importing.columns import TABLE
from astpanel.lib.tables.base import FileError, Limits
from astpanel.lib.tables.reading import open_table

LONGEST_CELL: Final = 1_000
LIMITS: Final = Limits(size=5_000_000, rows=10_000, columns=60, cell=LONGEST_CELL, unpacked=100_000_000)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # line ends in a cell are no part of a name


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
    """The table in a file of either format, recognised by its content. Raises FileError.

    Also for a row that cannot be read as it was meant: a list of people is short enough to be mended first.
    """
    table, rows = open_table(data, TABLE, LIMITS), []
    for line in table.lines:
        if line.problems:
            text = _("Row %(line)d: %(text)s") % {"line": line.number, "text": " ".join(line.problems)}
            raise FileError(text)
        cells = zip(table.keys, map(_plain, line.cells), strict=False)
        rows.append(Row(line.number, {key: text for key, text in cells if key and text}))
    return Table(tuple(rows), table.unknown)


def _plain(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
