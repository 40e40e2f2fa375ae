"""Rows that are found by keys computed from numbers: other number rules make other keys.

Each app names its own, at the start (its `tasks` module is read by every process); the job of crm.tasks reads them all
anew when the rules have changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from astpanel.lib.phone_numbers import Reading
from crm.models import AddressType, ContactInfo


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """`recompute` gets ids of some of the rows and how numbers are read now → how many have other keys than before.

    It runs inside a transaction and locks the rows: a value that is being edited must not be overwritten.
    """

    rows: Callable[[], QuerySet[Any]]
    recompute: Callable[[Sequence[int], Reading], int]


_registered: Final[dict[str, KeyedRows]] = {}


def register(name: str, rows: KeyedRows) -> None:
    """The same name again replaces it."""
    _registered[name] = rows


def registered() -> list[KeyedRows]:
    """In the order in which they were named."""
    return list(_registered.values())


def count() -> int:
    """Of all rows with keys."""
    return sum(keyed.rows().count() for keyed in registered())


def _phones() -> QuerySet[ContactInfo]:
    return ContactInfo.objects.filter(type=AddressType.PHONE)


def _recompute_phones(ids: Sequence[int], reading: Reading) -> int:
    changed = []
    for row in _phones().select_for_update().filter(pk__in=ids):
        before = (row.e164, row.last10, row.extension)
        row.compute_phone(reading)
        if (row.e164, row.last10, row.extension) != before:
            changed.append(row)
    ContactInfo.objects.bulk_update(changed, ["e164", "last10", "extension"])
    return len(changed)


register("contact_info", KeyedRows(_phones, _recompute_phones))
