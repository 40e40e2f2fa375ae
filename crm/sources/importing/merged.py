"""Rows of the directory that were merged into others: whom they lead to, and who leads to a row."""

from collections.abc import Iterable
from typing import Any, Final

LONGEST_CHAIN: Final = 20  # longer than any real one; and an end where two lead to each other


def survivors(customers: Iterable[Any]) -> dict[int, Any]:
    """Id → who the row leads to in the end; itself if it was not merged. A query per link of the longest chain."""
    ends = {one.pk: one for one in customers}
    for _ in range(LONGEST_CHAIN):
        ids = {one.merged_into_id for one in ends.values() if one.merged_into_id is not None}
        if not ids:
            break
        found = type(next(iter(ends.values()))).objects.in_bulk(ids)
        ends = {pk: found.get(one.merged_into_id, one) for pk, one in ends.items()}
    return ends


def leading_to(model: Any, ids: set[int], source_id: int) -> dict[int, list[str]]:
    """Id of a survivor → references in the source of itself and of all that were merged into it, oldest row first."""
    ends = {pk: pk for pk in ids}
    level = set(ids)
    for _ in range(LONGEST_CHAIN):
        merged = dict(model.objects.filter(merged_into__in=level).values_list("pk", "merged_into"))
        level = set(merged) - set(ends)
        ends |= {pk: ends[into] for pk, into in merged.items() if pk in level}
        if not level:
            break
    found: dict[int, list[str]] = {pk: [] for pk in ids}
    rows = model.objects.filter(source=source_id, pk__in=ends).exclude(external_ref="").order_by("pk")
    for pk, ref in rows.values_list("pk", "external_ref"):
        found[ends[pk]].append(ref)
    return found
