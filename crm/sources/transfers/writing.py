"""Acts of one object written into the source: read afresh, changed, written under the version that was read, looked at
once more. Nothing that somebody else has written meanwhile is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from astpanel.lib.phone_numbers import Reading
from crm.sources import literals
from crm.sources.answers import SourceError
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap
from crm.sources.odata import Problem
from crm.sources.row_keys import RowKey
from crm.sources.transfers.acts import Act, Line, Outcome
from crm.sources.transfers.editor import plain
from crm.sources.transfers.finding import Finder
from crm.sources.transfers.parts import Part, columns_of
from crm.sources.transfers.reasons import Reason
from crm.sources.transfers.records import Operation, Records
from crm.sources.transfers.targets import Target

TRIES = 3  # when somebody else writes at the same time


@dataclass(slots=True)
class Written:
    """`keys`: act → where its value stands now. `moved`: places of other rows of a tabular part, old → new."""

    outcomes: list[Outcome]
    keys: dict[int, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """Rows of the object before and after the write."""

    before: list[Line]
    now: list[Line]
    moved: dict[str, str]


@dataclass(slots=True)
class Writer:
    """For one session."""

    client: OneC
    field_map: FieldMap
    reading: Reading

    def write(self, target: Target, acts: Sequence[Act]) -> Written:
        """Raises NoAccessError: nothing of it is written, or nobody knows."""
        for _ in range(TRIES):
            try:
                return self._write_part(target, acts) if target.section else self._write_records(target, acts)
            except SourceError as error:
                if error.problem is not Problem.CHANGED:
                    raise
        raise SourceError(Problem.CHANGED, target.entity)

    @property
    def _finder(self) -> Finder:
        return Finder(self.field_map.contacts, self.reading)

    def _write_part(self, target: Target, acts: Sequence[Act]) -> Written:
        row = self.client.row(target.entity, target.ref)
        version, lines = row.get("DataVersion"), row.get(target.section)
        if not isinstance(version, str) or not version or not isinstance(lines, list):
            raise SourceError(
                Problem.NOT_ODATA, target.entity
            )  # without a version somebody's work would be overwritten
        part = Part(lines, self._finder, known=columns_of(lines) or self._columns(target))
        part.apply(acts)
        now = lines
        if part.changed:
            self.client.patch(target.entity, target.ref, {target.section: part.numbered()}, version)
            now = self.client.row(target.entity, target.ref).get(target.section) or []
        return self._verified(target, acts, part.outcomes, _Read(lines, now, part.moved()))

    def _columns(self, target: Target) -> frozenset[str]:
        """Of a part that has no rows yet: by a row of another object."""
        return columns_of(self.client.rows(target.table(self.field_map), top=1))

    def _write_records(self, target: Target, acts: Sequence[Act]) -> Written:
        before = self._records(target)
        records = Records(
            before,
            self._finder,
            entity=target.entity,
            ref=target.ref,
            kinds_entity=self.field_map.kinds_entity,
        )
        records.apply(acts)
        operations = records.operations()
        for operation in operations:
            self._do(operation)
        now = self._records(target) if operations else before
        return self._verified(target, acts, records.outcomes, _Read(before, now, {}))

    def _records(self, target: Target) -> list[Line]:
        contacts = self.field_map.contacts
        if contacts.owner_type:
            wanted = literals.is_reference(contacts.owner, target.entity, target.ref)
        else:
            wanted = f"{contacts.owner} eq {literals.guid(target.ref)}"
        return self.client.rows(contacts.entity, filter=wanted)

    def _do(self, operation: Operation) -> None:
        """Records have no version: what is changed or deleted is read once more right before."""
        register = self.field_map.contacts.entity
        if operation.verb == "create":
            self.client.create(register, operation.values)
            return
        now = plain(self.client.row(register, operation.key))
        if any(now.get(name) != value for name, value in operation.was.items()):
            raise SourceError(Problem.CHANGED, register)
        if operation.verb == "patch":
            self.client.patch(register, operation.key, operation.values)
        else:
            self.client.delete(register, operation.key)

    def _verified(self, target: Target, acts: Sequence[Act], outcomes: list[Outcome], read: _Read) -> Written:
        """What 1C has now: its own checks may have thrown the value out, or said yes to nothing."""
        written, finder = Written(outcomes, moved=read.moved), self._finder
        for place, (act, outcome) in enumerate(zip(acts, outcomes, strict=True)):
            if outcome.reason:
                continue
            if act.act == "delete":
                kept = finder.count(read.now, act) >= finder.count(read.before, act) > 0
                outcome.reason = Reason.NOT_KEPT if kept and not _comes_back(act, acts[place + 1 :]) else ""
            elif (line := finder.find(read.now, act, act.value)) is not None:
                written.keys[act.id] = self._key(target, line)
            elif not _goes_again(act, acts[place + 1 :]):
                outcome.reason = Reason.NOT_KEPT
        return written

    def _key(self, target: Target, line: Line) -> str:
        contacts, kind = self.field_map.contacts, self._finder.kind_of(line)
        if target.section:
            return str(RowKey(target.entity, target.ref, str(line.get("LineNumber", "")), kind))
        return str(RowKey(contacts.entity, target.ref, str(line.get(contacts.type, "")), kind))


def _goes_again(act: Act, later: Sequence[Act]) -> bool:
    """A later act of the same write changes or deletes the value."""
    return any(other.act in {"change", "delete"} and other.old == act.value for other in later)


def _comes_back(act: Act, later: Sequence[Act]) -> bool:
    """A later act of the same write brings the value again."""
    return any(other.act in {"add", "change"} and other.value == act.old for other in later)
