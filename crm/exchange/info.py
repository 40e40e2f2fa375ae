"""Numbers and addresses of one owner: those there are, and what rows of a file add. No writing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from astpanel.lib.phone_numbers import clean_text, split_extension
from astpanel.lib.tables.words import NO, YES
from crm.exchange.cells import as_line
from crm.exchange.entries import Entry
from crm.exchange.rows import FileRow
from crm.models import AddressType, ContactInfo

FOLDED: Final = AddressType.EMAIL  # letters of either size are the same address
Keys = Callable[[str], tuple[str, str]]


@dataclass(slots=True)
class Item:
    """One value; `row` is None while it is only in the file."""

    type: str
    value: str
    main: bool
    row: ContactInfo | None = None


class OwnerInfo:
    """`keys` reads numbers by the office's rules: 8 495 … and +7 495 … are one number."""

    def __init__(self, rows: Iterable[ContactInfo], keys: Keys) -> None:
        self.items: list[Item] = []
        self._keys = keys
        self._by_text: dict[tuple[str, str], Item] = {}
        for row in rows:
            self._add(Item(row.type, row.value, row.is_main, row))

    def faults(self, row: FileRow) -> list[str]:
        """Why the row's values cannot be taken, in words."""
        found = [entry.fault for entry in row.entries if entry.fault and not self._has_whole(entry)]
        if not found and row.main and row.main.lower() not in NO and self._main_of(row) is None:
            found.append(_("The main number is none of its phones."))
        return found

    def changes(self, row: FileRow) -> bool:
        """Would `take` change anything?"""
        if any(self._find(kind, value) is None for kind, value in self._values(row)):
            return True
        return bool(row.main) and row.main.lower() not in NO and not self._is_main(self._main_of(row) or "")

    def take(self, row: FileRow) -> bool:
        """Add what is not there yet, and follow «Основной» → did anything change?"""
        changed = False
        for kind, value in self._values(row):
            if self._find(kind, value) is None:
                self._add(Item(kind, value, main=not any(item.type == kind for item in self.items)))
                changed = True
        if row.main and row.main.lower() not in NO:
            wanted = self._main_of(row) or ""
            if not self._is_main(wanted):
                self._make_main(wanted)
                changed = True
        return changed

    def _values(self, row: FileRow) -> list[tuple[str, str]]:
        entries = (entry for entry in row.entries if not self._has_whole(entry))
        return [(entry.type, value) for entry in entries for value in entry.values]

    def _has_whole(self, entry: Entry) -> bool:
        return (entry.type, _folded(entry.type, entry.text)) in self._by_text

    def _find(self, kind: str, value: str) -> Item | None:
        return next((item for name in self._names(kind, value) if (item := self._by_text.get((kind, name)))), None)

    def _names(self, kind: str, value: str) -> list[str]:
        """The text, and the number that it means."""
        names = [_folded(kind, value)]
        if kind == AddressType.PHONE and (e164 := self._keys(value)[0]):
            names.append(f"{e164};{split_extension(clean_text(value))[1]}")
        return names

    def _add(self, item: Item) -> None:
        self.items.append(item)
        for name in self._names(item.type, item.value):
            self._by_text.setdefault((item.type, name), item)

    def _main_of(self, row: FileRow) -> str | None:
        """The number that «Основной» means: yes, the first one of the row; or which."""
        phones = [value for kind, value in self._values(row) if kind == AddressType.PHONE]
        whole = [entry.text for entry in row.entries if entry.type == AddressType.PHONE and self._has_whole(entry)]
        if row.main.lower() in YES:
            return next(iter([*whole, *phones]), None)
        wanted = set(self._names(AddressType.PHONE, row.main))
        if self._find(AddressType.PHONE, row.main) is not None:
            return row.main
        return next((value for value in phones if wanted & set(self._names(AddressType.PHONE, value))), None)

    def _is_main(self, value: str) -> bool:
        item = self._find(AddressType.PHONE, value)
        return item is not None and item.main

    def _make_main(self, value: str) -> None:
        for item in self.items:
            if item.type == AddressType.PHONE:
                item.main = item is self._find(AddressType.PHONE, value)


def _folded(kind: str, text: str) -> str:
    line = as_line(text)
    return line.casefold() if kind == FOLDED else line
