"""Acts upon a tabular part: 1C takes the part as a whole, so every other row goes back exactly as it came. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from crm.sources.transfers.acts import Act, Line, RefusedError
from crm.sources.transfers.editor import Editor, plain
from crm.sources.transfers.reasons import Reason
from crm.sources.transfers.shapes import part_columns, word_of

NUMBER = "LineNumber"
NOT_OURS = ("Ref_Key", NUMBER)


@dataclass(slots=True)
class Part(Editor):
    """`known`: columns of the part."""

    known: Collection[str] = ()
    _before: list[Line] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """There is something to write."""
        return self.lines != self._before

    def numbered(self) -> list[Line]:
        """What is sent: 1C wants the rows numbered from one."""
        return [{**line, NUMBER: str(place)} for place, line in enumerate(self.lines, 1)]

    def moved(self) -> dict[str, str]:
        """Old number of a row → its new one, of rows that were there and still are."""
        return {str(line[NUMBER]): str(place) for place, line in enumerate(self.lines, 1) if NUMBER in line}

    def begin(self) -> None:
        self._before = [dict(line) for line in self.lines]

    def add(self, act: Act) -> Line:
        line = self._new(act)
        self.lines.append(line)
        return line

    def change(self, act: Act, old: Line) -> Line:
        contacts = self.finder.contacts
        if act.new_kind and not act.kinds and contacts.kind:
            raise RefusedError(Reason.NO_KIND)
        if self.finder.type_of(old) != act.type:
            new = self._new(act)
            self.lines = [new if line is old else line for line in self.lines]
            return new
        if act.new_kind and contacts.kind and self.finder.kind_of(old) not in act.kinds:
            old[contacts.kind] = act.kinds[0]
        if not self.finder.has(old, act.type, act.value):
            old |= self._columns(act)
        return old

    def _new(self, act: Act) -> Line:
        contacts, word = self.finder.contacts, word_of(act.type, self.finder.contacts)
        if not word:
            raise RefusedError(Reason.NO_TYPE)
        if contacts.kind and not act.kinds:
            raise RefusedError(Reason.NO_KIND)
        kind = {contacts.kind: act.kinds[0]} if contacts.kind else {}
        return {contacts.type: word, **kind, **self._columns(act)}

    def _columns(self, act: Act) -> Line:
        return part_columns(act.type, act.value, self.finder.contacts, self.known, self.finder.reading)


def columns_of(lines: Iterable[Line]) -> frozenset[str]:
    """Columns of the part, by rows of it."""
    return frozenset(name for line in lines for name in plain(line) if name not in NOT_OURS)
