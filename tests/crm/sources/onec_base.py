"""The rows of a 1C base: made when they are asked for, so that 50,000 customers cost nothing until they are read."""

import base64
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from tests.crm.sources.onec_filter import order_of

Row = dict[str, Any]
TEXT, GUID, BOOL, DATE, LINE = "Edm.String", "Edm.Guid", "Edm.Boolean", "Edm.DateTime", "Edm.Int64"
NOBODY: Final = "00000000-0000-0000-0000-000000000000"
EMPTY: Final[Mapping[str, Any]] = {TEXT: "", GUID: NOBODY, BOOL: False, DATE: "0001-01-01T00:00:00", LINE: "0"}
OBJECT: Final[Mapping[str, str]] = {"Ref_Key": GUID, "DataVersion": TEXT, "DeletionMark": BOOL, "Description": TEXT}
PART: Final[Mapping[str, str]] = {"Ref_Key": GUID, "LineNumber": LINE}


def ref(entity: str, number: int) -> str:
    """The reference of an object: ordered by `number` as 1C orders them, and in no order as text."""
    mixed = uuid5(NAMESPACE_OID, f"{entity} {number}").hex
    return f"{mixed[:8]}-{mixed[8:12]}-11ec-80ba-{number:012x}"


def version(number: int) -> str:
    """`DataVersion` as 1C writes it."""
    return base64.b64encode(number.to_bytes(8, "little")).decode()


@dataclass
class Table:
    """An entity. `columns`: names and EDM types; `parts`: tabular parts, their own columns (without those of PART).

    `make(i)` gives the row number i of `size`, in the order of the key; parts are lists in the row. Objects have
    Ref_Key and DataVersion; a register has `key`, its dimensions, and neither version nor order.
    """

    name: str
    columns: Mapping[str, str]
    make: Callable[[int], Row] = lambda _i: {}
    size: int = 0
    key: tuple[str, ...] = ("Ref_Key",)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _changed: dict[int, Row | None] = field(default_factory=dict)
    _added: list[Row] = field(default_factory=list)

    @property
    def is_register(self) -> bool:
        return self.name.startswith("InformationRegister_")

    def __len__(self) -> int:
        gone = sum(1 for row in self._changed.values() if row is None)
        return self.size - gone + len(self._added)

    def at(self, index: int) -> Row | None:
        """None: that row was deleted."""
        if index >= self.size:
            return self._added[index - self.size]
        if index in self._changed:
            return self._changed[index]
        row = self.make(index)
        if not self.is_register:
            row.setdefault("DataVersion", version(1))
        for name, type_ in self.columns.items():
            row.setdefault(name, EMPTY.get(type_, ""))
        for part, columns in self.parts.items():
            row[part] = [
                {
                    "Ref_Key": row["Ref_Key"],
                    "LineNumber": str(number),
                    **{name: line.get(name, EMPTY.get(type_, "")) for name, type_ in columns.items()},
                }
                for number, line in enumerate(row.get(part, ()), 1)
            ]
        return row

    def rows(self, start: int = 0) -> Iterator[Row]:
        """In the order of the key."""
        for index in range(start, self.size + len(self._added)):
            if (row := self.at(index)) is not None:
                yield row

    def behind(self, mark: str) -> int:
        """The index of the first row whose reference comes after this one."""
        indexes = range(self.size + len(self._added))
        return bisect_right(indexes, order_of(mark), key=lambda index: order_of((self.at(index) or {})["Ref_Key"]))

    def find(self, key: Mapping[str, str]) -> int | None:
        """The index of the row with this key."""
        if self.key == ("Ref_Key",):
            index = self.behind(key["Ref_Key"]) - 1
            row = self.at(index) if index >= 0 else None
            return index if row is not None and row["Ref_Key"] == key["Ref_Key"] else None
        wanted = [key[name] for name in self.key]
        for index in range(self.size + len(self._added)):
            row = self.at(index)
            if row is not None and [row[name] for name in self.key] == wanted:
                return index
        return None

    def put(self, index: int, row: Row | None) -> None:
        """Write over the row, or delete it."""
        if index < self.size:
            self._changed[index] = row
        elif row is None:
            del self._added[index - self.size]
        else:
            self._added[index - self.size] = row

    def add(self, row: Row) -> None:
        """A new row; a new object comes last in the order."""
        if not self.is_register:
            assert self.behind(row["Ref_Key"]) == self.size + len(self._added)
        self._added.append({**{name: EMPTY.get(type_, "") for name, type_ in self.columns.items()}, **row})


class Base:
    """An information base: what is published, who may what. Tests read and write it through `row` and `change`."""

    def __init__(self, name: str, tables: Sequence[Table]) -> None:
        self.name, self.tables = name, {table.name: table for table in tables}
        self.lock = threading.RLock()
        self.may_read: set[str] | None = None  # entities; None: all
        self.may_write: set[str] | None = None
        self._version = 1

    def row(self, entity: str, key: str | Mapping[str, str]) -> Row | None:
        """What 1C holds now."""
        with self.lock:
            table = self.tables[entity]
            index = table.find({"Ref_Key": key} if isinstance(key, str) else key)
            return None if index is None else table.at(index)

    def rows(self, entity: str) -> list[Row]:
        """All of a small table."""
        with self.lock:
            return list(self.tables[entity].rows())

    def change(self, entity: str, key: str | Mapping[str, str], **values: Any) -> None:
        """Somebody writes in 1C: an object gets a new version."""
        with self.lock:
            table = self.tables[entity]
            index = table.find({"Ref_Key": key} if isinstance(key, str) else key)
            assert index is not None
            row = {**(table.at(index) or {}), **values}
            if not table.is_register:
                row["DataVersion"] = self.next_version()
            table.put(index, self.renumbered(table, row))

    def next_version(self) -> str:
        """Of an object that is being written."""
        self._version += 1
        return version(self._version)

    @staticmethod
    def renumbered(table: Table, row: Row) -> Row:
        """The lines of the parts with their numbers, owners and all columns, as 1C keeps them."""
        for part, columns in table.parts.items():
            empty = {name: EMPTY.get(type_, "") for name, type_ in columns.items()}
            row[part] = [
                {**empty, **line, "Ref_Key": row["Ref_Key"], "LineNumber": str(number)}
                for number, line in enumerate(row.get(part, ()), 1)
            ]
        return row
