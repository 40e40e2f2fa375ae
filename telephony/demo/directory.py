"""The customers of the demo office: companies with managers and notes, people, numbers of every shape."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q

from astpanel.accounts.models import PanelUser
from crm.models import AddressType, ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from telephony.demo.people import CLIENTS, NOTES, Client

WORK: Final = "Рабочий"


def stock(sellers: Sequence[PanelUser]) -> None:
    """Whoever is missing is made. Who is there stays as users have left them: names, notes, and where numbers are."""
    for place, client in enumerate(client for client in CLIENTS if client.company):
        company = _company(client, sellers[place % len(sellers)])
        if company.merged_into_id is None:
            _number(client, company)


def phone_kind(name: str, owner: ContactInfoKind.Owner, *, is_mobile: bool = False) -> ContactInfoKind:
    """A kind of contact information for telephone numbers."""
    kind, _ = ContactInfoKind.objects.get_or_create(
        name=name, owner=owner, defaults={"type": AddressType.PHONE, "is_mobile": is_mobile}
    )
    return kind


def _company(client: Client, manager: PanelUser) -> Counterparty:
    company, _ = Counterparty.objects.get_or_create(
        external_ref=f"demo:{client.company}",
        defaults={"name": client.company, "manager": manager, "note": NOTES.get(client.company, "")},
    )
    return company


def _number(client: Client, company: Counterparty) -> None:
    """Of the person, or of the company itself; with the extension behind the company's line."""
    value = f"{client.number} доб. {client.extension}" if client.extension else client.number
    if not client.person:
        if not company.contact_info.exists():
            kind = phone_kind(WORK, ContactInfoKind.Owner.COUNTERPARTY)
            ContactInfo.objects.create(counterparty=company, kind=kind, value=value)
        return
    ref = f"demo:{client.person}, {client.company}"[:64]
    if ContactPerson.objects.filter(Q(external_ref=ref) | Q(counterparty=company, name=client.person)).exists():
        return
    person = ContactPerson.objects.create(
        external_ref=ref, counterparty=company, name=client.person, position=client.position
    )
    kind = phone_kind(WORK, ContactInfoKind.Owner.PERSON)
    ContactInfo.objects.create(person=person, kind=kind, value=value)
