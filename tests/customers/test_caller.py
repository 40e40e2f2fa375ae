"""What a ringing call says beyond the name: how often in a week, the note's first line, the manager's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import PanelUser
from crm.selectors import keys_of
from telephony.customers import caller, popup_views
from telephony.models import Pbx
from tests.factories import (
    CallRecordFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    PanelUserFactory,
    PbxFactory,
)

pytestmark = pytest.mark.django_db
NUMBER = "+74950010203"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def pbx() -> Pbx:
    return PbxFactory()


@pytest.fixture
def client(pbx: Pbx) -> Client:
    popup_views._limits.clear()  # of users of other tests, who had the same ids
    browser = Client()
    browser.force_login(PanelUserFactory(number="101", pbx=pbx))
    return browser


def asked(client: Client, number: str = NUMBER, **more: Any) -> dict[str, Any]:
    answer = client.get(reverse("caller-facts"), {"number": number, "call": "now.1", **more})
    assert answer.status_code == 200
    return dict(answer.json())


def called(pbx: Pbx, *, days: float = 0, **values: Any) -> None:
    keys = {"outside_e164": NUMBER, "outside_last10": NUMBER[-10:]}
    CallRecordFactory(pbx=pbx, started=timezone.now() - timedelta(days=days), **(keys | values))


def test_calls_from_the_number_in_a_week(
    client: Client, pbx: Pbx, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for values in ({}, {"direction": "outbound"}, {"days": 6.9}):
        called(pbx, **values)
    called(pbx, linkedid="now.1")  # the one that rings
    called(pbx, days=7.1)
    called(PbxFactory())
    called(pbx, outside_last10="4950010204")
    assert asked(client) == {"calls": 2, "note": "", "manager": None}
    company = CounterpartyFactory()
    keys_of(NUMBER)  # the number rules are looked at now and then
    with django_assert_num_queries(2):
        caller.known(pbx_id=pbx.pk, number=NUMBER, call="", owner=("counterparty", company.pk), now=timezone.now())
    assert asked(client, "8 (495) 001-02-03")["calls"] == 2
    assert [asked(client, number)["calls"] for number in ("", "anonymous", "101")] == [0, 0, 0]


def test_note_and_manager_of_a_company_and_of_its_person(client: Client) -> None:
    manager: PanelUser = PanelUserFactory(last_name="Сидоров", first_name="Павел", patronymic="")
    company = CounterpartyFactory(manager=manager, note=f"\n  {HOSTILE}\nвторая строка")
    person = ContactPersonFactory(counterparty=company)
    known = {"calls": 0, "note": HOSTILE, "manager": {"id": manager.pk, "name": "Сидоров Павел"}}
    assert [asked(client, kind="counterparty", id=company.pk), asked(client, kind="person", id=person.pk)] == [
        known
    ] * 2
    company.note, company.manager = "н" * 1_000_000, None
    company.save()
    assert asked(client, kind="counterparty", id=company.pk) == {"calls": 0, "note": "н" * 200, "manager": None}


@pytest.mark.parametrize(
    ("kind", "pk"), [("counterparty", "999"), ("user", "1"), ("person", "1 or 1=1"), ("", ""), ("person", "9" * 19)]
)
def test_nobody(client: Client, kind: str, pk: str) -> None:
    assert asked(client, kind=kind, id=pk) == {"calls": 0, "note": "", "manager": None}


@pytest.mark.parametrize("bad", [{"number": "1" * 41}, {"number": "1\r\n2"}, {"call": "x" * 151}, {"call": "\x00"}])
def test_hostile_questions_are_refused(client: Client, bad: dict[str, str]) -> None:
    assert client.get(reverse("caller-facts"), {"number": NUMBER, "call": "1", **bad}).status_code == 400


def test_not_more_often_than_devices_need(client: Client) -> None:
    answers = [client.get(reverse("caller-facts")).status_code for _ in range(popup_views.QUESTIONS[0] + 1)]
    assert answers == [200] * popup_views.QUESTIONS[0] + [429]
