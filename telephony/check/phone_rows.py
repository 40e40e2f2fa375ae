"""Registered phones → rows of PhoneContact."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from telephony.check.facts import ContactFacts
from telephony.models import PhoneContact
from telephony.services import clean

FORGOTTEN: Final = timedelta(days=30)  # after which a phone that never came back is no longer shown


@transaction.atomic
def keep_contacts(*, pbx_id: int, contacts: Iterable[ContactFacts], now: datetime) -> None:
    """These, and no others, are registered now. Three queries, however many phones."""
    rows = {}
    for contact in contacts:
        row = PhoneContact(
            pbx_id=pbx_id,
            number=clean(contact.number, 80),
            uri=clean(contact.uri, 300),
            user_agent=clean(contact.user_agent, 250),
            registered=True,
            status=clean(contact.status, 40),
            seen=now,
        )
        rows[row.number, row.uri] = row
    PhoneContact.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["pbx", "number", "uri"],
        update_fields=["user_agent", "registered", "status", "seen"],
    )
    of_pbx = PhoneContact.objects.filter(pbx_id=pbx_id)
    of_pbx.filter(registered=True, seen__lt=now).update(registered=False)
    of_pbx.filter(registered=False, seen__lt=now - FORGOTTEN).delete()
