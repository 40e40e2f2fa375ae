"""Writing what was planned: a handful of statements for any number of rows. In a transaction of the caller's."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from astpanel.audit_bulk import journal_changes
from crm.exchange.info import OwnerInfo
from crm.exchange.planning import Customer, Plan
from crm.models import AddressType, ContactInfo, ContactInfoKind, ContactPerson, Counterparty

LOCK: Final = 0x6372_6D01  # any number nobody else uses
WRITTEN: Final = ("name", "name_key", "external_ref", "archived", "changed")
FIELDS: Final[dict[type[Any], tuple[str, ...]]] = {
    Counterparty: (*WRITTEN, "kind", "manager", "note"),
    ContactPerson: (*WRITTEN, "position"),
}
NAMES: Final = {  # of kinds that are made where an owner has none of the type; data, in the product's first language
    AddressType.PHONE: "Телефон",
    AddressType.EMAIL: "E-mail",
    AddressType.ADDRESS: "Адрес",
}
Kinds = dict[tuple[str, str], ContactInfoKind]


def wait_for_others() -> None:
    """Two imports at once take turns, so that what one has made the other finds.

    PostgreSQL: until the transaction ends. SQLite: a transaction that will write is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def kinds_for_files() -> Kinds:
    """The kind that each owner's values of each type get; made where there is none yet."""
    found: Kinds = {}
    kinds = ContactInfoKind.objects.filter(owner__in=("counterparty", "person"))
    for kind in kinds.order_by("is_mobile", "order", "id"):
        found.setdefault((kind.owner, kind.type), kind)
    for owner in ("counterparty", "person"):
        for kind_type, name in NAMES.items():
            if (owner, kind_type) not in found:
                free = _free_name(owner, name)
                found[owner, kind_type] = ContactInfoKind.objects.create(owner=owner, type=kind_type, name=free)
    return found


def _free_name(owner: str, name: str) -> str:
    """Somebody may have called a kind of another type so."""
    taken = set(ContactInfoKind.objects.filter(owner=owner, name__startswith=name).values_list("name", flat=True))
    names = (name if number == 1 else f"{name} {number}" for number in range(1, len(taken) + 2))
    return next(one for one in names if one not in taken)


def apply(plan: Plan, kinds: Kinds, by: Any) -> None:
    """Everything of a chunk. What was changed is journalled as `by`'s."""
    for model in (Counterparty, ContactPerson):  # a person's company is there first
        _create(model, [row for row in plan.new if isinstance(row, model)])
        _change(model, [row for row, _changes in plan.changed.values() if isinstance(row, model)])
    _write_info(plan.info.values(), kinds)
    journal_changes(changes=plan.changed.values(), by=by)


def _create(model: type[Any], rows: Sequence[Customer]) -> None:
    if rows:
        model.objects.bulk_create(rows)


def _change(model: type[Any], rows: Sequence[Customer]) -> None:
    """One upsert: the rows are there, and locked. (bulk_update writes a CASE for each column and row.)"""
    if not rows:
        return
    now = timezone.now()
    for row in rows:
        row.changed = now
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS[model])


def _write_info(owned: Iterable[tuple[Customer, OwnerInfo]], kinds: Kinds) -> None:
    """Who is main no longer goes first: an owner has one main value of a type at any moment."""
    new: list[ContactInfo] = []
    plain: list[int] = []
    main: list[int] = []
    for owner, info in owned:
        field = "counterparty" if isinstance(owner, Counterparty) else "person"
        for item in info.items:
            if item.row is None:
                kind = kinds[field, item.type]
                new.append(ContactInfo(**{field: owner}, kind=kind, value=item.value, is_main=item.main))
            elif item.row.is_main != item.main:
                (main if item.main else plain).append(item.row.pk)
    if plain:
        ContactInfo.objects.filter(pk__in=plain).update(is_main=False)
    if main:
        ContactInfo.objects.filter(pk__in=main).update(is_main=True)
    if new:
        ContactInfo.objects.bulk_create(new)
