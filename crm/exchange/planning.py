"""A chunk of a file against what the directory has → what to write, and what becomes of each row. Writes nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.exchange.differences import Changes, company_changes, person_changes
from crm.exchange.info import OwnerInfo
from crm.exchange.joining import Group, Joined
from crm.exchange.known import Ambiguous, Known
from crm.exchange.managers import Managers
from crm.exchange.outcomes import CHANGED, DUPLICATE, ERROR, NEW, SAME, Outcome
from crm.exchange.rows import FileRow
from crm.models import AddressType, ContactPerson, Counterparty

Customer = Counterparty | ContactPerson
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the whole file says, for rules that look beyond a chunk. `keys` and `refs` of all its counterparties."""

    keys: Collection[str]
    refs: Collection[str]
    with_duplicates: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be written together, each customer once; `changed` with field → (before, after) for the journal."""

    new: list[Customer] = field(default_factory=list)
    changed: dict[Key, tuple[Customer, dict[str, tuple[str, str]]]] = field(default_factory=dict)
    info: dict[int, tuple[Customer, OwnerInfo]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """Rows of one owner within a counterparty's. `owner` is None for somebody new; `who` is None for the company."""

    who: Joined | None
    rows: list[FileRow]
    owner: Customer | None
    info: OwnerInfo


class Planner:
    """For one chunk. A refused row changes nothing; the other rows stand for themselves."""

    def __init__(self, known: Known, managers: Managers, facts: FileFacts) -> None:
        self.known, self.managers, self.facts = known, managers, facts
        self.plan = Plan()
        self._info: dict[Key, OwnerInfo] = {}

    def take(self, group: Group) -> None:
        """All rows of one counterparty."""
        found = self.known.found[id(group)]
        if isinstance(found, Ambiguous):
            self._refuse(group.rows, _("Several customers have this name: say which by the external code."))
        elif found is None and not self.facts.with_duplicates and (text := self._duplicate(group)):
            self._refuse(group.rows, text, DUPLICATE)
        else:
            self._take(group, found, [part for part in self._parts(group, found) if part.rows])

    def _refuse(self, rows: Iterable[FileRow], text: str, action: str = ERROR) -> None:
        self.plan.outcomes += [Outcome(row, action, (text,)) for row in rows]

    def _duplicate(self, group: Group) -> str:
        """In words, if somebody who is not in this file has one of the numbers."""
        entries = (entry for row in group.rows for entry in row.entries if entry.type == AddressType.PHONE)
        for number, holder in self.known.holders(value for entry in entries for value in entry.values):
            if holder.key not in self.facts.keys and (not holder.ref or holder.ref not in self.facts.refs):
                text = _("%(number)s belongs to %(name)s: perhaps it is the same customer.")
                return text % {"number": number, "name": holder.name}
        return ""

    def _parts(self, group: Group, found: Counterparty | None) -> Iterable[Part]:
        """Each with the rows that can be taken; the others are refused here."""
        yield self._part(None, group.own, found)
        for who in group.persons:
            person: ContactPerson | None = None
            if found is not None:
                try:
                    person = matching_person(who, self.known.persons(found))
                except LookupError as error:
                    self._refuse(who.rows, str(error))
                    continue
            elif not (who.by_name or who.ref):
                self._refuse(who.rows, _("Several persons here have this name: say which by the external code."))
                continue
            yield self._part(who, who.rows, person)

    def _part(self, who: Joined | None, rows: Iterable[FileRow], owner: Customer | None) -> Part:
        info = self._info_of(owner)
        part = Part(who, [], owner, info)
        for row in rows:
            texts = [*self._manager_faults(row), *info.faults(row)]
            if not texts and owner is not None and owner.source_id and info.changes(row):
                texts.append(self._kept(owner))
            if texts:
                self.plan.outcomes.append(Outcome(row, ERROR, tuple(texts)))
            else:
                part.rows.append(row)
        if who is not None and isinstance(owner, ContactPerson) and owner.source_id and part.rows:
            self._keep_person(who, part, owner)
        return part

    def _info_of(self, owner: Customer | None) -> OwnerInfo:
        if owner is None:
            return OwnerInfo((), self.known.keys)
        if _key(owner) not in self._info:
            self._info[_key(owner)] = OwnerInfo(self.known.info(owner), self.known.keys)
        return self._info[_key(owner)]

    def _keep_person(self, who: Joined, part: Part, owner: ContactPerson) -> None:
        if person_changes(who, part.rows, owner):
            self._refuse(part.rows, self._kept(owner))
            part.rows = []

    def _manager_faults(self, row: FileRow) -> list[str]:
        try:
            if row.manager:
                self.managers.find(row.manager)
        except ValueError as error:
            return [str(error)]
        return []

    @staticmethod
    def _kept(owner: Customer) -> str:
        text = _("%(name)s comes from the source of customers, which keeps it: change it there.")
        return text % {"name": owner.name}

    def _take(self, group: Group, found: Counterparty | None, parts: Sequence[Part]) -> None:
        rows = [row for part in parts for row in part.rows]
        if not rows:
            return
        changes = company_changes(group, rows, found, self.managers)
        if found is not None and found.source_id is not None and changes:
            self._refuse(rows, self._kept(found))
            return
        company = found if found is not None else Counterparty()
        changed = self._write(company, changes, new=found is None)
        for part in parts:
            if part.who is None:
                self._take_rows(part, company, NEW if found is None else CHANGED if changed else SAME)
            else:
                known = part.owner if isinstance(part.owner, ContactPerson) else None
                person = known or ContactPerson(counterparty=company)
                own = self._write(person, person_changes(part.who, part.rows, known), new=known is None)
                told = own or (changed and parts[0].who is not None and part is parts[0])
                self._take_rows(part, person, NEW if known is None else CHANGED if told else SAME)

    def _write(self, customer: Customer, changes: Changes, *, new: bool) -> bool:
        journal = {}
        for name, (before, after) in changes.items():
            journal[name] = (str(before), str(after))
            setattr(customer, name, after)
        if new:
            self.plan.new.append(customer)
        elif changes:
            before = self.plan.changed.get(_key(customer), (customer, {}))[1]
            kept = {name: (before.get(name, pair)[0], pair[1]) for name, pair in journal.items()}
            self.plan.changed[_key(customer)] = customer, {**before, **kept}
        return bool(changes)

    def _take_rows(self, part: Part, owner: Customer, action: str) -> None:
        """`action` is that of the first row; of the others it is their values that count."""
        any_change = False
        for number, row in enumerate(part.rows):
            changed = part.info.take(row)
            any_change |= changed
            first = action if number == 0 or action == NEW else SAME
            self.plan.outcomes.append(Outcome(row, CHANGED if changed and first == SAME else first))
        if any_change:
            self.plan.info[id(owner)] = owner, part.info


