"""What the interface reads: pages by key, constant in queries."""

from typing import Any

from django.db.models import QuerySet

from crm.api.schemas import Filters
from crm.folding import fold
from crm.models import ContactPerson, Counterparty
from crm.selectors import keys_of


def counterparties() -> QuerySet[Counterparty]:
    """With all that is shown of them: five queries for any number of rows."""
    rows: QuerySet[Counterparty] = Counterparty.objects.select_related("manager")
    return rows.prefetch_related("contact_info__kind", "manager__contact_info")


def persons() -> QuerySet[ContactPerson]:
    """With all that is shown of them: three queries for any number of rows."""
    rows: QuerySet[ContactPerson] = ContactPerson.objects.prefetch_related("contact_info__kind")
    return rows


def page_of(rows: QuerySet[Any], filters: Filters) -> tuple[list[Any], int | None]:
    """Rows behind the key, and the key of the next page."""
    found = list(rows.filter(pk__gt=filters.after).order_by("pk")[: filters.limit + 1])
    return found[: filters.limit], found[filters.limit - 1].pk if len(found) > filters.limit else None


def matching(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    """Those the filters let through."""
    if filters.name:
        rows = rows.filter(name_key__contains=fold(filters.name))
    if filters.number:
        e164, last10 = keys_of(filters.number)
        rows = rows.filter(contact_info__last10=last10).distinct() if e164 else rows.none()
    if filters.external_ref:
        rows = rows.filter(external_ref=filters.external_ref)
    if filters.changed_since is not None:
        rows = rows.filter(changed__gte=filters.changed_since)
    return rows
