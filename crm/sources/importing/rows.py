"""Rows of the local index, chunk by chunk, with everything that belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from crm.models import SourceRow

Role = SourceRow.Role


def dirty_chunk(source_id: int, role: str, size: int) -> list[SourceRow]:
    """The next rows that are to be applied."""
    rows = SourceRow.objects.filter(source=source_id, role=role, dirty=True)
    return list(rows.order_by("external_ref")[:size])


def present_of(source_id: int, role: str, *, refs: Iterable[str] = (), owners: Iterable[str] = ()) -> list[SourceRow]:
    """Rows that are not gone: with these references, or of these owners."""
    rows = SourceRow.objects.filter(source=source_id, role=role, gone=False)
    wanted, of = list(refs), list(owners)
    if not wanted and not of:
        return []
    rows = rows.filter(external_ref__in=wanted) if wanted else rows.filter(owner__in=of)
    return list(rows.order_by("id"))


def by_owner(rows: Iterable[SourceRow]) -> dict[str, list[SourceRow]]:
    """Owner's reference → its rows."""
    found: dict[str, list[SourceRow]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(row)
    return found


def chunks(values: Iterable[str], size: int = 1_000) -> Iterator[list[str]]:
    """For `IN`: plans for long lists are good on any database, those for subqueries over fresh tables are not."""
    left = list(values)
    return (left[start : start + size] for start in range(0, len(left), size))


def spread_changes(source_id: int) -> None:
    """What belongs to a row that has changed is applied with its owner."""
    changed = SourceRow.objects.filter(source=source_id, dirty=True)
    owners = set(changed.filter(role__in=[Role.NUMBER, Role.LEGAL]).values_list("owner", flat=True))
    legal = SourceRow.objects.filter(source=source_id, role=Role.LEGAL)
    for some in chunks(owners):
        owners |= set(legal.filter(external_ref__in=some).values_list("owner", flat=True))
    linked = owners | set(changed.filter(role=Role.LINKED).values_list("external_ref", flat=True))
    rows = SourceRow.objects.filter(source=source_id, dirty=False)
    for some in chunks(owners - {""}):
        rows.filter(role__in=[Role.CUSTOMER, Role.PERSON], external_ref__in=some).update(dirty=True)
    for some in chunks(linked - {""}):
        rows.filter(role=Role.PERSON, link__in=some).update(dirty=True)
