"""Placed numbers written into the information register of the older configurations: one record of a kind for each."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from crm.models import PendingTransfer
from crm.sources.transfers import enqueue, enqueue_undo
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import CUSTOMERS, KIND, MOBILE_KIND, OLD_PERSONS, PHONE_KIND, REGISTER, base
from tests.crm.sources.family_rows import digits, presentation
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref

pytestmark = pytest.mark.django_db
KEY = ref(CUSTOMERS, 2)
OLD = presentation(digits("495", 2))
OTHER_KIND = ref(KIND, 4)
RULES = (
    (PHONE_KIND, "counterparty", "phone"),
    (MOBILE_KIND, "counterparty", "phone"),
    (OTHER_KIND, "person", "phone"),
)


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("ut103", customers=8)) as server:
        yield server


@pytest.fixture
def office(onec: OneCServer) -> Office:
    return Office(onec, *RULES)


def record(kind: str, number: str, entity: str = CUSTOMERS, key: str = KEY, **more: Any) -> dict[str, Any]:
    """As 1C keeps it. `number`: `916 1112233`."""
    area, local = number.split()
    fields = {f"Поле{place}": "" for place in range(1, 11)} | {"Поле1": "7", "Поле2": area, "Поле3": local}
    return {
        "Объект": key,
        "Объект_Type": f"StandardODATA.{entity}",
        "Тип": "Телефон",
        "Вид": kind,
        "Вид_Type": f"StandardODATA.{KIND}",
        "Представление": presentation(area + local),
        **fields,
        **dict.fromkeys(("Комментарий", "ТипДома", "ТипКорпуса", "ТипКвартиры"), ""),
        "ЗначениеПоУмолчанию": False,
        **more,
    }


def run() -> dict[str, int]:
    return sweep(now=timezone.now())


def told() -> list[tuple[Any, ...]]:
    return list(PendingTransfer.objects.order_by("id").values_list("act", "state", "problem"))


def test_a_new_record_and_everybody_elses_as_they_were(office: Office) -> None:
    customer, before = office.customer(KEY), office.onec.base.rows(REGISTER)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "8 916 111-22-33")
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    assert office.onec.base.rows(REGISTER) == [*before, record(MOBILE_KIND, "916 1112233")]
    row.refresh_from_db()
    assert row.external_key == f"{REGISTER}|{KEY}|Телефон|{MOBILE_KIND}|1"
    assert (office.onec.sessions_opened, office.onec.open_sessions) == (1, set())


def test_the_number_in_a_record_is_changed(office: Office) -> None:
    customer, before = office.customer(KEY), office.records(KEY)
    row = office.read(customer, CUSTOMERS, "Телефон", PHONE_KIND, OLD, is_main=True)
    with Placement(office, customer) as placed:
        row.value = "+7 916 111-22-33"
        row.save()
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    assert office.records(KEY) == [record(PHONE_KIND, "916 1112233", ЗначениеПоУмолчанию=True), before[1]]


def test_another_kind_is_another_record(office: Office) -> None:
    customer, email = office.customer(KEY), office.records(KEY)[1]
    row = office.read(customer, CUSTOMERS, "Телефон", PHONE_KIND, OLD)
    with Placement(office, customer) as placed:
        row.kind = office.kinds[MOBILE_KIND]
        row.save()
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    moved = record(MOBILE_KIND, f"495 {digits('495', 2)[3:]}", ЗначениеПоУмолчанию=True)
    assert office.records(KEY) == [email, moved]
    row.refresh_from_db()
    assert row.external_key == f"{REGISTER}|{KEY}|Телефон|{MOBILE_KIND}|1"
    assert [line.split(" ")[0] for line in office.onec.requests if "GET" not in line] == ["POST", "DELETE"]


def test_the_main_one_takes_the_mark_from_the_other(office: Office) -> None:
    customer, email = office.customer(KEY), office.records(KEY)[1]
    office.read(customer, CUSTOMERS, "Телефон", PHONE_KIND, OLD, is_main=True)
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "+7 916 111-22-33", is_main=True)
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    assert office.records(KEY) == [
        record(PHONE_KIND, f"495 {digits('495', 2)[3:]}"),
        email,
        record(MOBILE_KIND, "916 1112233", ЗначениеПоУмолчанию=True),
    ]


def test_deleted_and_brought_back(office: Office) -> None:
    customer, before = office.customer(KEY), office.records(KEY)
    row = office.read(customer, CUSTOMERS, "Телефон", PHONE_KIND, OLD, is_main=True)
    pk, stored = row.pk, row
    with Placement(office, customer) as placed:
        row.delete()
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    assert office.records(KEY) == before[1:]
    stored.pk = pk
    stored.save(force_insert=True)
    enqueue_undo(placement=placed.done)
    assert run() == {"done": 1}
    assert office.records(KEY) == [before[1], before[0]]


def test_a_second_number_of_a_kind_waits(office: Office) -> None:
    customer, before = office.customer(KEY), office.records(KEY)
    with Placement(office, customer) as placed:
        office.typed(customer, PHONE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    assert run() == {"waiting": 1}
    assert told() == [("add", "waiting", "kind_taken")]
    assert office.records(KEY) == before


def test_a_contact_person(office: Office) -> None:
    key = ref(OLD_PERSONS, 1)
    person, before = office.person(key, office.customer(KEY)), office.records(key)
    with Placement(office, person) as placed:
        office.typed(person, OTHER_KIND, "+7 495 111-22-33")
    enqueue(placement=placed.done)
    assert run() == {"done": 1}
    assert office.records(key) == [*before, record(OTHER_KIND, "495 1112233", OLD_PERSONS, key)]


def test_a_record_that_somebody_changes_in_between_is_not_overwritten(office: Office) -> None:
    customer, values = office.customer(KEY), office.records(KEY)[0]
    row = office.read(customer, CUSTOMERS, "Телефон", PHONE_KIND, OLD)
    dimensions = {name: values[name] for name in ("Объект", "Объект_Type", "Тип", "Вид", "Вид_Type")}
    with Placement(office, customer) as placed:
        row.value = "+7 916 111-22-33"
        row.save()
    enqueue(placement=placed.done)
    theirs = {"Представление": "+7 (495) 999-88-77", "Поле3": "9998877"}
    office.onec.before_read = {2: lambda: office.onec.base.change(REGISTER, dimensions, **theirs)}
    assert run() == {"waiting": 1}
    assert told() == [("change", "waiting", "row_changed")]
    assert office.records(KEY)[0] == {**values, **theirs}
    assert office.onec.asked("PATCH") == []


@pytest.mark.parametrize("fault", ["403", "405", "500", "cut", "json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_faults_leave_the_register_as_it_was(office: Office, fault: str, method: str) -> None:
    customer, before = office.customer(KEY), office.onec.base.rows(REGISTER)
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "8 916 111-22-33")
    enqueue(placement=placed.done)
    office.onec.fault(fault, method=method, times=3)
    assert run() == {"waiting": 1}
    assert office.onec.base.rows(REGISTER) == before
    assert [one[1] for one in told()] == ["waiting"]


def test_a_role_that_may_not_write(office: Office) -> None:
    office.onec.base.may_write = {CUSTOMERS}
    customer, before = office.customer(KEY), office.onec.base.rows(REGISTER)
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "8 916 111-22-33")
    enqueue(placement=placed.done)
    assert run() == {"waiting": 1}
    assert told() == [("add", "waiting", "forbidden")]
    assert office.onec.base.rows(REGISTER) == before
