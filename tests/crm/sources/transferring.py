"""What the tests of transfers into tabular parts share: the customer, a mobile number as 1C has it, what waits."""

from typing import Any

from django.utils import timezone

from crm.models import ContactInfo, PendingTransfer
from crm.sources.transfers import enqueue
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import (
    EMAIL_KIND,
    MOBILE_KIND,
    PARTNERS,
    PERSON_KIND,
    PHONE_KIND,
)
from tests.crm.sources.family_rows import digits, presentation
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec_base import ref

KEY = ref(PARTNERS, 1)
OLD = presentation(digits("495", 1))
RULES = (
    (PHONE_KIND, "counterparty", "phone"),
    (MOBILE_KIND, "counterparty", "phone"),
    (EMAIL_KIND, "counterparty", "email"),
    (PERSON_KIND, "person", "phone"),
)
MOBILE = {
    "Тип": "Телефон",
    "Вид_Key": MOBILE_KIND,
    "Представление": "+7 (916) 111-22-33",
    "ЗначенияПолей": "",
    "НомерТелефона": "79161112233",
    "НомерТелефонаБезКодов": "1112233",
}
VALUE = {
    "version": 5,
    "value": "+7 (916) 111-22-33",
    "type": "Телефон",
    "countryCode": "7",
    "areaCode": "916",
    "number": "1112233",
    "extNumber": "",
}


def run(office: Office) -> dict[str, int]:
    return sweep(now=timezone.now())


def told() -> list[tuple[Any, ...]]:
    """What waits and what became of it."""
    return list(PendingTransfer.objects.order_by("id").values_list("act", "value", "state", "problem", "attempts"))


def as_line(number: int, values: dict[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(("Значение", "Страна", "Регион", "Город", "АдресЭП", "ДоменноеИмяСервера"), "")
    nobody = "00000000-0000-0000-0000-000000000000"
    empty |= {"ЗначенияПолей": "", "НомерТелефона": "", "НомерТелефонаБезКодов": ""}
    rest = {"ВидДляСписка_Key": nobody, "ДействуетС": "0001-01-01T00:00:00"}
    return {**empty, **rest, **values, "Ref_Key": KEY, "LineNumber": str(number)}


def without_value(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "Значение"}


def add_mobile(office: Office) -> ContactInfo:
    customer = office.customer(KEY)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    return row
