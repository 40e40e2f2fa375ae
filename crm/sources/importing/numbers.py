"""Contact information of many owners at once: read, compared, written in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from astpanel.lib.phone_numbers import Reading
from crm.models import ContactInfo, PendingTransfer, SourceRow
from crm.sources.importing.contact_lines import Refusal, identity, values_of
from crm.sources.importing.differences import Differences, Present, Wanted, differences
from crm.sources.importing.kinds import Kinds
from crm.sources.importing.outcomes import Outcomes
from crm.sources.row_keys import RowKey

BATCH = 200


@dataclass(slots=True)
class Owner:
    """An owner of ours (`counterparty` or `person`, id) and all rows of the source whose numbers it has.

    `refs`: references of those rows' objects. `name`: for the report.
    """

    id: int
    name: str
    refs: set[str] = field(default_factory=set)
    rows: list[SourceRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What all chunks share. `held`: sorts of which nothing may vanish."""

    source_id: int
    kinds: Kinds
    reading: Reading
    keeps_managers: bool
    tells_persons: bool
    held: frozenset[str] = frozenset()


def apply_numbers(field_name: str, owners: Iterable[Owner], context: Context, outcomes: Outcomes) -> None:
    """`field_name`: `counterparty` or `person`. Six queries at most, and what is written."""
    by_id = {owner.id: owner for owner in owners}
    waiting = _waiting(by_id.values(), context)
    present: dict[int, list[ContactInfo]] = defaultdict(list)
    for row in ContactInfo.objects.filter(**{f"{field_name}_id__in": list(by_id)}).order_by("id"):
        present[getattr(row, f"{field_name}_id")].append(row)
    writing = _Writing(field_name, context)
    for owner in by_id.values():
        rows = present[owner.id]
        wanted = _wanted(field_name, owner, context, outcomes)
        protection = waiting.of(owner)
        found = differences(
            wanted,
            [_present(row, context.reading) for row in rows],
            untouched=protection.rows,
            skipped=protection.identities,
            main_is_kept=protection.main or any(row.is_main and not row.external_key for row in rows),
        )
        writing.add(owner.id, found, {row.pk: row for row in rows}, outcomes)
    writing.write()


def _wanted(field_name: str, owner: Owner, context: Context, outcomes: Outcomes) -> list[Wanted]:
    found = []
    for row in owner.rows:
        entity, ref = (row.entity, row.owner) if row.role == SourceRow.Role.NUMBER else (row.entity, row.external_ref)
        for line in row.data.get("lines", []):
            for value in values_of(line, context.reading):
                if isinstance(value, Refusal):
                    outcomes.refuse(
                        *("numbers",), entity=entity, ref=ref, name=owner.name, value=value.value, reason=value.reason
                    )
                    continue
                key = str(RowKey(entity, ref, value.place, value.kind, value.part))
                kind = context.kinds.of(value.kind, field_name, value.type)
                found.append(Wanted(key, value.type, kind, value.value, value.identity, value.main))
    return found


def _present(row: ContactInfo, reading: Reading) -> Present:
    return Present(
        id=row.pk,
        key=row.external_key,
        type=row.type,
        kind=row.kind_id,
        value=row.value,
        identity=identity(row.type, row.value, reading),
        main=row.is_main,
    )


@dataclass(slots=True)
class _Protection:
    rows: set[int] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    main: bool = False


class _Waiting:
    """Numbers that were placed here and are not in the source yet."""

    def __init__(self, transfers: Iterable[PendingTransfer], reading: Reading) -> None:
        self._by_ref: dict[str, _Protection] = defaultdict(_Protection)
        for transfer in transfers:
            found = self._by_ref[transfer.external_ref]
            if transfer.contact_info_id is not None:
                found.rows.add(transfer.contact_info_id)
            before = transfer.before.get("value") if isinstance(transfer.before, Mapping) else None
            if isinstance(before, str) and transfer.act in {"change", "delete"}:
                found.identities |= {identity("phone", before, reading), identity("", before, reading)}
            found.main |= transfer.act == "main"

    def of(self, owner: Owner) -> _Protection:
        """Of all the objects whose numbers the owner has."""
        found = _Protection()
        for ref in owner.refs & set(self._by_ref):
            own = self._by_ref[ref]
            found.rows |= own.rows
            found.identities |= own.identities
            found.main |= own.main
        return found


def _waiting(owners: Iterable[Owner], context: Context) -> _Waiting:
    refs = {ref for owner in owners for ref in owner.refs}
    transfers = PendingTransfer.objects.filter(
        source=context.source_id, state=PendingTransfer.State.WAITING, external_ref__in=refs
    )
    return _Waiting(transfers, context.reading)


class _Writing:
    """Everything of a chunk: what stops being main and what goes first, so that each owner has one main row at most."""

    def __init__(self, field_name: str, context: Context) -> None:
        self._field, self._held = field_name, "numbers" in context.held
        self._gone: list[int] = []
        self._plain: list[int] = []
        self._main: list[int] = []
        self._changed: list[ContactInfo] = []
        self._created: list[ContactInfo] = []

    def add(self, owner: int, found: Differences, rows: Mapping[int, ContactInfo], outcomes: Outcomes) -> None:
        """What differs for one owner."""
        gone = [] if self._held else found.gone
        self._gone += gone
        for pk, wanted in found.changed.items():
            row = rows[pk]
            row.kind_id, row.value, row.external_key = wanted.kind, wanted.value, wanted.key
            self._changed.append(row)
        for pk, key in found.rekeyed.items():
            rows[pk].external_key = key
            self._changed.append(rows[pk])
        for type_, main in found.main.items():
            self._plain += [row.pk for row in rows.values() if row.is_main and row.type == type_ and row.pk not in gone]
            if isinstance(main, int):
                self._main.append(main)
        mains = [main for main in found.main.values() if isinstance(main, Wanted)]
        self._created += [
            self._new(owner, wanted, is_main=any(wanted is main for main in mains)) for wanted in found.created
        ]
        for outcome, count in (
            *(("created", len(found.created)), ("changed", len(found.changed))),
            *(("same", found.same), ("gone", len(gone)), ("held", len(found.gone) - len(gone))),
        ):
            if count:
                outcomes.add("numbers", outcome, count)

    def write(self) -> None:
        """Within the chunk's transaction."""
        if self._gone:
            ContactInfo.objects.filter(pk__in=self._gone).delete()
        if self._plain:
            ContactInfo.objects.filter(pk__in=self._plain).update(is_main=False)
        if self._changed:
            fields: list[Any] = ["kind", "value", "external_key"]
            ContactInfo.objects.bulk_update(self._changed, fields, batch_size=BATCH)
        if self._main:
            ContactInfo.objects.filter(pk__in=self._main).update(is_main=True)
        if self._created:
            ContactInfo.objects.bulk_create(self._created)

    def _new(self, owner: int, wanted: Wanted, *, is_main: bool) -> ContactInfo:
        values: dict[str, Any] = {f"{self._field}_id": owner, "is_main": is_main}
        return ContactInfo(kind_id=wanted.kind, value=wanted.value, external_key=wanted.key, **values)
