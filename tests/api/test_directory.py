"""The directory read and written by other systems."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from auditlog.models import LogEntry

from crm.models import ContactInfo, ContactPerson, Counterparty, PendingTransfer
from tests.api.conftest import Ask
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
HOSTILE = "=HYPERLINK(\"http://evil.example\")<script>alert('1')</script>\u202e"


@pytest.fixture(autouse=True)
def kinds(db: None) -> None:
    """Of counterparties and persons."""
    ContactInfoKindFactory(name="Телефон")
    ContactInfoKindFactory(name="Почта", type="email", order=1)
    ContactInfoKindFactory(name="Рабочий", owner="person")


def without(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    """What differs from run to run left out."""
    assert datetime.fromisoformat(answer["changed"]) <= datetime.now(UTC)
    infos = [{key: value for key, value in info.items() if key != "id"} for info in answer["contact_info"]]
    return {key: value for key, value in answer.items() if key not in {"changed", "id", *names}} | {
        "contact_info": infos
    }


def test_kinds(ask: Ask) -> None:
    assert ask("get", "/api/kinds") == (
        200,
        [
            {"name": "Телефон", "owner": "counterparty", "type": "phone", "mobile": False},
            {"name": "Почта", "owner": "counterparty", "type": "email", "mobile": False},
            {"name": "Рабочий", "owner": "person", "type": "phone", "mobile": False},
        ],
    )


def test_a_counterparty_is_made_read_changed_and_archived(ask: Ask) -> None:
    PanelUserFactory(username="ivanov", last_name="Иванов", first_name="Пётр", patronymic="", number="101")
    sent = {
        "name": "ООО «Ромашка»",
        "manager": "ivanov",
        "note": "Звонить после обеда",
        "external_ref": "C-1",
        "contact_info": [
            {"kind": "Телефон", "value": "8 (495) 111-22-33 доб. 12", "main": True},
            {"kind": "Почта", "value": "office@example.com"},
        ],
    }
    status, made = ask("post", "/api/counterparties", sent)
    phone = {"kind": "Телефон", "type": "phone", "value": "8 (495) 111-22-33 доб. 12", "e164": "+74951112233"}
    mail = {"kind": "Почта", "type": "email", "value": "office@example.com", "e164": ""}
    assert (status, without(made)) == (
        201,
        {
            "name": "ООО «Ромашка»",
            "kind": "company",
            "manager": {"username": "ivanov", "name": "Иванов Пётр", "number": "101"},
            "note": "Звонить после обеда",
            "external_ref": "C-1",
            "archived": False,
            "merged_into": None,
            "kept_by_source": False,
            "contact_info": [phone | {"extension": "12", "main": True}, mail | {"extension": "", "main": False}],
        },
    )
    address = f"/api/counterparties/{made['id']}"
    assert ask("get", address) == (200, made)
    status, changed = ask(
        "patch",
        address,
        {"manager": "", "contact_info": [{"kind": "Почта", "value": "office@example.com", "main": True}]},
    )
    assert (status, changed["manager"], changed["note"], changed["contact_info"]) == (
        200,
        None,
        "Звонить после обеда",
        [mail | {"extension": "", "main": True, "id": made["contact_info"][1]["id"]}],
    )
    assert ask("delete", address) == (204, None)
    assert ask("get", address)[1]["archived"] is True
    assert Counterparty.objects.count() == 1


def test_a_person(ask: Ask) -> None:
    company = CounterpartyFactory()
    sent = {
        "counterparty": company.pk,
        "name": "Петров Пётр",
        "position": "Директор",
        "contact_info": [{"kind": "Рабочий", "value": "+79161112233"}],
    }
    status, made = ask("post", "/api/persons", sent)
    assert (status, without(made)) == (
        201,
        {
            "counterparty": company.pk,
            "name": "Петров Пётр",
            "position": "Директор",
            "external_ref": "",
            "archived": False,
            "merged_into": None,
            "kept_by_source": False,
            "contact_info": [
                {
                    "kind": "Рабочий",
                    "type": "phone",
                    "value": "+79161112233",
                    "e164": "+79161112233",
                    "extension": "",
                    "main": False,
                }
            ],
        },
    )
    address = f"/api/persons/{made['id']}"
    assert ask("patch", address, {"position": ""})[1]["position"] == ""
    assert ask("delete", address) == (204, None)
    assert (ask("get", address)[1]["archived"], ContactPerson.objects.count()) == (True, 1)


def errors(answer: tuple[int, Any]) -> tuple[int, list[str]]:
    """Status and the fields complained of."""
    return answer[0], [error["field"] for error in answer[1].get("errors", [])]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "x" * 256}, ["name"]),
        ({"name": "ООО", "naem": "x"}, ["naem"]),
        ({"name": "ООО", "kind": "robot"}, ["kind"]),
        ({"name": "ООО", "manager": "никто"}, ["manager"]),
        ({"name": "ООО", "note": "\0"}, ["note"]),
        ({"name": "ООО\n«Луч»"}, ["name"]),
        ({"name": "ООО\0"}, ["name"]),
        ({"name": "ООО", "external_ref": "7\0", "manager": "a\0"}, ["manager", "external_ref"]),
        ({"name": "ООО", "contact_info": [{"kind": "Телефон", "value": ""}]}, ["contact_info.0.value"]),
        ({"name": "ООО", "contact_info": [{"kind": "Факс", "value": "1112233"}]}, ["contact_info.0.kind"]),
        ({"name": "ООО", "contact_info": [{"kind": "Рабочий", "value": "1112233"}]}, ["contact_info.0.kind"]),
        ({"name": "ООО", "contact_info": [{"kind": "Телефон", "value": "доб."}]}, ["contact_info.0.value"]),
        (
            {"name": "ООО", "contact_info": [{"kind": "Телефон", "value": "111-22-33, 444-55-66"}]},
            ["contact_info.0.value"],
        ),
        ({"name": "ООО", "contact_info": [{"kind": "Почта", "value": "не почта"}]}, ["contact_info.0.value"]),
        ({"name": "ООО", "contact_info": [{"kind": "Телефон", "value": "+74951112233"}] * 2}, ["contact_info.1.value"]),
        (
            {
                "name": "ООО",
                "contact_info": [
                    {"kind": "Телефон", "value": "+74951112233", "main": True},
                    {"kind": "Телефон", "value": "+74951112244", "main": True},
                ],
            },
            ["contact_info.1.main"],
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(ask: Ask, sent: dict[str, Any], fields: list[str]) -> None:
    assert errors(ask("post", "/api/counterparties", sent)) == (422, fields)
    assert (Counterparty.objects.count(), ContactInfo.objects.count()) == (0, 0)


def test_a_person_needs_a_counterparty_that_is_there(ask: Ask) -> None:
    gone = CounterpartyFactory()
    Counterparty.objects.filter(pk=gone.pk).update(merged_into=CounterpartyFactory())
    assert errors(ask("post", "/api/persons", {"name": "Петров"})) == (422, ["counterparty"])
    assert errors(ask("post", "/api/persons", {"name": "Петров", "counterparty": 10**9})) == (422, ["counterparty"])
    assert errors(ask("post", "/api/persons", {"name": "Петров", "counterparty": gone.pk})) == (422, ["counterparty"])


@pytest.mark.parametrize("body", ["", "{", "[]", '"текст"', "null"])
def test_a_body_that_is_no_object(client: Any, token: str, body: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = client.post("/api/counterparties", body, "application/json", headers=headers)
    assert (answer.status_code // 100, Counterparty.objects.count()) == (4, 0)


def test_a_failed_change_changes_nothing(ask: Ask) -> None:
    row = CounterpartyFactory(name="ООО «Луч»", phone="+74951112233")
    sent = {"name": "Другое", "contact_info": [{"kind": "Почта", "value": "не почта"}]}
    assert errors(ask("patch", f"/api/counterparties/{row.pk}", sent)) == (422, ["contact_info.0.value"])
    row.refresh_from_db()
    assert (row.name, [info.value for info in row.contact_info.all()]) == ("ООО «Луч»", ["+74951112233"])


def test_what_the_source_keeps_is_changed_there(ask: Ask) -> None:
    row = CounterpartyFactory(name="ООО «Луч»", source=CustomerSourceFactory(), external_ref="guid")
    address = f"/api/counterparties/{row.pk}"
    assert errors(ask("patch", address, {"name": "Другое"})) == (422, ["name"])
    assert errors(ask("delete", address)) == (422, ["archived"])
    status, answer = ask("patch", address, {"name": "ООО «Луч»", "note": "Важный"})
    assert (status, answer["note"], answer["kept_by_source"]) == (200, "Важный", True)


def test_a_merged_one_leads_on_and_takes_nothing(ask: Ask) -> None:
    row, survivor = CounterpartyFactory(), CounterpartyFactory()
    Counterparty.objects.filter(pk=row.pk).update(merged_into=survivor, archived=True)
    address = f"/api/counterparties/{row.pk}"
    assert ask("get", address)[1]["merged_into"] == survivor.pk
    assert errors(ask("patch", address, {"note": "x"})) == (422, [""])


def test_hostile_texts_come_back_as_they_are(ask: Ask) -> None:
    _status, made = ask("post", "/api/counterparties", {"name": HOSTILE, "note": HOSTILE})
    assert (made["name"], made["note"]) == (HOSTILE, HOSTILE)


@pytest.mark.parametrize("address", ["counterparties/7", "persons/7", "nothing", "counterparties/x", "caller/a%0Ab"])
def test_what_is_not_there(ask: Ask, client: Any, token: str, address: str) -> None:
    answer = client.get(f"/api/{address}", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json; charset=utf-8")


def names(answer: tuple[int, Any]) -> list[str]:
    """Of a page."""
    assert answer[0] == 200
    return [item["name"] for item in answer[1]["items"]]


def test_pages_and_filters(ask: Ask) -> None:
    first = CounterpartyFactory(name="ООО «Ёлка»", phone="8 495 111-22-33", external_ref="A")
    second = CounterpartyFactory(name="Елкин Пётр")
    third = CounterpartyFactory(name="ООО «Луч»", phone="+7 495 111-22-33")
    Counterparty.objects.filter(pk__in=[first.pk, second.pk]).update(changed=datetime(2020, 1, 1, tzinfo=UTC))
    page = "/api/counterparties"
    assert names(ask("get", page)) == ["ООО «Ёлка»", "Елкин Пётр", "ООО «Луч»"]
    status, answer = ask("get", f"{page}?limit=2")
    assert (status, len(answer["items"]), answer["next"]) == (200, 2, second.pk)
    status, answer = ask("get", f"{page}?limit=2&after={second.pk}")
    assert (status, [item["id"] for item in answer["items"]], answer["next"]) == (200, [third.pk], None)
    assert names(ask("get", f"{page}?name=ёлк")) == ["ООО «Ёлка»", "Елкин Пётр"]
    assert names(ask("get", f"{page}?number=%2B74951112233")) == ["ООО «Ёлка»", "ООО «Луч»"]
    assert names(ask("get", f"{page}?number=anonymous")) == []
    assert names(ask("get", f"{page}?external_ref=A")) == ["ООО «Ёлка»"]
    assert names(ask("get", f"{page}?changed_since=2021-01-01T00:00:00Z")) == ["ООО «Луч»"]
    person = ContactPersonFactory(counterparty=third, name="Петров")
    ContactPersonFactory(counterparty=first, name="Сидоров")
    assert names(ask("get", f"/api/persons?counterparty={third.pk}")) == [person.name]
    bad = (
        "limit=0",
        "limit=501",
        "after=-1",
        "changed_since=x",
        "changed_since=2021-01-01T00:00:00",
        "external_ref=%00",
    )
    assert [ask("get", f"{page}?{one}")[0] for one in bad] == [422] * len(bad)


@pytest.mark.usefixtures("rules_known")
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(ask: Ask, count: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    manager = PanelUserFactory(number="101")
    for _ in range(count):
        company = CounterpartyFactory(manager=manager, phone="8 495 111-22-33")
        ContactInfoFactory(
            person=ContactPersonFactory(counterparty=company), kind=ContactInfoKindFactory(owner="person")
        )
    ask("get", "/api/kinds")  # when the token was used is written once a minute
    with django_assert_num_queries(5):  # token, rows with managers, numbers, kinds, the managers' numbers
        ask("get", "/api/counterparties")
    with django_assert_num_queries(4):
        ask("get", "/api/persons")


def test_the_journal_names_the_system(ask: Ask) -> None:
    ask(
        "post",
        "/api/counterparties",
        {"name": "ООО «Ромашка»", "contact_info": [{"kind": "Телефон", "value": "1112233"}]},
    )
    entry = LogEntry.objects.get(content_type__model="contactinfo")
    assert (entry.actor, entry.additional_data, entry.remote_addr) == (None, {"system": "Склад"}, "127.0.0.1")


def test_numbers_of_a_sources_customer_wait_for_the_transfer(ask: Ask) -> None:
    source = CustomerSourceFactory(configuration="ut11")
    row = CounterpartyFactory(source=source, external_ref="guid", phone="+74951112233")
    sent = {"contact_info": [{"kind": "Телефон", "value": "+79161112233", "main": True}]}
    assert ask("patch", f"/api/counterparties/{row.pk}", sent)[0] == 200
    rows = PendingTransfer.objects.order_by("id").values_list("act", "value", "external_ref", "by")
    waiting: list[Any] = list(rows)
    assert waiting == [
        ("delete", "+74951112233", "guid", None),
        ("add", "+79161112233", "guid", None),
        ("main", "+79161112233", "guid", None),
    ]


def test_one_number_in_two_spellings(ask: Ask) -> None:
    twice = [{"kind": "Телефон", "value": value} for value in ("+7 495 111-22-33", "8 (495) 111-22-33")]
    answer = ask("post", "/api/counterparties", {"name": "ООО «Луч»", "contact_info": twice})
    assert errors(answer) == (422, ["contact_info.1.value"])
    assert (Counterparty.objects.count(), ContactInfo.objects.count()) == (0, 0)
