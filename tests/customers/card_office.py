"""What tests of the card share: an office with a PBX, an operator, an editor, and a company with everything."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.test import Client
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from crm.models import ContactInfo, ContactPerson, Counterparty
from telephony.models import CallRecord, Pbx
from tests.factories import (
    CallRecordFactory,
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    PanelUserFactory,
    PbxFactory,
)

HOSTILE: Final = "<img src=x onerror=alert(1)>\u202e\"'&{{ 7|add:1 }}"
FRAGMENT: Final = {"HX-Request": "true", "Accept-Language": "en"}


@dataclass
class CardOffice:
    """People and the browsers they are logged in with."""

    pbx: Pbx = field(default_factory=PbxFactory)

    def __post_init__(self) -> None:
        self.operator = self.user("101", last_name="Орлова", first_name="Ольга")
        self.editor = self.user("102", last_name="Уткин", first_name="Павел", may_edit_customers=True)

    def user(self, number: str, **values: Any) -> PanelUser:
        """Of this PBX."""
        made: PanelUser = PanelUserFactory(number=number, **{"pbx": self.pbx, "patronymic": "", **values})
        return made

    def company(self, **values: Any) -> Counterparty:
        """With a main number and an address, and the editor as its manager."""
        made: Counterparty = CounterpartyFactory(**{"name": "ООО «Ромашка»", "manager": self.editor, **values})
        ContactInfoFactory(counterparty=made, value="+7 495 111-22-33", is_main=True)
        mail = ContactInfoKindFactory(name="Почта", type="email")
        ContactInfoFactory(counterparty=made, kind=mail, value="info@romashka.example")
        return made

    def person(self, company: Counterparty, **values: Any) -> ContactPerson:
        """With a mobile number."""
        name = {"name": "Лугов Пётр", "position": "директор", "phone": "+7 916 123-45-67"}
        made: ContactPerson = ContactPersonFactory(counterparty=company, **{**name, **values})
        return made

    def call(self, number: str, minutes: float, **values: Any) -> CallRecord:
        """From the number to 101, so many minutes ago."""
        digits = number.removeprefix("+")
        row = {
            "pbx": self.pbx,
            "caller_number": number,
            "caller_name": "",
            "called_number": "101",
            "started": timezone.now() - timedelta(minutes=minutes),
            "outside_e164": number,
            "outside_last10": digits[-10:],
        }
        made: CallRecord = CallRecordFactory(**{**row, **values})
        return made


def browser(user: PanelUser | None) -> Client:
    """Logged in, if anybody is given."""
    client = Client(headers={"Accept-Language": "en"})
    if user is not None:
        client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())


def first_row(owner: Counterparty | ContactPerson) -> ContactInfo:
    """The oldest of its contact information."""
    return ContactInfo.objects.filter(
        **{"person" if isinstance(owner, ContactPerson) else "counterparty": owner}
    ).order_by("pk")[0]
