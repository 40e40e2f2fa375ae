"""What the directory has already, of the customers in one chunk of a file. As many queries for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from astpanel.lib.numbering import NumberRules
from astpanel.lib.phone_numbers import number_keys
from crm.exchange.joining import Group
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty
from crm.name_lookup import ids_with_names
from crm.selectors import number_rules, rows_with_keys

MOST_MERGES: Final = 5  # customers on the way from a merged-away one to who was kept


class Ambiguous(Exception):  # noqa: N818 - said to people, not a defect
    """Several customers fit."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a number: a counterparty, also by one of its persons."""

    id: int
    name: str
    key: str
    ref: str


class Known:
    """`refs`: all external references of the file. Who has one of them is the row's that says it, and nobody else's.

    `lock`: the rows are to be written, so nobody else changes them before the transaction ends.
    """

    def __init__(self, groups: Sequence[Group], refs: Collection[str], *, lock: bool) -> None:
        self._refs = refs
        self.rules: NumberRules = number_rules()
        rows = Counterparty.objects.order_by("id")
        self._rows: QuerySet[Any] = rows.select_for_update() if lock else rows
        named = ids_with_names(Counterparty, {group.key for group in groups if group.by_name})
        by_id = self._rows.filter(pk__in={*named, *(group.code for group in groups if group.code)})
        self._by_id: dict[int, Counterparty] = {row.pk: row for row in by_id}
        self._by_name = self._by("name_key", [self._by_id[pk] for pk in sorted(named) if pk in self._by_id])
        here = {group.ref for group in groups if group.ref}
        self._by_ref = self._by("external_ref", self._rows.filter(external_ref__in=here) if here else ())
        self._follow_merges()
        self._one: dict[int, Counterparty] = {}  # an object a row: two names of a merged customer are one
        self.found = {id(group): self._unique(self._match(group)) for group in groups}
        ids = set(self._one)
        self._persons = self._read_persons(ids, lock=lock)
        self._info = self._read_info(ids)
        self._holders = self._read_holders(group for group in groups if self.found[id(group)] is None)

    def persons(self, counterparty: Counterparty) -> list[ContactPerson]:
        """Of a counterparty that is there."""
        return self._persons[counterparty.pk]

    def info(self, owner: Counterparty | ContactPerson) -> list[ContactInfo]:
        """Numbers and addresses of somebody who is there."""
        return self._info[type(owner).__name__, owner.pk]

    def keys(self, number: str) -> tuple[str, str]:
        """Search keys of a number."""
        return number_keys(number, self.rules.reading)

    def holders(self, numbers: Iterable[str]) -> list[tuple[str, Holder]]:
        """Counterparties that have one of the numbers, each with that number."""
        return [(number, holder) for number in numbers for holder in self._holders[self.keys(number)[0]]]

    @staticmethod
    def _by(field: str, rows: Iterable[Counterparty]) -> dict[str, list[Counterparty]]:
        found: dict[str, list[Counterparty]] = defaultdict(list)
        for row in rows:
            found[getattr(row, field)].append(row)
        return found

    def _follow_merges(self) -> None:
        """Who was merged away is found as who was kept. Merges in a circle lead nowhere."""
        named = (row for same in (self._by_ref, self._by_name) for found in same.values() for row in found)
        rows = [*self._by_id.values(), *named]
        kept: dict[int, Counterparty] = {}
        missing = {row.merged_into_id for row in rows if row.merged_into_id}
        for _hop in range(MOST_MERGES):
            missing -= kept.keys()
            if not missing:
                break
            kept |= {row.pk: row for row in self._rows.filter(pk__in=missing)}
            missing = {row.merged_into_id for row in kept.values() if row.merged_into_id}
        self._kept = kept

    def survivor(self, row: Counterparty) -> Counterparty | None:
        """The row itself, or who it was merged into in the end."""
        for _hop in range(MOST_MERGES):
            if row.merged_into_id is None:
                return row
            if (following := self._kept.get(row.merged_into_id)) is None:
                return None
            row = following
        return None

    def _match(self, group: Group) -> Counterparty | Ambiguous | None:
        """By external reference, by the portal's own code and the name, by the name; None: a new one."""
        if group.ref and (same := self._survivors(self._by_ref[group.ref])):
            return same[0] if len(same) == 1 else Ambiguous()
        if (coded := self._coded(group)) is not None:
            return coded
        if not group.by_name:
            return None if group.ref else Ambiguous()
        named = [row for row in self._by_name[group.key] if not self._others(group, row)]
        live = [row for row in named if row.merged_into_id is None] or self._survivors(named)
        if len(live) > 1:
            return Ambiguous()
        return live[0] if live else None

    def _unique(self, row: Counterparty | Ambiguous | None) -> Counterparty | Ambiguous | None:
        return self._one.setdefault(row.pk, row) if isinstance(row, Counterparty) else row

    def _others(self, group: Group, row: Counterparty) -> bool:
        """The row has an external reference that this group does not say."""
        return bool(row.external_ref) and (bool(group.ref) or row.external_ref in self._refs)

    def _coded(self, group: Group) -> Counterparty | None:
        """A code counts with the name only: the file may come from another installation."""
        row = self._by_id.get(group.code)
        if row is None or row.merged_into_id is not None or row.name_key != group.key:
            return None
        return None if self._others(group, row) else row

    def _survivors(self, rows: Iterable[Counterparty]) -> list[Counterparty]:
        found = (self.survivor(row) for row in rows)
        return list({row.pk: row for row in found if row is not None}.values())

    def _read_persons(self, ids: set[int], *, lock: bool) -> dict[int, list[ContactPerson]]:
        rows = ContactPerson.objects.filter(counterparty__in=ids, merged_into=None).order_by("id")
        found: dict[int, list[ContactPerson]] = defaultdict(list)
        for row in rows.select_for_update() if lock else rows:
            found[row.counterparty_id].append(row)
        return found

    def _read_info(self, ids: set[int]) -> dict[tuple[str, int], list[ContactInfo]]:
        persons = [person.pk for rows in self._persons.values() for person in rows]
        found: dict[tuple[str, int], list[ContactInfo]] = defaultdict(list)
        for row in ContactInfo.objects.filter(counterparty__in=ids).order_by("id"):
            found["Counterparty", row.counterparty_id or 0].append(row)
        for row in ContactInfo.objects.filter(person__in=persons).order_by("id"):
            found["ContactPerson", row.person_id or 0].append(row)
        return found

    def _read_holders(self, groups: Iterable[Group]) -> dict[str, list[Holder]]:
        """By E.164: only whole numbers tell who somebody is."""
        entries = (entry for group in groups for row in group.rows for entry in row.entries)
        numbers = {value for entry in entries if entry.type == AddressType.PHONE for value in entry.values}
        keys = {keys for keys in map(self.keys, numbers) if keys[0].startswith("+")}
        rows = rows_with_keys(keys).filter(type=AddressType.PHONE, user=None)
        names = ("id", "name", "name_key", "external_ref", "merged_into")
        found: dict[str, list[Holder]] = defaultdict(list)
        for row in rows.order_by("id").values(
            "e164",
            *(f"counterparty__{name}" for name in names),
            *(f"person__counterparty__{name}" for name in names),
        ):
            prefix = "counterparty" if row["counterparty__id"] else "person__counterparty"
            if row[f"{prefix}__merged_into"] is None:
                holder = Holder(*(row[f"{prefix}__{name}"] for name in names[:4]))
                if holder not in found[row["e164"]]:
                    found[row["e164"]].append(holder)
        return found
