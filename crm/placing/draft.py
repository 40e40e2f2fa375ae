"""The table of «Добавить номер» while somebody works on it. Pure: every act gives a new draft, nothing is written.

A draft is what the page posts with every step: the rows as they were when the dialog was opened, and what has been done
to them since. Putting the number into a row lies on top of the edits, so that another row takes it back undamaged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from astpanel.lib.numbering import NO_PLAN, NumberRules
from crm.placing.numbers import Number, stands_in
from crm.placing.rows import Cell, Change, Changed, Created, Deleted, Kind, Row, Stored

KEPT: Final = "kept"  # key of the row that keeps what the number has displaced


class Refusal(StrEnum):
    """Why an act on a row was refused."""

    GONE = "gone"  # no such row in the table
    NOT_PHONE = "not_phone"  # a number cannot stand in an e-mail's row
    ALREADY = "already"  # the number stands in another row of this table
    EMPTY = "empty"  # an empty row cannot be the main one


class RefusedError(Exception):
    """An act on a row that cannot be done. `row`: the one that stands in the way."""

    def __init__(self, reason: Refusal, row: Row | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


@dataclass(frozen=True, slots=True)
class Draft:
    """`kinds`: of the owner, in their order. `mains`: type → key of the row chosen as the main one."""

    number: Number
    kinds: tuple[Kind, ...]
    base: tuple[Stored, ...] = ()
    cells: Mapping[str, Cell] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    mains: Mapping[str, str] = field(default_factory=dict)
    put: str = ""  # key of the row the number was put into
    keep: bool = False  # what stood there stays as another row
    rules: NumberRules = NO_PLAN

    # --- what is shown -------------------------------------------------------------------------------------------
    def rows(self) -> list[Row]:
        """The whole table by kinds, with an empty row for each phone kind that has none."""
        rows = list(self._filled())
        used = {row.kind.id for row in rows if row.lives}
        taken = {row.key for row in rows}
        offered = (kind for kind in self.kinds if kind.is_phone and kind.id not in used)
        rows += [Row(f"k{kind.id}", kind, "") for kind in offered if f"k{kind.id}" not in taken]
        order = {kind.id: place for place, kind in enumerate(self.kinds)}
        rows.sort(key=lambda row: (order[row.kind.id], row.was is None))  # stable: stored rows as they came
        mains = self._mains(rows)
        return [replace(row, is_main=row.key in mains, here=self._is_here(row)) for row in rows]

    def row(self, key: str) -> Row:
        """Raises RefusedError."""
        found = next((row for row in self.rows() if row.key == key), None)
        if found is None:
            raise RefusedError(Refusal.GONE)
        return found

    @property
    def place(self) -> Row | None:
        """The row in which the number stands, if it does."""
        return next((row for row in self.rows() if row.here), None)

    @property
    def touched(self) -> bool:
        """Closing now would lose something that somebody has done."""
        return bool(self.put) or bool(self.changes())

    def changes(self) -> list[Change]:
        """What «Готово» has to write."""
        found: list[Change] = []
        for row in self.rows():
            if row.was is None:
                if row.lives:
                    found.append(Created(row.kind.id, row.value, row.is_main))
            elif not row.lives:
                found.append(Deleted(row.was.id))
            elif (row.kind.id, row.value, row.is_main) != (row.was.kind, row.was.value, row.was.is_main):
                found.append(Changed(row.was.id, row.kind.id, row.value, row.is_main))
        return found

    # --- acts ----------------------------------------------------------------------------------------------------
    def overwrites(self, key: str) -> str:
        """What the number would displace there; empty: it can be put without a question. Raises RefusedError."""
        row = self._may_take(key)
        return "" if row.deleted or row.here else row.value

    def set_number(self, key: str, *, keep: bool = False) -> "Draft":
        """The number into the row; `keep`: what stood there goes into another row. Raises RefusedError."""
        row = self._may_take(key)
        if row.here:
            return self
        if key == KEPT:  # what was displaced goes back, the number into the row beside it
            return self.set_in_new_row(row.kind.id)
        return replace(self, put=key, keep=keep and bool(self.overwrites(key)))

    def set_in_new_row(self, kind: int) -> "Draft":
        """The number into a row more."""
        key = self.new_key()
        return replace(self, cells={**self.cells, key: Cell(kind, "")}, put=key, keep=False)

    def edit(self, key: str, *, kind: int, value: str, main: bool = False) -> "Draft":
        """What the full dialog says. `value` is checked and tidied already. No key: a row more.

        Raises RefusedError.
        """
        if key:
            self.row(key)
        baked = self._baked()
        if key == KEPT:
            key = self.new_key()
        elif not key or (key.startswith("k") and key != f"k{kind}"):
            key = baked.new_key()
        mains = {**baked.mains, self._kind(kind).type: key} if main else baked.mains
        cells = {**baked.cells, key: Cell(kind, value)}
        return replace(baked, cells=cells, mains=mains, deleted=baked.deleted - {key})

    def delete(self, key: str) -> "Draft":
        """The red cross. A stored row is struck through until «Готово», another one disappears. Raises RefusedError."""
        row = self.row(key)
        if key == KEPT:
            return replace(self, keep=False)
        draft = replace(self, put="", keep=False) if key == self.put else self
        if row.was is not None:
            return replace(draft, deleted=draft.deleted | {key})
        return replace(draft, cells={other: cell for other, cell in draft.cells.items() if other != key})

    def restore(self, key: str) -> "Draft":
        """Takes a deletion back."""
        return replace(self, deleted=self.deleted - {key})

    def set_main(self, key: str) -> "Draft":
        """«Назначить основным». Raises RefusedError."""
        row = self.row(key)
        if not row.lives:
            raise RefusedError(Refusal.EMPTY, row)
        draft = self._baked() if key == KEPT else self
        key = self.new_key() if key == KEPT else key
        return replace(draft, mains={**draft.mains, row.kind.type: key})

    def new_key(self) -> str:
        """A key that no row has."""
        taken = {int(key[1:]) for key in self.cells if key.startswith("n")}
        return f"n{max(taken, default=0) + 1}"

    # --- parts ---------------------------------------------------------------------------------------------------
    def _kind(self, kind: int) -> Kind:
        return next(one for one in self.kinds if one.id == kind)

    def _filled(self) -> Iterator[Row]:
        """Stored and new rows, with the number where it was put."""
        for stored in self.base:
            cell = self.cells.get(stored.key, Cell(stored.kind, stored.value))
            yield from self._with_number(stored.key, cell, stored)
        known = {stored.key for stored in self.base}
        for key, cell in self.cells.items():
            if key not in known:
                yield from self._with_number(key, cell, None)
        if self.put.startswith("k") and self.put not in self.cells:
            yield Row(self.put, self._kind(int(self.put[1:])), self.number.value)

    def _with_number(self, key: str, cell: Cell, was: Stored | None) -> Iterator[Row]:
        kind = self._kind(cell.kind)
        if key != self.put:
            if was is not None or cell.value:
                yield Row(key, kind, cell.value, was, deleted=key in self.deleted)
            return
        yield Row(key, kind, self.number.value, was)
        if self.keep and cell.value:
            yield Row(KEPT, kind, cell.value)

    def _may_take(self, key: str) -> Row:
        row = self.row(key)
        if not row.kind.is_phone:
            raise RefusedError(Refusal.NOT_PHONE, row)
        place = replace(self, put="", keep=False).place
        if place is not None and place.key != key:
            raise RefusedError(Refusal.ALREADY, place)
        return row

    def _is_here(self, row: Row) -> bool:
        """Somebody who writes an extension behind the number in this very dialog has placed it."""
        if not row.lives or not row.kind.is_phone:
            return False
        typed = row.key in self.cells and (row.was is None or row.was.value != row.value)
        return stands_in(self.number, row.value, self.rules, behind_extension=typed)

    def _baked(self) -> "Draft":
        """The number where it was put becomes an edit like any other."""
        if not self.put:
            return self
        row = self.row(self.put)
        cells = {**self.cells, self.put: Cell(row.kind.id, self.number.value)}
        if self.keep:
            kept = self.row(KEPT)
            cells[self.new_key()] = Cell(kept.kind.id, kept.value)
        return replace(self, cells=cells, put="", keep=False, deleted=self.deleted - {self.put})

    def _mains(self, rows: list[Row]) -> set[str]:
        """One main row a type: the chosen one, else the stored one, else the first, when there was none to keep."""
        found = set()
        types = {kind.id: kind.type for kind in self.kinds}
        for type_ in {row.kind.type for row in rows if row.lives}:
            keys = [row.key for row in rows if row.lives and row.kind.type == type_]
            before = [stored for stored in self.base if types[stored.kind] == type_]
            main = next((stored.key for stored in before if stored.is_main), "")
            if (chosen := self.mains.get(type_, "")) in keys:
                found.add(chosen)
            elif main in keys:
                found.add(main)
            elif main or not any(stored.key in keys for stored in before):
                found.add(keys[0])
        return found
