"""Customers who may be the same one: with the same number, or of the same folded name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet

from astpanel.lib.phone_numbers import readable
from crm.merging.selectors import MOST
from crm.models import AddressType, ContactInfo, Counterparty, NotDuplicates
from crm.name_lookup import ids_with_names

BY_NUMBER, BY_NAME = "number", "name"
GROUPS: Final = 20  # on a page


@dataclass(frozen=True, slots=True)
class Group:
    """`rows`: the first MOST of `count` counterparties, with `contact_info`, `manager` and `source` loaded."""

    key: str  # E.164 or folded name: the next page begins after it
    title: str
    rows: tuple[Counterparty, ...]
    count: int


def groups(by: str, *, after: str = "") -> tuple[list[Group], str]:
    """A page of groups after the key, and the key its successor begins after (empty: this is the last). Three queries.

    Archived customers, numbers of a company's line (with an extension), and groups all of whose members were told apart
    (NotDuplicates) are left out. Keys are read in the order of their index: a page of a directory of a million costs no
    more than looking for its groups.
    """
    found = (_numbers if by == BY_NUMBER else _names)(after)
    more = found[GROUPS - 1][0] if len(found) > GROUPS else ""
    found = found[:GROUPS]
    found_ids = (_with_numbers if by == BY_NUMBER else _with_names)([key for key, _count in found])
    rows = _rows({pk for ids in found_ids.values() for pk in ids})
    page = [
        Group(key, readable(key) if by == BY_NUMBER else rows[found_ids[key][0]].name, shown, count)
        for key, count in found
        if len(shown := tuple(rows[pk] for pk in found_ids[key] if pk in rows)) > 1  # somebody is merging them now
    ]
    return page, more


def members(by: str, key: str) -> list[int]:
    """Ids of all counterparties of one group, the oldest first."""
    found = (
        _phones().filter(e164=key) if by == BY_NUMBER else _named().filter(pk__in=ids_with_names(Counterparty, [key]))
    )
    ids: QuerySet[Any] = found.values_list("counterparty" if by == BY_NUMBER else "pk", flat=True)
    return sorted(set(ids))


def _phones() -> QuerySet[Any]:
    """Numbers that say something about whose they are."""
    return ContactInfo.objects.filter(type=AddressType.PHONE, extension="", counterparty__archived=False).order_by()


def _named() -> QuerySet[Any]:
    return Counterparty.objects.filter(archived=False).order_by()


def _numbers(after: str) -> list[tuple[str, int]]:
    phones = _phones().filter(e164__gt=after)
    told = _phones().filter(counterparty__told_apart__isnull=False).annotate(told=F("counterparty__told_apart"))
    others = _phones().filter(_not_told("counterparty"), e164=OuterRef("e164"))
    wanted = phones.exclude(e164__in=told.exclude(Exists(others)).values("e164"))
    counted = wanted.values("e164").annotate(customers=Count("counterparty", distinct=True)).filter(customers__gt=1)
    return list(counted.order_by("e164").values_list("e164", "customers")[: GROUPS + 1])


def _names(after: str) -> list[tuple[str, int]]:
    named = _named().filter(name_key__gt=after)
    told = _named().filter(told_apart__isnull=False).annotate(told=F("told_apart"))
    same = {"name_key__gte": OuterRef("name_key"), "name_key__lte": OuterRef("name_key")}  # not =: crm/name_lookup.py
    others = _named().filter(_not_told("pk"), **same)
    wanted = named.exclude(name_key__in=told.exclude(Exists(others)).values("name_key"))
    counted = wanted.values("name_key").annotate(customers=Count("*")).filter(customers__gt=1)
    return list(counted.order_by("name_key").values_list("name_key", "customers")[: GROUPS + 1])


def _not_told(owner: str) -> Any:
    """Of rows within a subquery: not by the one that the row outside (its `told`) has."""
    membership = NotDuplicates.members.through.objects
    return ~Exists(membership.filter(notduplicates=OuterRef(OuterRef("told")), counterparty=OuterRef(owner)))


def _with_numbers(keys: Sequence[str]) -> dict[str, list[int]]:
    phones = _phones().filter(e164__in=keys).order_by("counterparty")
    return _grouped(phones.values_list("e164", "counterparty").distinct())


def _with_names(keys: Sequence[str]) -> dict[str, list[int]]:
    named = _named().filter(pk__in=ids_with_names(Counterparty, keys)).order_by("pk")
    return _grouped(named.values_list("name_key", "pk"))


def _grouped(pairs: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, pk in pairs:
        if len(found[key]) < MOST:
            found[key].append(pk)
    return found


def _rows(ids: set[int]) -> dict[int, Counterparty]:
    rows = Counterparty.objects.filter(pk__in=ids).select_related("manager", "source")
    return {row.pk: row for row in rows.prefetch_related(Prefetch("contact_info", ContactInfo.objects.all()))}
