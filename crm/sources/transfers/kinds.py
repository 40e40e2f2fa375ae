"""Which kinds of the source mean one of ours, for the rows of one catalogue."""

from collections import Counter
from dataclasses import dataclass, field

from crm.folding import fold
from crm.models import ContactInfo, ContactInfoKind
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap
from crm.sources.literals import EMPTY_REF, guid, text
from crm.sources.row_keys import RowKey
from crm.sources.transfers.shapes import word_of

LOOKED_AT = 300  # rows that were read from the source


@dataclass(slots=True)
class KindsOfSource:
    """For one session: what was found out is remembered."""

    client: OneC
    field_map: FieldMap
    _found: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)

    def refs(self, kind: ContactInfoKind, entity: str, table: str) -> tuple[str, ...]:
        """References, the best first; empty: none means it. `table`: the tabular part or register the rows stand in.

        By the field map; else by what was read into our kind from this catalogue; else by the name. Kinds of БСП belong
        to one catalogue each and often have the same name: of several that which rows there have already.
        """
        key = (kind.pk, table)
        if key not in self._found:
            self._found[key] = self._refs(kind, entity, table)
        return self._found[key]

    def _refs(self, kind: ContactInfoKind, entity: str, table: str) -> tuple[str, ...]:
        used = self._read_into(kind, {entity, table})
        rules = [rule.ref for rule in self.field_map.kinds if (rule.kind, rule.owner) == (kind.pk, kind.owner)]
        if rules:
            return tuple(sorted(rules, key=lambda ref: -used[ref]))
        if used:
            return tuple(ref for ref, _count in used.most_common())
        named = self._named(kind)
        return tuple(named) if len(named) < 2 else tuple(ref for ref in named if self._stands_in(ref, table))

    @staticmethod
    def _read_into(kind: ContactInfoKind, entities: set[str]) -> Counter[str]:
        rows = ContactInfo.objects.filter(kind=kind).exclude(external_key="").order_by("-id")
        keys = (RowKey.parse(key) for key in rows.values_list("external_key", flat=True)[:LOOKED_AT])
        return Counter(
            key.kind for key in keys if key is not None and key.entity in entities and key.kind not in {"", EMPTY_REF}
        )

    def _named(self, kind: ContactInfoKind) -> list[str]:
        if not self.field_map.kinds_entity:
            return []
        contacts, word = self.field_map.contacts, word_of(kind.type, self.field_map.contacts)
        rows = self.client.rows(
            self.field_map.kinds_entity,
            select=["Ref_Key", "Description", contacts.type],
            filter=f"DeletionMark eq false and {contacts.type} eq {text(word)}",
        )
        return [str(row["Ref_Key"]).lower() for row in rows if fold(str(row.get("Description"))) == fold(kind.name)]

    def _stands_in(self, ref: str, table: str) -> bool:
        column = self.field_map.contacts.kind
        wanted = f"{column} eq {guid(ref)}"
        if not column.endswith("_Key"):
            wanted = f"cast({column},{text(self.field_map.kinds_entity)}) eq {guid(ref)}"
        return bool(self.client.rows(table, select=[column], filter=wanted, top=1))
