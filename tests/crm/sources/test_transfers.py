"""Placed numbers written into tabular parts: exactly what 1C holds afterwards, whoever else writes at the same time."""

import json
from typing import Any

import pytest

from crm.sources.transfers import enqueue
from tests.crm.sources.families import (
    EMAIL_KIND,
    MOBILE_KIND,
    PARTNER_PERSONS,
    PARTNERS,
    PERSON_KIND,
    PHONE_KIND,
)
from tests.crm.sources.family_rows import digits, presentation
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec_base import ref
from tests.crm.sources.transferring import KEY, MOBILE, OLD, VALUE, add_mobile, as_line, run, told, without_value
from tests.factories import CounterpartyFactory

pytestmark = pytest.mark.django_db


def test_a_new_number_is_written_behind_the_others(office: Office) -> None:
    customer, before = office.customer(KEY), office.lines(PARTNERS, KEY)
    with Placement(office, customer) as placed:
        row = office.typed(customer, MOBILE_KIND, "8 916 111-22-33")
    enqueue(placement=placed.done)
    assert told() == [("add", "8 916 111-22-33", "waiting", "", 0)]
    assert run(office) == {"done": 1}
    after = office.lines(PARTNERS, KEY)
    assert [*before, without_value(as_line(3, MOBILE))] == [*after[:2], without_value(after[2])]
    assert json.loads(after[2]["Значение"]) == VALUE
    assert told() == [("add", "8 916 111-22-33", "done", "", 1)]
    row.refresh_from_db()
    assert row.external_key == f"{PARTNERS}|{KEY}|3|{MOBILE_KIND}|1"
    assert (office.onec.sessions_opened, office.onec.open_sessions) == (1, set())
    assert office.onec.asked("PATCH") == [f"{PARTNERS}(guid'{KEY}')"]
    assert run(office) == {}


def test_changed_main_and_deleted_rows_leave_the_others_as_they_are(office: Office) -> None:
    customer = office.customer(KEY)
    phone = office.read(customer, PARTNERS, "1", PHONE_KIND, OLD, is_main=True)
    email = office.read(customer, PARTNERS, "2", EMAIL_KIND, "c1@shop.test")
    before = office.lines(PARTNERS, KEY)
    with Placement(office, customer) as changed:
        phone.value = "8 495 777-66-55 доб. 3"
        phone.save()
    with Placement(office, customer) as gone:
        email.delete()
    enqueue(placement=changed.done)
    enqueue(placement=gone.done)
    assert run(office) == {"done": 2}
    after = office.lines(PARTNERS, KEY)
    said = {"Представление": "+7 (495) 777-66-55, доб. 3", "НомерТелефона": "74957776655"}
    expected = {**before[0], **said, "НомерТелефонаБезКодов": "7776655"}
    assert [without_value(line) for line in after] == [without_value(expected)]
    assert json.loads(after[0]["Значение"])["extNumber"] == "3"
    assert len(office.onec.asked("PATCH")) == 1


def test_rows_behind_a_deleted_one_are_found_under_their_new_number(office: Office) -> None:
    customer = office.customer(KEY)
    phone = office.read(customer, PARTNERS, "1", PHONE_KIND, OLD)
    email = office.read(customer, PARTNERS, "2", EMAIL_KIND, "c1@shop.test")
    second = office.lines(PARTNERS, KEY)[1]
    with Placement(office, customer) as placed:
        phone.delete()
    enqueue(placement=placed.done)
    assert run(office) == {"done": 1}
    assert office.lines(PARTNERS, KEY) == [{**second, "LineNumber": "1"}]
    email.refresh_from_db()
    assert email.external_key == f"{PARTNERS}|{KEY}|1|{EMAIL_KIND}|1"


def test_another_kind_for_the_same_number(office: Office) -> None:
    customer = office.customer(KEY)
    phone = office.read(customer, PARTNERS, "1", PHONE_KIND, OLD)
    before = office.lines(PARTNERS, KEY)
    with Placement(office, customer) as placed:
        phone.kind = office.kinds[MOBILE_KIND]
        phone.save()
    enqueue(placement=placed.done)
    assert run(office) == {"done": 1}
    assert office.lines(PARTNERS, KEY) == [{**before[0], "Вид_Key": MOBILE_KIND}, before[1]]


def test_a_contact_person(office: Office) -> None:
    person = office.person(ref(PARTNER_PERSONS, 2), office.customer(KEY))
    with Placement(office, person) as placed:
        office.typed(person, PERSON_KIND, "+7 495 111-22-33")
    enqueue(placement=placed.done)
    assert run(office) == {"done": 1}
    numbers = [line["Представление"] for line in office.lines(PARTNER_PERSONS, person.external_ref)]
    assert numbers == [presentation(digits("916", 2)), "+7 (495) 111-22-33"]


def test_a_part_without_rows_gets_its_first(office: Office) -> None:
    customer = office.customer(KEY)
    office.onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=[])
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "+79161112233")
    enqueue(placement=placed.done)
    assert run(office) == {"done": 1}
    assert [without_value(line) for line in office.lines(PARTNERS, KEY)] == [without_value(as_line(1, MOBILE))]


