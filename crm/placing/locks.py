"""Two people place at the same time: one waits for the other, and then sees what was done."""

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from crm.models import ContactPerson, Counterparty

Customer = Counterparty | ContactPerson
Key = tuple[str, int]  # ("counterparty" | "person", id)
MODELS = {"counterparty": Counterparty, "person": ContactPerson}


def lock_number(e164: str) -> None:
    """Until the transaction ends nobody else places this number, wherever to.

    PostgreSQL has advisory locks for it; on SQLite one transaction writes at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CLASS, crc32(e164.encode()) - 2**31])


_CLASS = crc32(b"crm.placing") - 2**31  # of our locks among all advisory locks of the database


def lock_customers(keys: Iterable[Key]) -> dict[Key, Customer]:
    """The rows themselves, always in the same order, so that two never wait for each other. Gone ones are missing."""
    wanted = sorted(set(keys))
    found: dict[Key, Customer] = {}
    for kind, model in MODELS.items():
        ids = [pk for owner, pk in wanted if owner == kind]
        if ids:
            rows = model._default_manager.select_for_update().filter(pk__in=ids, merged_into=None).order_by("pk")
            found |= {(kind, row.pk): row for row in rows}
    return found
