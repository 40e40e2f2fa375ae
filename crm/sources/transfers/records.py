"""Acts upon the information register: one record of each type and kind for each object. Pure: says what to do."""

from dataclasses import dataclass, field
from typing import Final, Literal

from crm.sources import literals
from crm.sources.transfers.acts import Act, Line, RefusedError
from crm.sources.transfers.editor import Editor
from crm.sources.transfers.reasons import Reason
from crm.sources.transfers.shapes import record_columns, word_of

TYPE: Final = "StandardODATA."


@dataclass(frozen=True, slots=True)
class Operation:
    """`key`: literals of the record's dimensions. `was`: the record as it was read, for patch and delete."""

    verb: Literal["create", "patch", "delete"]
    key: dict[str, str]
    values: Line
    was: Line


@dataclass(slots=True)
class Records(Editor):
    """`entity`, `ref`: the object whose records they are."""

    entity: str = ""
    ref: str = ""
    kinds_entity: str = ""
    _read: list[tuple[Line, Line]] = field(default_factory=list)  # the row, and what it said

    def begin(self) -> None:
        self._read = [(line, dict(line)) for line in self.lines]

    def operations(self) -> list[Operation]:
        """New records first, then changed ones, deleted ones last: a number is rather twice in 1C than lost."""
        lives = {id(line) for line in self.lines}
        known = {id(line) for line, _was in self._read}
        found = [Operation("create", self._key(line), line, {}) for line in self.lines if id(line) not in known]
        for line, was in self._read:
            changed = {name: value for name, value in line.items() if was.get(name) != value}
            if id(line) in lives and changed:
                found.append(Operation("patch", self._key(line), changed, was))
        found += [Operation("delete", self._key(was), {}, was) for line, was in self._read if id(line) not in lives]
        return found

    def add(self, act: Act) -> Line:
        word = word_of(act.type, self.finder.contacts)
        if not word:
            raise RefusedError(Reason.NO_TYPE)
        if not act.kinds:
            raise RefusedError(Reason.NO_KIND)
        taken = {self.finder.kind_of(line) for line in self.lines if self.finder.type_of(line) == act.type}
        kind = next((kind for kind in act.kinds if kind not in taken), None)
        if kind is None:
            raise RefusedError(Reason.KIND_TAKEN)
        line = {**self._dimensions(word, kind), **self._columns(act)}
        self.lines.append(line)
        return line

    def change(self, act: Act, old: Line) -> Line:
        contacts = self.finder.contacts
        if self.finder.type_of(old) == act.type and not (act.new_kind and self.finder.kind_of(old) not in act.kinds):
            if not self.finder.has(old, act.type, act.value):
                old |= self._columns(act)
            return old
        new = self.add(act)  # type and kind are the record's key: another record takes its place
        self.lines = [line for line in self.lines if line is not old]
        if contacts.main and old.get(contacts.main):
            new[contacts.main] = True
        return new

    def _columns(self, act: Act) -> Line:
        known = {name for line in self.lines for name in line} or {f"Поле{number}" for number in range(1, 5)}
        return record_columns(act.type, act.value, self.finder.contacts, known, self.finder.reading)

    def _dimensions(self, word: str, kind: str) -> Line:
        contacts = self.finder.contacts
        found: Line = {contacts.owner: self.ref, contacts.type: word}
        if contacts.owner_type:
            found[contacts.owner_type] = TYPE + self.entity
        if contacts.kind:
            found[contacts.kind] = kind
            if not contacts.kind.endswith("_Key"):
                found[f"{contacts.kind}_Type"] = TYPE + self.kinds_entity
        return found

    def _key(self, line: Line) -> dict[str, str]:
        """Literals of the dimensions, of a record that is there."""
        contacts = self.finder.contacts
        names = (contacts.owner, contacts.owner_type, contacts.type, contacts.kind, f"{contacts.kind}_Type")
        key = {}
        for name in names:
            if name and name in line:
                is_ref = name == contacts.kind or name.endswith("_Key")
                key[name] = literals.guid(line[name]) if is_ref else literals.text(str(line[name]))
        return key
