"""Acts upon the rows of one object, wherever 1C keeps them: found, changed, made the main one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.sources.transfers.acts import Act, Line, Outcome, RefusedError
from crm.sources.transfers.finding import Finder
from crm.sources.transfers.reasons import Reason


@dataclass(slots=True)
class Editor:
    """`lines`: as read, all of the object. After `apply`: as they are to be; `outcomes` of the acts in their order."""

    lines: list[Line]
    finder: Finder
    outcomes: list[Outcome] = field(default_factory=list)

    def apply(self, acts: Sequence[Act]) -> None:
        """An act that is refused changes nothing."""
        self.lines = [plain(line) for line in self.lines]
        self.begin()
        for act in acts:
            try:
                self.outcomes.append(Outcome(act.id, line=self._do(act)))
            except RefusedError as error:
                self.outcomes.append(Outcome(act.id, error.reason))

    def begin(self) -> None:
        """Remember what was read."""
        raise NotImplementedError

    def add(self, act: Act) -> Line:
        """A row more."""
        raise NotImplementedError

    def change(self, act: Act, old: Line) -> Line:
        """The row with the act's value and kind; or another one in its place."""
        raise NotImplementedError

    def _do(self, act: Act) -> Line | None:
        match act.act:
            case "add":
                line = self.finder.find(self.lines, act, act.value) or self.add(act)
            case "change":
                old = self.finder.to_change(self.lines, act)
                # None: somebody has written the new value there already
                line = self._present(act) if old is None else self.change(act, old)
            case "delete":
                gone = self.finder.to_change(self.lines, act)
                self.lines = [line for line in self.lines if line is not gone]
                return None
            case _:
                line = self._present(act)
                if not self.finder.contacts.main:
                    raise RefusedError(Reason.NO_MAIN)
        if act.main or act.act == "main":
            self._set_main(line)
        return line

    def _present(self, act: Act) -> Line:
        line = self.finder.find(self.lines, act, act.value)
        if line is None:
            raise RefusedError(Reason.ROW_CHANGED)
        return line

    def _set_main(self, main: Line) -> None:
        contacts = self.finder.contacts
        if not contacts.main:
            return
        for line in self.lines:
            if line is main:
                line[contacts.main] = True
            elif line.get(contacts.type) == main[contacts.type] and line.get(contacts.main):
                line[contacts.main] = False


def plain(line: Line) -> Line:
    """Without the links that 1C adds when it answers and does not take back."""
    return {name: value for name, value in line.items() if "@" not in name}
