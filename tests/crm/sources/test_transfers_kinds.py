"""Which kind of 1C a new number gets where the field map does not say; the main mark; numbers of linked objects."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from crm.models import ContactInfoKind, PendingTransfer, SourceRow
from crm.sources.transfers import enqueue
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import (
    CUSTOMERS,
    EMAIL_KIND,
    KIND,
    MOBILE_KIND,
    OLD_PEOPLE,
    OLD_PERSONS,
    PARTNERS,
    PHONE_KIND,
    REGISTER,
    base,
)
from tests.crm.sources.family_rows import digits, presentation
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref

pytestmark = pytest.mark.django_db
KEY = ref(PARTNERS, 1)
PHONE = presentation(digits("495", 1))
SECOND = ref(KIND, 10**6)  # another kind with the name of the first, as БСП has them for each catalogue


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("rarus_crm", customers=8)) as server:
        row = {"Ref_Key": SECOND, "Description": "Телефон", "Тип": "Телефон", "DataVersion": "x"}
        server.base.tables[KIND].add(row)
        yield server


def phone_kind(name: str) -> ContactInfoKind:
    return ContactInfoKind.objects.create(name=name, owner="counterparty")


def place(office: Office, key: str, kind: ContactInfoKind, **more: Any) -> Any:
    customer = office.customer(key)
    office.kinds["ours"] = kind
    with Placement(office, customer) as placed:
        office.typed(customer, "ours", "+7 916 111-22-33", **more)
    enqueue(placement=placed.done)
    return customer


def kinds_of(office: Office, key: str = KEY) -> list[str]:
    return [line["Вид_Key"] for line in office.lines(PARTNERS, key)]


def told() -> list[tuple[str, str]]:
    return list(PendingTransfer.objects.order_by("id").values_list("state", "problem"))


def test_the_kind_whose_rows_were_read_into_ours(onec: OneCServer) -> None:
    office = Office(onec)
    kind = phone_kind("Рабочий")
    office.kinds[PHONE_KIND] = kind
    for number in (2, 3):
        office.read(office.customer(ref(PARTNERS, number)), PARTNERS, "1", PHONE_KIND, "+7 495 200-00-02")
    place(office, KEY, kind)
    assert sweep(now=timezone.now()) == {"done": 1}
    assert kinds_of(office) == [PHONE_KIND, EMAIL_KIND, PHONE_KIND]


def test_the_kind_of_the_same_name_that_such_rows_have(onec: OneCServer) -> None:
    """Two are called so: one stands in rows of this catalogue, the other is another catalogue's."""
    office = Office(onec)
    place(office, KEY, phone_kind("телефон"))
    assert sweep(now=timezone.now()) == {"done": 1}
    assert kinds_of(office) == [PHONE_KIND, EMAIL_KIND, PHONE_KIND]


def test_the_only_kind_of_the_name(onec: OneCServer) -> None:
    office = Office(onec)
    place(office, KEY, phone_kind("Мобильный телефон"))
    assert sweep(now=timezone.now()) == {"done": 1}
    assert kinds_of(office) == [PHONE_KIND, EMAIL_KIND, MOBILE_KIND]


def test_no_kind_of_the_name(onec: OneCServer) -> None:
    office, before = Office(onec), onec.base.row(PARTNERS, KEY)
    place(office, KEY, phone_kind("Факс"))
    assert sweep(now=timezone.now()) == {"waiting": 1}
    assert (told(), onec.base.row(PARTNERS, KEY)) == ([("waiting", "no_kind")], before)


def test_the_mark_of_the_main_one(onec: OneCServer) -> None:
    office = Office(onec)
    assert office.map.contacts.main == "CRM_ОсновнойДляСвязи"
    place(office, KEY, phone_kind("Мобильный телефон"), is_main=True)
    assert sweep(now=timezone.now()) == {"done": 1}
    marks = [(line["Тип"], line["CRM_ОсновнойДляСвязи"]) for line in office.lines(PARTNERS, KEY)]
    assert marks == [("Телефон", False), ("АдресЭлектроннойПочты", False), ("Телефон", True)]


