"""contacts_by_numbers and owners_of: formats, owners, PBXs, queries, the index."""

import json
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from crm.lookup import _sql
from crm.matching import Contact, Match, Owner, Reason
from crm.models import ContactInfo
from crm.selectors import contacts_by_numbers, owners_of, rows_with_keys
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
    exact = Contact("counterparty", company.pk, "ООО «Ромашка»", reason=Reason.EXACT)
    line = Contact("counterparty", company.pk, "ООО «Ромашка»", reason=Reason.LINE)  # somebody behind it was dialled
    assert contacts_by_numbers(written) == {number: line if "доб" in number else exact for number in written}


def test_owners_of_three_sorts() -> None:
    manager = PanelUserFactory()
    company = CounterpartyFactory(name="ООО «Луч»", phone="+7 495 111-22-33", manager=manager)
    person = ContactPersonFactory(counterparty=company, name="Петров Пётр", phone="+7 916 111-22-33")
    user = PanelUserFactory(
        last_name="Иванов", first_name="Иван", patronymic="", number="101", mobile="+7 916 000-00-01"
    )
    assert contacts_by_numbers(["+74951112233", "+79161112233", "101", "+79160000001", "+79990000000"]) == {
        "+74951112233": Contact("counterparty", company.pk, "ООО «Луч»", manager=manager.pk),
        "+79161112233": Contact("person", person.pk, "Петров Пётр", "ООО «Луч»", manager=manager.pk),
        "101": Contact("user", user.pk, "Иванов Иван", reason=Reason.INTERNAL),
        "+79160000001": Contact("user", user.pk, "Иванов Иван"),
    }


def test_a_user_without_a_name_is_the_log_in() -> None:
    PanelUserFactory(username="root", last_name="", first_name="", patronymic="", number="101")
    assert contacts_by_numbers(["101"])["101"].name == "root"


def test_everybody_who_has_the_number_is_told() -> None:
    number = "+7 495 111-22-33"
    company = CounterpartyFactory(name="ООО «Луч»", phone=number)
    person = ContactPersonFactory(counterparty=company, name="Петров Пётр", phone=number)
    archived = CounterpartyFactory(name="ООО «Север»", phone=number, archived=True)
    behind = ContactPersonFactory(counterparty=company, name="Сидоров Сидор", phone=f"{number} доб. 12")
    rows = {row.counterparty or row.person: row.pk for row in ContactInfo.objects.all()}
    luch = "ООО «Луч»"
    assert owners_of("84951112233") == (
        Match(Contact("counterparty", company.pk, luch), rows[company], archived=False),
        Match(Contact("person", person.pk, "Петров Пётр", luch), rows[person], archived=False),
        Match(Contact("person", behind.pk, "Сидоров Сидор", luch, Reason.LINE), rows[behind], archived=False),
        Match(Contact("counterparty", archived.pk, "ООО «Север»"), rows[archived], archived=True),
    )
    assert contacts_by_numbers(["84951112233"])["84951112233"].others == (
        Owner("person", person.pk, "Петров Пётр", luch),
        Owner("person", behind.pk, "Сидоров Сидор", luch),
        Owner("counterparty", archived.pk, "ООО «Север»"),
    )


def test_a_number_with_extensions_only_is_the_company_of_the_persons() -> None:
    company = CounterpartyFactory(name="ООО «Луч»")
    for extension, name in (("12", "Петров Пётр"), ("15", "Сидоров Сидор")):
        ContactPersonFactory(counterparty=company, name=name, phone=f"8(495)1112233,,{extension}")
    found = contacts_by_numbers(["+74951112233", "+74951112233,,15"])
    assert {number: (one.name, one.reason, len(one.others)) for number, one in found.items()} == {
        "+74951112233": ("ООО «Луч»", "line", 2),
        "+74951112233,,15": ("Сидоров Сидор", "exact", 1),
    }


