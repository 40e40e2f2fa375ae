"""Customers of the test office whose cards are looked at and edited. Invented names and numbers only."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.accounts.services import create_user
from crm.models import AddressType, CardLink, ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from telephony.models import CallParticipant, CallRecord, Pbx
from tests.e2e.people import PASSWORD

LINE: Final = "+7 812 555-01-01"
SHARED: Final = "+78125550199"  # of the company and of another
NOTE: Final = "Звонить после десяти.\nОтгрузка только по предоплате, договор № 17."


def seed_customers(pbx: Pbx) -> None:
    """`editor` may edit cards; two companies, one of them with persons, a note and calls of other colleagues."""
    create_user(username="editor", last_name="Правдина", first_name="Раиса", password=PASSWORD, pbx=pbx)
    PanelUser.objects.filter(username="editor").update(may_edit_customers=True, may_add_numbers=True)
    manager = PanelUser.objects.get(username="supervisor")
    company = Counterparty.objects.create(name="АО «Северный ветер»", manager=manager, note=NOTE)
    other = Counterparty.objects.create(name="ИП Беляева Н. С.", kind=Counterparty.Kind.PERSON)
    kinds = {
        (owner, name): ContactInfoKind.objects.create(
            owner=owner, name=name, type=type_, order=order, is_mobile=name == "Мобильный"
        )
        for owner in ("counterparty", "person")
        for order, (name, type_) in enumerate(
            (("Телефон", AddressType.PHONE), ("Мобильный", AddressType.PHONE), ("Почта", AddressType.EMAIL)), 1
        )
    }
    _info(company, kinds["counterparty", "Телефон"], LINE, is_main=True)
    _info(company, kinds["counterparty", "Телефон"], SHARED)
    _info(company, kinds["counterparty", "Почта"], "info@severny-veter.example", is_main=True)
    _info(other, kinds["counterparty", "Мобильный"], SHARED)
    for name, position, number in (
        ("Ветрова Алла Игоревна", "главный бухгалтер", "+7 921 555-01-02"),
        ("Зимин Лев", "склад", "8 (812) 555-01-01 доб. 12"),
    ):
        person = ContactPerson.objects.create(counterparty=company, name=name, position=position)
        _info(person, kinds["person", "Телефон"], number, is_main=True)
    CardLink.objects.create(name="Сделки в CRM", template="https://crm.example/find/{e164}")
    _calls(pbx)


def _info(owner: Counterparty | ContactPerson, kind: ContactInfoKind, value: str, *, is_main: bool = False) -> None:
    field = "person" if isinstance(owner, ContactPerson) else "counterparty"
    ContactInfo.objects.create(**{field: owner}, kind=kind, value=value, is_main=is_main)


def _calls(pbx: Pbx) -> None:
    """Taken by 203 and 205, so that nobody who logs in has them among their own."""
    rows = (
        ("inbound", "answered", "+78125550101", ("203", "205"), 35, 251.0),
        ("inbound", "missed", "+79215550102", ("203",), 190, 0.0),
        ("outbound", "answered", "+78125550101", ("205",), 1500, 62.0),
        ("inbound", "answered", "+78125550199", ("203",), 3100, 15.0),
        ("outbound", "no_answer", "+79215550102", ("203",), 4500, 0.0),
        ("inbound", "answered", "+78125550101", ("205",), 9000, 431.0),
        ("inbound", "answered", "+78125550101", ("203",), 30000, 31.0),
    )
    for i, (direction, disposition, number, inside, minutes, talk) in enumerate(rows):
        started = timezone.now() - timedelta(minutes=minutes)
        numbers = (number, *inside) if direction == "inbound" else (*inside, number)
        call = CallRecord.objects.create(
            pbx=pbx,
            linkedid=f"customers.{i}",
            direction=direction,
            disposition=disposition,
            caller_number=numbers[0],
            called_number=numbers[1],
            started=started,
            talk_seconds=talk,
            outside_e164=number,
            outside_last10=number[-10:],
        )
        for position, one in enumerate(numbers):
            CallParticipant.objects.create(
                call=call,
                position=position,
                number=one,
                is_extension=not one.startswith("+"),
                role="callee" if position else "caller",
                rang=bool(position),
                started=started,
            )