def test_what_somebody_writes_in_between_is_kept(office: Office) -> None:
    """The version is another one by the time we write: read again, and theirs is there too."""
    theirs = {"Тип": "Телефон", "Вид_Key": PHONE_KIND, "Представление": "их номер", "НомерТелефона": "74950000000"}
    lines = office.lines(PARTNERS, KEY)
    add_mobile(office)
    office.onec.before_write.append(
        lambda: office.onec.base.change(PARTNERS, KEY, Комментарий="их", КонтактнаяИнформация=[*lines, theirs])
    )
    assert run(office) == {"done": 1}
    after = office.lines(PARTNERS, KEY)
    assert [*lines, as_line(3, theirs)] == after[:3]
    assert without_value(after[3]) == without_value(as_line(4, MOBILE))
    assert len(office.onec.asked("PATCH")) == 2
    row = office.onec.base.row(PARTNERS, KEY)
    assert row is not None
    assert row["Комментарий"] == "их"


def test_when_somebody_writes_all_the_time_it_waits(office: Office) -> None:
    before = office.lines(PARTNERS, KEY)
    row = add_mobile(office)
    office.onec.before_write = [lambda: office.onec.base.change(PARTNERS, KEY, Комментарий="правка")] * 9
    assert run(office) == {"waiting": 1}
    assert told() == [("add", "+7 916 111-22-33", "waiting", "changed", 1)]
    assert office.lines(PARTNERS, KEY) == before
    assert len(office.onec.asked("PATCH")) == 3
    row.refresh_from_db()
    assert row.external_key == ""


def test_a_number_that_is_there_already_is_not_written_twice(office: Office) -> None:
    before = office.lines(PARTNERS, KEY)
    row = add_mobile(office)
    line = {"Тип": "Телефон", "Вид_Key": PHONE_KIND, "Представление": "8 (916) 111 22 33"}
    office.onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=[*before, line])
    assert run(office) == {"done": 1}
    assert [line["Представление"] for line in office.lines(PARTNERS, KEY)][2:] == ["8 (916) 111 22 33"]
    row.refresh_from_db()
    assert (row.external_key, office.onec.asked("PATCH")) == (f"{PARTNERS}|{KEY}|3|{PHONE_KIND}|1", [])


@pytest.mark.parametrize(
    ("theirs", "problem"),
    [
        ({"Представление": "+7 (495) 000-11-22", "НомерТелефона": "74950001122"}, "row_changed"),
        ({"Представление": f"{OLD}, +7 (495) 000-11-22"}, "several"),
        ({"НомерТелефона": "74950001122"}, "several"),
    ],
)
def test_a_row_that_is_not_what_it_was_is_left_to_a_person(
    office: Office, theirs: dict[str, Any], problem: str
) -> None:
    customer = office.customer(KEY)
    phone = office.read(customer, PARTNERS, "1", PHONE_KIND, OLD)
    first, second = office.lines(PARTNERS, KEY)
    office.onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=[{**first, **theirs}, second])
    with Placement(office, customer) as placed:
        phone.value = "+7 495 777-66-55"
        phone.save()
    enqueue(placement=placed.done)
    assert run(office) == {"waiting": 1}
    assert [one[3] for one in told()] == [problem]
    assert office.lines(PARTNERS, KEY) == [{**first, **theirs}, second]
    assert office.onec.asked("PATCH") == []


def test_a_customer_that_is_gone_and_a_kind_that_means_nothing(office: Office) -> None:
    customer = office.customer(ref(PARTNERS, 99))
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    enqueue(placement=placed.done)
    office.kinds["new"] = type(office.kinds[PHONE_KIND]).objects.create(name="Факс", owner="counterparty")
    other = office.customer(KEY)
    with Placement(office, other) as placed:
        office.typed(other, "new", "+7 916 111-22-34")
    enqueue(placement=placed.done)
    run(office)
    assert [(one[2], one[3]) for one in told()] == [("waiting", "gone"), ("waiting", "no_kind")]


def test_the_main_one_where_nothing_marks_it(office: Office) -> None:
    customer = office.customer(KEY)
    office.read(customer, PARTNERS, "1", PHONE_KIND, OLD, is_main=True)
    other = office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    with Placement(office, customer) as placed:
        other.is_main = True
        other.save()
    enqueue(placement=placed.done)
    line = {"Тип": "Телефон", "Вид_Key": MOBILE_KIND, "Представление": "+79161112233"}
    office.onec.base.change(PARTNERS, KEY, КонтактнаяИнформация=[*office.lines(PARTNERS, KEY), line])
    assert run(office) == {"dropped": 1}
    assert [one[3] for one in told()] == ["no_main"]


def test_customers_of_our_own_are_nobody_elses_business(office: Office) -> None:
    customer = CounterpartyFactory()
    with Placement(office, customer) as placed:
        office.typed(customer, MOBILE_KIND, "+7 916 111-22-33")
    assert enqueue(placement=placed.done) == []
