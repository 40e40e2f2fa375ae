"""Numbers changed here of customers that another system keeps: they wait for the transfer («ждёт переноса»)."""

from enum import StrEnum
from typing import Any

from crm.models import ContactInfo, PendingTransfer


class Act(StrEnum):
    """What was done to the row."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    MAIN = "main"


def tell_source(*, customer: Any, row: ContactInfo, act: Act, before: dict[str, Any], by: Any) -> None:
    """In the transaction of the change itself. Nothing for customers of our own directory.

    `before`: what the other system has in its row, empty for a new one (crm.editing.rows.source_side).
    """
    if customer.source_id is None:
        return
    PendingTransfer.objects.create(
        source_id=customer.source_id,
        contact_info=None if act is Act.DELETE else row,
        owner_name=str(customer),
        external_ref=customer.external_ref,
        act=act,
        value=row.value,
        before=before,
        by=by,
    )
