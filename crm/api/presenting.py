"""Rows → what the interface gives. Reads nothing that was not fetched with them."""

from collections.abc import Iterable
from typing import Any

from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty


def counterparty_out(row: Counterparty) -> dict[str, Any]:
    """See schemas.CounterpartyOut."""
    return {**_customer(row), "kind": row.kind, "manager": manager_out(row.manager), "note": row.note}


def person_out(row: ContactPerson) -> dict[str, Any]:
    """See schemas.PersonOut."""
    return {**_customer(row), "counterparty": row.counterparty_id, "position": row.position}


def _customer(row: Counterparty | ContactPerson) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "external_ref": row.external_ref,
        "archived": row.archived,
        "merged_into": row.merged_into_id,
        "kept_by_source": row.source_id is not None,
        "changed": row.changed,
        "contact_info": [info_out(info) for info in row.contact_info.all()],
    }


def info_out(info: ContactInfo) -> dict[str, Any]:
    """See schemas.ContactInfoOut."""
    return {
        "id": info.pk,
        "kind": info.kind.name,
        "type": info.type,
        "value": info.value,
        "e164": info.e164 if info.type in {AddressType.PHONE, AddressType.INTERNAL} else "",
        "extension": info.extension,
        "main": info.is_main,
    }


def manager_out(user: Any) -> dict[str, str] | None:
    """See schemas.ManagerOut; the user with contact_info fetched."""
    return None if user is None else {"username": user.username, "name": str(user), "number": number_of(user)}


def number_of(user: Any) -> str:
    """The main internal number, else the first one."""
    rows: Iterable[ContactInfo] = user.contact_info.all()
    internal = sorted((row for row in rows if row.type == AddressType.INTERNAL), key=lambda row: not row.is_main)
    return internal[0].value if internal else ""
