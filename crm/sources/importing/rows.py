"""Rows of the local index, chunk by chunk, with everything that belongs to them."""

from collections import defaultdict
from collections.abc import Iterable

from crm.models import SourceRow

Role = SourceRow.Role


def dirty_chunk(source_id: int, role: str, size: int) -> list[SourceRow]:
    """The next rows that are to be applied."""
    rows = SourceRow.objects.filter(source=source_id, role=role, dirty=True)
    return list(rows.order_by("external_ref")[:size])


def present_of(source_id: int, role: str, *, refs: Iterable[str] = (), owners: Iterable[str] = ()) -> list[SourceRow]:
    """Rows that are not gone: with these references, or of these owners."""
    rows = SourceRow.objects.filter(source=source_id, role=role, gone=False)
    wanted = list(refs)
    rows = rows.filter(external_ref__in=wanted) if wanted else rows.filter(owner__in=list(owners))
    return list(rows.order_by("id"))


def by_owner(rows: Iterable[SourceRow]) -> dict[str, list[SourceRow]]:
    """Owner's reference → its rows."""
    found: dict[str, list[SourceRow]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(row)
    return found


def spread_changes(source_id: int) -> None:
    """What belongs to a row that has changed is applied with its owner: three statements."""
    rows = SourceRow.objects.filter(source=source_id)
    changed = rows.filter(dirty=True)
    numbers = changed.filter(role=Role.NUMBER).values("owner")
    rows.exclude(role=Role.NUMBER).filter(dirty=False, external_ref__in=numbers).update(dirty=True)
    legal = changed.filter(role=Role.LEGAL).values("owner")
    rows.filter(role=Role.CUSTOMER, dirty=False, external_ref__in=legal).update(dirty=True)
    linked = changed.filter(role__in=[Role.LINKED, Role.NUMBER])
    refs = linked.filter(role=Role.LINKED).values("external_ref")
    owners = linked.filter(role=Role.NUMBER).values("owner")
    persons = rows.filter(role=Role.PERSON, dirty=False).exclude(link="")
    persons.filter(link__in=refs).update(dirty=True)
    persons.filter(link__in=owners).update(dirty=True)
