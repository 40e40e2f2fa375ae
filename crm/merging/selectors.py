"""Customers as the plan of a merge sees them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import Model

from crm.folding import fold
from crm.merging.plan import Side, Value
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty, NumberPlacement

MOST: Final = 20  # customers in one merge: more is no preview anybody reads
OWNER: Final[dict[type[Model], str]] = {Counterparty: "counterparty", ContactPerson: "person"}


def survivors_of(model: type[Any], ids: Iterable[int]) -> list[int]:
    """Those that the rows lead to: each itself, unless it was merged away. Each once, the oldest first.

    A chain that leads in a circle (nothing of ours writes one) ends where it began to repeat.
    """
    leads: dict[int, int | None] = {}
    asked = set(ids)
    while asked:
        leads |= dict(model.objects.filter(pk__in=asked).values_list("pk", "merged_into"))
        asked = {into for into in leads.values() if into is not None} - set(leads)
    return sorted({_end(leads, pk) for pk in set(ids) & set(leads)})


def _end(leads: dict[int, int | None], start: int) -> int:
    walked = [start]
    while (into := leads.get(walked[-1])) is not None and into not in walked:
        walked.append(into)
    return walked[-1]


def sides_of(model: type[Any], ids: Collection[int]) -> list[Side]:
    """What there is to merge, the oldest first: five queries for counterparties, three for persons."""
    owner = OWNER[model]
    values: dict[int, list[Value]] = defaultdict(list)
    for row in ContactInfo.objects.filter(**{f"{owner}__in": ids}).order_by("-is_main", "pk"):
        values[getattr(row, f"{owner}_id")].append(Value(row.pk, row.type, key_of(row), row.value, row.is_main))
    placements = _lists(NumberPlacement, owner, ids, "pk")
    persons = _lists(ContactPerson, "counterparty", ids, "pk", "name") if model is Counterparty else {}
    return [
        Side(
            id=row.pk,
            name=row.name,
            manager=getattr(row, "manager_id", None),
            note=getattr(row, "note", ""),
            position=getattr(row, "position", ""),
            archived=row.archived,
            source=row.source_id,
            owner=getattr(row, "counterparty_id", None),
            values=tuple(values[row.pk]),
            persons=tuple(persons.get(row.pk, ())),
            placements=tuple(pk for (pk,) in placements.get(row.pk, ())),
        )
        for row in model.objects.filter(pk__in=ids).order_by("pk")
    ]


def _lists(model: type[Any], owner: str, ids: Collection[int], *fields: str) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for key, *found in model.objects.filter(**{f"{owner}__in": ids}).order_by("pk").values_list(f"{owner}_id", *fields):
        rows[key].append(tuple(found))
    return rows


def key_of(row: ContactInfo) -> str:
    """What makes two values of a type the same: the number with its extension, any other value without its case."""
    if row.type == AddressType.PHONE and row.e164:
        return f"{row.e164};{row.extension}"
    return fold(row.value)
