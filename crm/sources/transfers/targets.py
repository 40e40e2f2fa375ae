"""Where in the source a transfer belongs, and what it says there."""

from dataclasses import dataclass

from crm.models import AddressType, ContactInfoKind, ContactPerson, PendingTransfer, SourceRow
from crm.sources.field_map import REGISTER, TABULAR, FieldMap, Persons
from crm.sources.row_keys import RowKey
from crm.sources.transfers.acts import Act, RefusedError
from crm.sources.transfers.kinds import KindsOfSource
from crm.sources.transfers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Target:
    """The object of the source. `section`: its tabular part; empty: its records stand in the register."""

    entity: str
    ref: str
    section: str = ""

    def table(self, field_map: FieldMap) -> str:
        """Where the rows stand: `Catalog_X_КонтактнаяИнформация`, or the register."""
        return f"{self.entity}_{self.section}" if self.section else field_map.contacts.entity


def owner_of(transfer: PendingTransfer) -> str:
    """`counterparty` or `person`."""
    if transfer.contact_info is not None and transfer.contact_info.owner_field:
        return transfer.contact_info.owner_field
    told = transfer.before.get("owner")
    if told in {"counterparty", "person"}:
        return str(told)
    persons = ContactPerson.objects.filter(source=transfer.source_id, external_ref=transfer.external_ref)
    return "person" if persons.exists() else "counterparty"


def target_of(transfer: PendingTransfer, field_map: FieldMap) -> Target:
    """Where the row is, or where a new one belongs. Raises RefusedError."""
    key = RowKey.parse(str(transfer.before.get("external_key") or ""))
    if key is None:
        return _target(_entity_of(transfer, transfer.external_ref, field_map), transfer.external_ref, field_map)
    in_register = key.entity == field_map.contacts.entity
    entity = _entity_of(transfer, key.ref, field_map) if in_register else key.entity
    return _target(entity, key.ref, field_map)


def act_of(transfer: PendingTransfer, target: Target, kinds: KindsOfSource) -> Act | None:
    """None: the row is not there any more, and what was to be added or made main with it."""
    row, before = transfer.contact_info, transfer.before
    if row is None and transfer.act in {"add", "main"}:
        return None
    old, kind = str(before.get("value") or ""), row.kind if row is not None else _kind(transfer)
    refs: tuple[str, ...] = ()
    if row is not None and transfer.act in {"add", "change"}:
        refs = kinds.refs(row.kind, target.entity, target.table(kinds.field_map))
    type_ = kind.type if kind is not None else AddressType.EMAIL if "@" in transfer.value else AddressType.PHONE
    return Act(
        id=transfer.pk,
        act=transfer.act,
        type=str(type_),
        value=transfer.value,
        kinds=refs,
        old=old or transfer.value,
        key=RowKey.parse(str(before.get("external_key") or "")),
        new_kind=transfer.act == "change" and row is not None and row.kind.name != before.get("kind"),
        main=row is not None and row.is_main and transfer.act != "delete",
    )


def _kind(transfer: PendingTransfer) -> ContactInfoKind | None:
    return ContactInfoKind.objects.filter(owner=owner_of(transfer), name=transfer.before.get("kind") or "").first()


def _entity_of(transfer: PendingTransfer, ref: str, field_map: FieldMap) -> str:
    """The catalogue of the reference."""
    rows = SourceRow.objects.filter(source=transfer.source_id, external_ref=ref).exclude(role=SourceRow.Role.NUMBER)
    entity = rows.values_list("entity", flat=True).first()
    if entity is not None:
        return entity
    parts = field_map.persons if owner_of(transfer) == "person" else field_map.customers
    if len(parts) != 1:
        raise RefusedError(Reason.NO_OBJECT)
    return parts[0].entity


def _target(entity: str, ref: str, field_map: FieldMap) -> Target:
    sections = {part.entity: part.section for part in field_map.parts}
    sections |= {
        part.linked_entity: part.linked_section
        for part in field_map.parts
        if isinstance(part, Persons) and part.linked_entity
    }
    if entity not in sections:
        raise RefusedError(Reason.NO_OBJECT)
    if field_map.contacts.storage == REGISTER:
        return Target(entity, ref)
    if field_map.contacts.storage != TABULAR or not sections[entity]:
        raise RefusedError(Reason.NO_PLACE)
    return Target(entity, ref, sections[entity])