def test_only_the_mark_goes_over(onec: OneCServer) -> None:
    office = Office(onec, (PHONE_KIND, "counterparty", "phone"))
    customer = office.customer(KEY)
    row = office.read(customer, PARTNERS, "1", PHONE_KIND, PHONE)
    first, second = office.lines(PARTNERS, KEY)
    onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=[{**first, "CRM_ОсновнойДляСвязи": False}, second])
    with Placement(office, customer) as placed:
        row.is_main = True
        row.save()
    enqueue(placement=placed.done)
    assert sweep(now=timezone.now()) == {"done": 1}
    assert office.lines(PARTNERS, KEY) == [first, second]


def test_a_number_of_the_legal_side_is_changed_there() -> None:
    with serve(base("ut11", customers=4)) as onec:
        office = Office(onec, (PHONE_KIND, "counterparty", "phone"))
        legal, customer = ref(CUSTOMERS, 1), office.customer(KEY)
        line = {"Тип": "Телефон", "Вид_Key": PHONE_KIND, "Представление": "+7 495 777-66-55"}
        onec.base.change(CUSTOMERS, legal, КонтактнаяИнформация=[line])
        partner = onec.base.row(PARTNERS, KEY)
        row = office.typed(
            customer, PHONE_KIND, "+7 495 777-66-55", external_key=f"{CUSTOMERS}|{legal}|1|{PHONE_KIND}|1"
        )
        with Placement(office, customer) as placed:
            row.value = "+7 495 777-66-56"
            row.save()
        enqueue(placement=placed.done)
        assert sweep(now=timezone.now()) == {"done": 1}
        assert [line["Представление"] for line in office.lines(CUSTOMERS, legal)] == ["+7 (495) 777-66-56"]
        assert onec.base.row(PARTNERS, KEY) == partner


def test_a_number_of_the_natural_person_behind_a_contact_person_stays_theirs() -> None:
    with serve(base("ut103", customers=4)) as onec:
        office = Office(onec, (PHONE_KIND, "person", "phone"))
        link, man = ref(OLD_PERSONS, 0), ref(OLD_PEOPLE, 0)
        person = office.person(link, office.customer(ref(CUSTOMERS, 1)))
        SourceRow.objects.create(source=office.source, role="linked", entity=OLD_PEOPLE, external_ref=man)
        dimensions = {
            "Объект": man,
            "Объект_Type": f"StandardODATA.{OLD_PEOPLE}",
            "Тип": "Телефон",
            "Вид": PHONE_KIND,
            "Вид_Type": f"StandardODATA.{KIND}",
        }
        onec.base.tables[REGISTER].add({**dimensions, "Представление": "+7 495 777-66-55"})
        others = [row for row in onec.base.rows(REGISTER) if row["Объект"] != man]
        key = f"{REGISTER}|{man}|Телефон|{PHONE_KIND}|1"
        row = office.typed(person, PHONE_KIND, "+7 495 777-66-55", external_key=key)
        with Placement(office, person) as placed:
            row.value = "+7 495 777-66-56"
            row.save()
        enqueue(placement=placed.done)
        assert sweep(now=timezone.now()) == {"done": 1}
        assert [one["Представление"] for one in office.records(man)] == ["+7 (495) 777-66-56"]
        assert [one for one in onec.base.rows(REGISTER) if one["Объект"] != man] == others


def test_what_cannot_be_placed_says_so(onec: OneCServer) -> None:
    """An address, whose name in 1C the map does not say; a catalogue that the map does not name."""
    office = Office(onec)
    customer = office.customer(KEY)
    office.kinds["address"] = ContactInfoKind.objects.create(name="Склад", owner="counterparty", type="address")
    with Placement(office, customer) as placed:
        office.typed(customer, "address", "Москва, Лесная, 5")
    enqueue(placement=placed.done)
    other = office.customer(ref(PARTNERS, 2))
    office.kinds["strange"] = phone_kind("Мобильный телефон")
    row = office.typed(other, "strange", "+7 495 111-22-33", external_key=f"Catalog_Иное|{KEY}|1|{PHONE_KIND}|1")
    with Placement(office, other) as placed:
        row.value = "+7 495 111-22-34"
        row.save()
    enqueue(placement=placed.done)
    sweep(now=timezone.now())
    assert told()[1] == ("waiting", "no_object")
    assert told()[0][0] == "waiting"
    assert onec.asked("PATCH") == []