def _key(owner: Customer) -> Key:
    return type(owner).__name__, owner.pk


def matching_person(who: Joined, persons: Sequence[ContactPerson]) -> ContactPerson | None:
    """By external reference, by the portal's own code and the name, by the name. Raises LookupError in words."""
    if who.ref and (same := [person for person in persons if person.external_ref == who.ref]):
        return same[0]
    coded = next((person for person in persons if person.pk == who.code and person.name_key == who.key), None)
    if coded is not None and not (who.ref and coded.external_ref):
        return coded
    named = [one for one in persons if one.name_key == who.key and not (who.ref and one.external_ref)]
    if len(named) > 1 or not (who.by_name or who.ref):
        raise LookupError(_("Several persons here have this name: say which by the external code."))
    return named[0] if named and who.by_name else None


def facts_of(groups: Sequence[Group], *, with_duplicates: bool) -> FileFacts:
    """Of all counterparties of a file."""
    keys, refs = frozenset(group.key for group in groups), frozenset(group.ref for group in groups if group.ref)
    return FileFacts(keys, refs, with_duplicates)


def planned(groups: Sequence[Group], *, managers: Managers, facts: FileFacts, lock: bool) -> Plan:
    """For one chunk; `lock` when it will be written in this transaction."""
    planner = Planner(Known(groups, facts.refs, lock=lock), managers, facts)
    for group in groups:
        planner.take(group)
    return planner.plan
