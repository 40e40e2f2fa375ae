"""Rows of a file → customers: which rows speak of the same counterparty, of the same contact person. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.exchange.rows import TITLES, FileRow

Identity = tuple[str, int, str]  # external reference, code in the portal, folded name


@dataclass(slots=True)
class Joined:
    """Rows of one counterparty, or of one contact person, in the file's order.

    `by_name`: nobody else in the file has the name, so it may be found by it.
    """

    ref: str
    code: int
    key: str
    rows: list[FileRow] = field(default_factory=list)
    by_name: bool = True


@dataclass(slots=True)
class Group(Joined):
    """A counterparty: `own` rows without a person, and its contact persons."""

    own: list[FileRow] = field(default_factory=list)
    persons: list[Joined] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Of the first row."""
        return self.rows[0].line


@dataclass(frozen=True, slots=True)
class Joining:
    """All of a file: who is in it, and the rows that nobody can be told from. Both in the file's order."""

    groups: list[Group]
    refused: list[FileRow]


def join(rows: Iterable[FileRow]) -> Joining:
    """By external reference, else by the portal's own code and the name, else by the name alone."""
    good: list[FileRow] = []
    refused: list[FileRow] = []
    for row in rows:
        (refused if row.faults else good).append(row)
    groups = _joined(good, lambda row: (row.ref, row.code[0], row.key), Group)
    kept = [group for group in groups if _settle(group)]
    refused += [row for row in good if row.faults]
    return Joining(sorted(kept, key=lambda group: group.line), sorted(refused, key=lambda row: row.line))


def _joined(rows: Sequence[FileRow], identity: Callable[[FileRow], Identity], make: Any) -> list[Any]:
    """Rows that contradict those before them, or may be of several, get a fault and are in none."""
    found: dict[tuple[str, Any], Any] = {}
    named: dict[str, list[Any]] = defaultdict(list)
    later = []
    for row in rows:
        ref, code, key = identity(row)
        if not ref and not code:
            later.append(row)
            continue
        identifier = ("ref", ref) if ref else ("code", (code, key))
        one = found.get(identifier)
        if one is None:
            one = found[identifier] = make(ref, code, key)
            named[key].append(one)
        elif one.key != key:
            text = _("Row %(line)d has the same external code with another name.")
            row.faults.append(text % {"line": one.rows[0].line})
            continue
        one.rows.append(row)
    for row in later:
        key = identity(row)[2]
        if len(named[key]) > 1:
            row.faults.append(_("Several in this file have this name: say which by the external code."))
            continue
        if not named[key]:
            named[key].append(make("", 0, key))
        named[key][0].rows.append(row)
    for same in named.values():
        for one in same:
            one.by_name = len(same) == 1
            one.rows.sort(key=lambda row: row.line)
    return [one for same in named.values() for one in same]


def _settle(group: Group) -> bool:
    """Divide its rows; whoever contradicts an earlier row is refused. False: no row is left."""
    _refuse_contradictions(group.rows, ("kind", "manager", "note"))
    persons = [row for row in group.rows if row.person and not row.faults]
    group.own = [row for row in group.rows if not row.person and not row.faults]
    _refuse_contradictions(group.own, ("archived",))
    group.persons = _joined(persons, lambda row: (row.person_ref, row.code[1], row.person_key), Joined)
    for person in group.persons:
        _refuse_contradictions(person.rows, ("position", "archived"))
        person.rows = [row for row in person.rows if not row.faults]
    group.persons = [person for person in group.persons if person.rows]
    group.own = [row for row in group.own if not row.faults]
    group.rows = [row for row in group.rows if not row.faults]
    return bool(group.rows)


def _refuse_contradictions(rows: Iterable[FileRow], attributes: Sequence[str]) -> None:
    first: dict[str, FileRow] = {}
    for row in rows:
        for attribute in attributes:
            value = getattr(row, attribute)
            if value in (None, ""):
                continue
            before = first.setdefault(attribute, row)
            if getattr(before, attribute) != value:
                text = _("Row %(line)d says something else of the same customer: %(column)s.")
                row.faults.append(text % {"line": before.line, "column": TITLES[attribute]})
