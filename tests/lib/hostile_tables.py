"""XLSX files that no spreadsheet would save."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def bomb() -> bytes:
    """A small file that is a gigabyte when unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(SHEET, "w") as sheet:
        for _ in range(1_000):
            sheet.write(b"0" * 1_000_000)
    return file.getvalue()


def deep_row() -> bytes:
    """Its second row is said to be the billionth."""
    return _changed(lambda sheet: sheet.replace(b'r="2"', b'r="1000000000"'), ["Контрагент"], ["Луч"])


def wrong_size(*rows: Sequence[object]) -> bytes:
    """Says of itself that it has one cell."""
    return _changed(lambda sheet: re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1"', sheet), *rows)


def many_empty_rows(*rows: Sequence[object], below: int) -> bytes:
    """As after formatting whole columns: each row is there and holds nothing."""
    start = len(rows) + 1
    empty = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(start, start + below))
    return _changed(lambda sheet: sheet.replace(b"</sheetData>", empty + b"</sheetData>"), *rows)


def with_external_link(*rows: Sequence[object]) -> bytes:
    """Refers to a workbook on another machine."""
    links = {
        "xl/externalLinks/externalLink1.xml": (
            b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/>'
            b"</externalLink>"
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
            b'Target="http://192.0.2.1/book.xlsx" TargetMode="External"/></Relationships>'
        ),
    }
    return _changed(lambda sheet: sheet, *rows, more=links)


def _changed(change: Callable[[bytes], bytes], *rows: Sequence[object], more: dict[str, bytes] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file, out = io.BytesIO(), io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry.filename, change(data) if entry.filename == SHEET else data)
        for name, data in (more or {}).items():
            target.writestr(name, data)
    return out.getvalue()
