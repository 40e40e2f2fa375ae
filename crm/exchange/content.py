"""Rows of a checked file, packed: what is imported is exactly what was checked, and reading it again is quick. Pure."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from astpanel.lib.tables.base import Line
from astpanel.lib.tables.reading import OpenTable, open_table
from crm.exchange.columns import LIMITS, TABLE
from crm.exchange.rows import FileRow, row_of

Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Headers, what they mean, and the rows."""

    header: tuple[str, ...]
    keys: Keys
    lines: list[Line]

    def rows(self) -> list[FileRow]:
        """Each read."""
        return [row_of(line, self.keys) for line in self.lines]


def opened(data: bytes) -> OpenTable:
    """Headers at once, rows as one goes. Raises FileError."""
    return open_table(data, TABLE, LIMITS)


def packed(header: Sequence[str], keys: Sequence[str | None], lines: Iterable[Line]) -> bytes:
    """For DirectoryImport.content."""
    rows = [[line.number, line.cells, line.problems] for line in lines]
    return zlib.compress(json.dumps([list(header), list(keys), rows], ensure_ascii=False).encode("utf-8", "replace"), 1)


def unpacked(data: bytes) -> Content:
    """What `packed` made."""
    header, keys, rows = json.loads(zlib.decompress(data))
    return Content(tuple(header), tuple(keys), [Line(number, cells, tuple(texts)) for number, cells, texts in rows])
