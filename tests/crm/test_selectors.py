"""contacts_by_numbers: formats, owners, PBXs, queries, indexes."""

import json
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from crm.matching import Contact
from crm.models import ContactInfo
from crm.selectors import contacts_by_numbers, rows_with_keys
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    PanelUserFactory,
    PbxFactory,
)

pytestmark = pytest.mark.django_db


def test_one_number_in_all_the_ways_it_is_written() -> None:
    company = CounterpartyFactory(name="ООО «Ромашка»", phone="8 (495) 111-22-33")
    written = [
        "+74951112233",
        "84951112233",
        "74951112233",
        "4951112233",
        "8-495-111-22-33 доб. 7",
        "00" + "74951112233",
    ]
    contact = Contact("counterparty", company.pk, "ООО «Ромашка»")
    assert contacts_by_numbers(written) == dict.fromkeys(written, contact)


def test_owners_of_three_sorts() -> None:
    company = CounterpartyFactory(name="ООО «Луч»", phone="+7 495 111-22-33")
    person = ContactPersonFactory(counterparty=company, name="Петров Пётр", phone="+7 916 111-22-33")
    user = PanelUserFactory(
        last_name="Иванов", first_name="Иван", patronymic="", number="101", mobile="+7 916 000-00-01"
    )
    assert contacts_by_numbers(["+74951112233", "+79161112233", "101", "+79160000001", "+79990000000"]) == {
        "+74951112233": Contact("counterparty", company.pk, "ООО «Луч»"),
        "+79161112233": Contact("person", person.pk, "Петров Пётр", "ООО «Луч»"),
        "101": Contact("user", user.pk, "Иванов Иван"),
        "+79160000001": Contact("user", user.pk, "Иванов Иван"),
    }


def test_the_same_extension_on_two_pbxs() -> None:
    first, second = PbxFactory.create_batch(2)
    here, there = PanelUserFactory(pbx=first, number="101"), PanelUserFactory(pbx=second, number="101")
    found = [contacts_by_numbers(["101"], pbx_id=pbx.pk)["101"].id for pbx in (first, second)]
    assert found == [here.pk, there.pk]
    assert contacts_by_numbers(["101"])["101"].id == here.pk  # the oldest when nobody says which


def test_archived_company_hides_its_persons_behind_others() -> None:
    old = CounterpartyFactory(archived=True)
    ContactPersonFactory(counterparty=old, phone="+7 495 111-22-33")
    new = CounterpartyFactory(phone="+7 495 111-22-33")
    assert contacts_by_numbers(["+74951112233"])["+74951112233"] == Contact("counterparty", new.pk, new.name)


@pytest.mark.parametrize("number", ["", "anonymous", "<unknown>", "s", "*98", "1" * 10_000, "\u202e\r\n\0", "'; --"])
def test_what_is_no_number_is_nobody(number: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ContactInfoFactory(kind=ContactInfoKindFactory(name="Почта", type="email"), value="info@example.com")
    assert contacts_by_numbers([number]) == {}


@pytest.mark.parametrize("count", [1, 3, 200])
def test_two_queries_for_many_numbers(
    count: int, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PanelUserFactory(number="101")
    numbers = [f"+7495{n:07d}" for n in range(count - 1)]
    for number in numbers:
        CounterpartyFactory(phone=number)
    with django_assert_num_queries(2):
        assert set(contacts_by_numbers([*numbers, "101"])) == {*numbers, "101"}


def plan(query: Any) -> str:
    if connection.vendor == "postgresql":
        return json.dumps(json.loads(query.explain(format="json")), ensure_ascii=False)
    return str(query.explain())


def test_both_indexes_are_used_and_the_table_is_never_scanned() -> None:
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    ContactInfo.objects.bulk_create(
        [ContactInfo(counterparty=company, kind=kind, value=f"+7495{n:07d}") for n in range(20_000)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    text = plan(rows_with_keys([("+74950000001", "4950000001"), ("+74950000002", "4950000002")]))
    assert ("contact_info_e164" in text, "contact_info_last10" in text) == (True, True), text
    assert "Seq Scan" not in text
    assert "SCAN" not in text