def test_who_was_merged_away_never_shows() -> None:
    survivor = CounterpartyFactory(name="ООО «Луч»")
    merged = CounterpartyFactory(phone="+7 495 111-22-33", merged_into=survivor)
    ContactPersonFactory(counterparty=merged, phone="+7 495 111-22-33")
    ContactPersonFactory(
        counterparty=survivor, phone="+7 495 111-22-33", merged_into=ContactPersonFactory(counterparty=survivor)
    )
    assert owners_of("+74951112233") == ()


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
    shown = contacts_by_numbers(["+74951112233"])["+74951112233"]
    assert (shown.owner, [other.kind for other in shown.others]) == (
        Owner("counterparty", new.pk, new.name),
        ["person"],
    )


@pytest.mark.parametrize(
    "number",
    [
        *(
            "",
            "anonymous",
            "unknown",
            "Anonymous@anonymous.invalid",
            "<unknown>",
            "скрыт",
            "s",
            "*98",
            "#31#84951112233",
        ),
        *(
            "sip:anonymous@10.0.0.1",
            "+7 (910)",
            "доб. 12",
            "12 кв.",
            "1" * 1_000,
            "+7495\x001112233",
            "+7495\r\n1112233",
        ),
        *("\u202e\r\n\0", "'; --", "+", "+7", "%", "_"),
    ],
)
def test_what_is_no_number_is_nobody(number: str) -> None:
    company = CounterpartyFactory(phone="+7 495 111-22-33")
    ContactInfoFactory(
        counterparty=company, kind=ContactInfoKindFactory(name="Почта", type="email"), value="a@b.example"
    )
    for value in ("доб. 12", "+7 (910)", "7910"):
        ContactInfoFactory(counterparty=company, value=value)
    assert (contacts_by_numbers([number]), owners_of(number)) == ({}, ())


def test_a_part_of_a_number_is_no_short_number() -> None:
    """An internal call of 12 or 7910 must not show the customer for whom somebody typed this."""
    for value in ("доб. 12", "+7 (910)"):
        CounterpartyFactory(phone=value)
    assert contacts_by_numbers(["12", "7910"]) == {}


@pytest.mark.parametrize("count", [1, 3, 200])
def test_one_query_for_many_numbers(
    count: int, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PanelUserFactory(number="101")
    numbers = [f"+7495{n:07d}" for n in range(count - 1)]
    for number in numbers:
        CounterpartyFactory(phone=number)
    with django_assert_num_queries(1):
        assert set(contacts_by_numbers([*numbers, "101"])) == {*numbers, "101"}
    with django_assert_num_queries(1):
        assert len(owners_of("101")) == 1


def test_more_numbers_than_a_database_takes_at_once(
    rules_known: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last = CounterpartyFactory(phone="+7 495 000-12-00")
    with django_assert_num_queries(3):
        found = contacts_by_numbers([f"+7495{n:07d}" for n in range(1_201)])
    assert {number: contact.id for number, contact in found.items()} == {"+74950001200": last.pk}


def test_nothing_to_look_for_is_no_query(rules_known: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert contacts_by_numbers(["anonymous", ""]) == {}


def plan(sql: str, parameters: Any) -> str:
    words = {"postgresql": "EXPLAIN (FORMAT JSON) ", "sqlite": "EXPLAIN QUERY PLAN "}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(words + sql, parameters)
        return json.dumps(cursor.fetchall(), ensure_ascii=False)


def test_the_index_is_used_and_no_table_is_scanned() -> None:
    company, kind = CounterpartyFactory(), ContactInfoKindFactory()
    ContactInfo.objects.bulk_create(
        [ContactInfo(counterparty=company, kind=kind, value=f"+7495{n:07d}") for n in range(20_000)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for sql, parameters in [
        (_sql(2), ["4950000001", "4950000002"]),
        rows_with_keys([("+74950000001", "4950000001")]).query.sql_with_params(),
    ]:
        text = plan(sql, parameters)
        assert "contact_info_last10" in text, text
        assert "Seq Scan" not in text
        assert "SCAN" not in text


def test_no_key_is_no_row() -> None:
    ContactInfoFactory(kind=ContactInfoKindFactory(name="Почта", type="email"), value="info@example.com")
    assert list(rows_with_keys([("", "")])) == []
