"""search_directory: parts of names and numbers, ranking, what is hidden, queries."""

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from crm.models import ContactInfo, Counterparty
from crm.search import Found, search_directory
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    NumberingPlanFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db


def names(text: str, **options: bool) -> list[str]:
    return [one.name for one in search_directory(text, **options)]


def test_what_is_told_of_a_customer() -> None:
    company = CounterpartyFactory(name="ООО «Ромашка»", phone="8 (495) 111-22-33")
    kind = ContactInfoKindFactory(name="Факс")
    ContactInfoFactory(counterparty=company, kind=kind, value="+7 495 000-11-22 доб. 12", is_main=True)
    ContactInfoFactory(
        counterparty=company, kind=ContactInfoKindFactory(name="Почта", type="email"), value="a@b.example"
    )
    person = ContactPersonFactory(counterparty=company, name="Ромашкин Пётр", phone="101")
    with translation.override("en"):
        found = search_directory("ромашк")
    assert found == [
        Found("person", person.pk, "Ромашкин Пётр", "ООО «Ромашка»", ("101",), False),
        Found("counterparty", company.pk, "ООО «Ромашка»", "", ("+7 495 000-11-22 ext. 12", "+7 495 111-22-33"), False),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ёлка", True),
        ("ЕЛКА", True),
        ("лка", True),
        ("ооо елка", True),
        ("елка ооо", True),
        ("ооо «Ёл", True),
        ("е", True),
        ("ел", True),
        ("лк", False),  # two letters: beginnings of words only
        ("ооо сосна", False),
        ("%", False),
        ("_", False),
        ("\\", False),
        ("", False),
        (" « ", False),
        ("\0", False),
        ("Ё\u00adл\u202eка\0", True),
        ("x" * 10_000, False),
        ("'; DROP TABLE crm_counterparty; --", False),
    ],
)
def test_parts_of_a_name(text: str, found: bool) -> None:
    CounterpartyFactory(name="ООО «Ёлка»")
    assert names(text) == (["ООО «Ёлка»"] if found else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8 (495) 111-22-33", True),
        ("+7 495 111 22 33 доб. 4", True),
        ("9 8 495 111-22-33", True),  # with the prefix of the outside line
        ("00 7 495 111", True),
        ("495111", True),
        ("8495", True),
        ("+7495", True),
        ("+495", False),
        ("22-33", True),
        ("1112233", True),
        ("111-22-34", False),
        ("33", False),  # too short to say anything
        ("8-495-111-22-33-99", False),
    ],
)
def test_parts_of_a_number(text: str, found: bool) -> None:
    NumberingPlanFactory(area_code="495", outside_prefix="9")
    CounterpartyFactory(name="ООО «Луч»", phone="8 495 111-22-33")
    assert names(text) == (["ООО «Луч»"] if found else [])


def test_digits_are_also_a_part_of_a_name() -> None:
    CounterpartyFactory(name="1000 мелочей")
    CounterpartyFactory(name="Заря", phone="+7 495 100-01-11")
    assert names("1000") == ["1000 мелочей", "Заря"]


def test_the_best_comes_first() -> None:
    for name in ("Автолучше", "Новый луч", "Лучший", "Луч", "Старый Луч", "Луч и К"):
        CounterpartyFactory(name=name)
    CounterpartyFactory(name="Луч в архиве", archived=True)
    assert names("луч") == ["Луч", "Луч и К", "Лучший", "Новый луч", "Старый Луч", "Автолучше"]
    assert names("луч", archived=True)[-1] == "Луч в архиве"


def test_an_exact_name_and_number_among_thousands() -> None:

    Counterparty.objects.bulk_create(Counterparty(name=f"Луч {n}") for n in range(500))
    exact = CounterpartyFactory(name="Луч", phone="495 00 00")
    kind = ContactInfoKindFactory()
    crowd = CounterpartyFactory(name="Толпа")
    ContactInfo.objects.bulk_create(
        ContactInfo(counterparty=crowd, kind=kind, value=f"+749500{n:05d}") for n in range(500)
    )
    assert search_directory("луч", limit=1)[0].id == exact.pk
    assert search_directory("4950000", limit=1)[0].id == exact.pk


def test_merged_and_archived_rows_are_hidden() -> None:
    kept = CounterpartyFactory(name="Маяк", phone="+7 495 111-22-33")
    CounterpartyFactory(name="Маяк старый", archived=True, merged_into=kept, phone="+7 495 111-22-33")
    gone = CounterpartyFactory(name="Маяк в архиве", archived=True, phone="+7 495 111-22-33")
    person = ContactPersonFactory(counterparty=gone, name="Маякова Анна", phone="+7 495 111-22-33")
    for text in ("маяк", "111-22-33"):
        assert [one.id for one in search_directory(text)] == [kept.pk]
        assert {(one.kind, one.id) for one in search_directory(text, archived=True)} == {
            ("counterparty", kept.pk),
            ("counterparty", gone.pk),
            ("person", person.pk),
        }


def test_colleagues_are_no_customers() -> None:
    PanelUserFactory(last_name="Орлов", number="101", mobile="+7 916 111-22-33")
    assert (names("орлов"), names("101"), names("9161112233")) == ([], [], [])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("text", "queries"), [("луч", 5), ("495111", 7), ("", 0), ("нет такого", 4)])
def test_queries(
    text: str, queries: int, count: int, rules_known: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        company = CounterpartyFactory(name=f"Луч {number}", phone=f"+7 495 111-22-0{number}")
        ContactPersonFactory(counterparty=company, name=f"Лучин {number}", phone=f"+7 495 111-22-1{number}")
    with django_assert_num_queries(queries):
        search_directory(text)
