"""One row of a file → what it says of a customer, or what is wrong with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from astpanel.lib.tables.base import Line
from astpanel.lib.tables.words import yes_or_no
from crm.exchange.cells import as_line, as_note, has_control, kind_of
from crm.exchange.columns import COLUMNS, LONGEST_NOTE
from crm.exchange.entries import Entry, entries_of
from crm.folding import fold
from crm.models.kinds import AddressType

TITLES: Final = {column.key: column.title for column in COLUMNS}
LONGEST: Final = {"name": 255, "person": 255, "position": 255, "ref": 64, "person_ref": 64, "manager": 500}
ENTRIES: Final = {"phones": AddressType.PHONE, "email": AddressType.EMAIL, "address": AddressType.ADDRESS}


@dataclass(slots=True)
class FileRow:
    """Empty texts and None: the file says nothing of it. `faults`: why the row is refused, in words."""

    line: int
    cells: list[str]  # as the file has them
    name: str = ""
    key: str = ""  # the name folded
    kind: str = ""
    manager: str = ""
    note: str = ""
    ref: str = ""
    archived: bool | None = None
    person: str = ""
    person_key: str = ""
    position: str = ""
    person_ref: str = ""
    main: str = ""
    code: tuple[int, int] = (0, 0)  # of the counterparty and the person, from an export
    entries: tuple[Entry, ...] = ()
    faults: list[str] = field(default_factory=list)

    @property
    def shown_name(self) -> str:
        """For a list of what was refused."""
        return (f"{self.name} · {self.person}" if self.person else self.name)[:255]


def row_of(line: Line, keys: Sequence[str | None]) -> FileRow:
    """Every fault of the row that needs no database, together."""
    row = FileRow(line.number, line.cells, faults=list(line.problems))
    cells = {key: cell for key, cell in zip(keys, line.cells, strict=False) if key and cell and not cell.isspace()}
    for key, cell in cells.items():
        if fault := _fault(key, cell):
            row.faults.append(f"{TITLES[key]}: {fault}")
        else:
            try:
                _read(row, key, cell)
            except ValueError as error:
                row.faults.append(f"{TITLES[key]}: {error}")
    if row.faults:
        return row
    row.key, row.person_key = fold(row.name), fold(row.person)
    if not row.key:
        row.faults.append(_("There is no name of a counterparty."))
    if not row.person_key and (row.person or row.position or row.person_ref):
        row.faults.append(_("A position or a code of a contact person without the name."))
    return row


def _fault(key: str, cell: str) -> str:
    if len(cell) > LONGEST_NOTE:
        return _("Too long: at most %(count)d characters.") % {"count": LONGEST_NOTE}
    if has_control(cell):
        return _("There are control characters in it.")
    if key in LONGEST and len(as_line(cell)) > LONGEST[key]:
        return _("Too long: at most %(count)d characters.") % {"count": LONGEST[key]}
    return ""


def _read(row: FileRow, key: str, cell: str) -> None:
    if key in ENTRIES:
        row.entries = (*row.entries, *entries_of(ENTRIES[key], cell))
        return
    value: Any = as_note(cell) if key == "note" else as_line(cell)
    if key == "kind":
        value = kind_of(value)
    elif key == "archived":
        value = yes_or_no(value)
    elif key == "code":
        value = _code(value)
    setattr(row, key, value)


def _code(text: str) -> tuple[int, int]:
    """`12` of a counterparty, `12/34` of its contact person."""
    first, _line, second = text.partition("/")
    if not (first.isascii() and first.isdigit() and len(first) < 19):
        raise ValueError(_("This is no code of this portal."))
    if second and not (second.isascii() and second.isdigit() and len(second) < 19):
        raise ValueError(_("This is no code of this portal."))
    return int(first), int(second or 0)
