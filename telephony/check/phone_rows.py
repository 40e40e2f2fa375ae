"""Registered phones → rows of PhoneContact."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from telephony.check.facts import ContactFacts
from telephony.models import PhoneContact
from telephony.services import clean

FORGOTTEN: Final = timedelta(days=30)  # after which a phone that never came back is no longer shown


def _row(pbx_id: int, contact: ContactFacts, now: datetime) -> PhoneContact:
    return PhoneContact(
        pbx_id=pbx_id,
        number=clean(contact.number, 80),
        uri=clean(contact.uri, 300),
        user_agent=clean(contact.user_agent, 250),
        registered=True,
        status=clean(contact.status, 40),
        seen=now,
    )


def _upsert(rows: Iterable[PhoneContact], *fields: str) -> None:
    newest = {(row.number, row.uri): row for row in rows}
    PhoneContact.objects.bulk_create(
        newest.values(), update_conflicts=True, unique_fields=["pbx", "number", "uri"], update_fields=fields
    )


@transaction.atomic
def keep_contacts(*, pbx_id: int, contacts: Iterable[ContactFacts], now: datetime) -> None:
    """These, and no others, are registered now. Three queries, however many phones."""
    _upsert((_row(pbx_id, contact, now) for contact in contacts), "user_agent", "registered", "status", "seen")
    of_pbx = PhoneContact.objects.filter(pbx_id=pbx_id)
    of_pbx.filter(registered=True, seen__lt=now).update(registered=False)
    of_pbx.filter(registered=False, seen__lt=now - FORGOTTEN).delete()


@transaction.atomic
def note_contacts(*, pbx_id: int, there: Iterable[ContactFacts], gone: Iterable[ContactFacts], now: datetime) -> None:
    """These came or changed, those logged out; nothing is said of others. A model that is known stays known."""
    _upsert((_row(pbx_id, contact, now) for contact in there), "registered", "status", "seen")
    for contact in gone:
        row = PhoneContact.objects.filter(pbx_id=pbx_id, number=clean(contact.number, 80), uri=clean(contact.uri, 300))
        row.update(registered=False, status=clean(contact.status, 40), seen=now)
