"""Who calls, for dialplans."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Ask
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
NOBODY = {
    "known": False,
    "kind": "",
    "id": None,
    "name": "",
    "company": "",
    "manager": None,
    "reason": "",
    "explanation": "Nobody in the directory has this number.",
    "others": [],
}


def line(client: Client, token: str, number: str) -> str:
    """The answer for a dialplan."""
    answer = client.get(f"/api/caller/{number}?format=text", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return answer.content.decode()


def test_a_customer_with_a_manager(ask: Ask, client: Client, token: str) -> None:
    manager = PanelUserFactory(
        last_name="Иванов", first_name="Пётр", patronymic="", number="105", mobile="+79161112233"
    )
    company = CounterpartyFactory(name="ООО «Ромашка»", manager=manager, phone="8 (495) 111-22-33")
    assert ask("get", "/api/caller/+74951112233") == (
        200,
        {
            "number": "+74951112233",
            "e164": "+74951112233",
            "known": True,
            "kind": "counterparty",
            "id": company.pk,
            "name": "ООО «Ромашка»",
            "company": "",
            "manager": {"name": "Иванов Пётр", "number": "105"},
            "reason": "exact",
            "explanation": "The number is in the contact information.",
            "others": [],
        },
    )
    assert line(client, token, "84951112233") == "105|ООО «Ромашка»|exact"


def test_a_person_has_the_manager_of_the_company(client: Client, token: str) -> None:
    company = CounterpartyFactory(name="ООО «Луч»", manager=PanelUserFactory(number="106"))
    ContactPersonFactory(counterparty=company, name="Петров Пётр", phone="+79161112233")
    assert line(client, token, "+79161112233") == "106|Петров Пётр ООО «Луч»|exact"


def test_a_manager_who_has_left_is_none(ask: Ask) -> None:
    CounterpartyFactory(manager=PanelUserFactory(number="107", is_active=False), phone="+74951112233")
    assert ask("get", "/api/caller/+74951112233")[1]["manager"] is None


def test_a_colleague(client: Client, token: str) -> None:
    PanelUserFactory(last_name="Орлов", first_name="Иван", patronymic="", number="101")
    assert line(client, token, "101") == "|Орлов Иван|internal"


def test_several_owners_are_all_told(ask: Ask) -> None:
    first = CounterpartyFactory(name="ООО «Луч»", phone="+74951112233")
    second = CounterpartyFactory(name="ООО «Север»", phone="+74951112233")
    _status, answer = ask("get", "/api/caller/+74951112233")
    other = {"kind": "counterparty", "id": second.pk, "name": "ООО «Север»", "company": "", "reason": "exact"}
    assert (answer["id"], answer["others"]) == (first.pk, [other])


@pytest.mark.parametrize("number", ["anonymous", "unknown", "+7 (910)", "*98", "sip:", "%00", "x" * 200, "a/b/c"])
def test_hidden_and_malformed_numbers_are_nobodys(ask: Ask, client: Client, token: str, number: str) -> None:
    status, answer = ask("get", f"/api/caller/{number}")
    assert (status, {key: value for key, value in answer.items() if key not in {"number", "e164"}}) == (200, NOBODY)
    assert line(client, token, number) == "||"


def test_a_number_longer_than_any(ask: Ask) -> None:
    assert ask("get", f"/api/caller/{'1' * 300}")[0] == 422


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ('x",1)&System(rm)', "x 1 System rm"),
        ("${SHELL(id)}", "SHELL id"),
        ("a|b\r\nc;d\\e", "a b c d e"),
        ("«Ёлка» №5 +1", "«Ёлка» №5 +1"),
    ],
)
def test_no_name_becomes_a_dialplan(client: Client, token: str, name: str, safe: str) -> None:
    CounterpartyFactory(name=name, phone="+74951112233")
    assert line(client, token, "+74951112233") == f"|{safe}|exact"


@pytest.mark.usefixtures("rules_known")
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(ask: Ask, count: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    manager = PanelUserFactory(number="101")
    for _ in range(count):
        company = CounterpartyFactory(manager=manager)
        ContactInfoFactory(counterparty=company, kind=ContactInfoKindFactory(), value="+74951112233")
    ask("get", "/api/kinds")  # when the token was used is written once a minute
    with django_assert_num_queries(4):  # token, owners, the company with its manager, the manager's numbers
        ask("get", "/api/caller/+74951112233")
