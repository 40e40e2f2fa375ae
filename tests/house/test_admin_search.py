"""Searching in the admin: by name, and by a number in any format."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from astpanel.accounts.models import PanelUser
from astpanel.admin_parts import REACHABLE, CappedPaginator
from crm.models import ContactPerson, Counterparty
from telephony.admin import clock
from telephony.models import CallRecord
from tests.factories import CallRecordFactory, ContactPersonFactory, CounterpartyFactory, PanelUserFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, last_name="Администратор"))
    return client


def found(client: Client, model: type[Model], term: str, **filters: str) -> list[Any]:
    response = client.get(page(model, "changelist"), {"q": term, **filters})
    return sorted(row.pk for row in response.context["cl"].result_list)


def test_customers_by_name_person_manager_and_number(admin: Client) -> None:
    manager = PanelUserFactory(last_name="Сидоров")
    first = CounterpartyFactory(name="ООО «Ромашка»", phone="8 495 111-22-33", manager=manager)
    second = CounterpartyFactory(name="ООО «Луч»", phone="8 495 444-55-66")
    person = ContactPersonFactory(counterparty=second, name="Петров Пётр", phone="8 916 777-88-99")
    terms = {"Ромашка": [first.pk], "Петров": [second.pk], "Сидоров": [first.pk], "+74954445566": [second.pk]}
    terms |= {"495 111 22 33": [first.pk], "+7 999 000 00 00": [], "*98": []}
    assert {term: found(admin, Counterparty, term) for term in terms} == terms
    assert [found(admin, ContactPerson, term) for term in ("89167778899", "Луч", "84951112233")] == [
        [person.pk],
        [person.pk],
        [],
    ]


def test_users_by_name_and_number(admin: Client) -> None:
    user = PanelUserFactory(last_name="Кузнецов", number="777", mobile="8 916 777-88-99")
    PanelUserFactory(last_name="Орлов", number="778")
    terms = ("кузнецов", "КУЗН", "Кузнецов", "777", "+79167778899")
    assert [found(admin, PanelUser, term) for term in terms] == [[user.pk]] * 5
    assert [found(admin, PanelUser, term) for term in ("%", "_", "К_знецов", "\\")] == [[]] * 4


def test_calls_by_extension_and_outside_number(admin: Client) -> None:
    first = CallRecordFactory(participants=("+74951112233", "101", "102"))
    second = CallRecordFactory(
        participants=("+79160000000", "101"), outside_e164="+79160000000", outside_last10="9160000000"
    )
    third = CallRecordFactory(participants=("103", "102"), outside_e164="", outside_last10="", direction="internal")
    terms = {"101": [first.pk, second.pk], "102": [first.pk, third.pk], "8 916 000-00-00": [second.pk], "104": []}
    terms |= {"anonymous": [], "<script>": []}
    assert {term: found(admin, CallRecord, term) for term in terms} == terms
    assert found(admin, CallRecord, "102", direction__exact="internal") == [third.pk]


def test_the_list_of_calls_counts_no_further_than_one_can_page(admin: Client) -> None:
    CallRecordFactory()
    with CaptureQueriesContext(connection) as captured:
        admin.get(page(CallRecord, "changelist"))
    counts = [query["sql"] for query in captured.captured_queries if "COUNT(" in query["sql"].upper()]
    assert [f"LIMIT {REACHABLE}" in sql for sql in counts] == [True]


def test_capped_paginator() -> None:
    CallRecordFactory.create_batch(3)
    for rows in (CallRecord.objects.all(), list(CallRecord.objects.all())):
        assert (CappedPaginator(rows, 2).count, CappedPaginator(rows, 2).num_pages) == (3, 2)
    assert (CappedPaginator(range(REACHABLE * 2), 100).num_pages, Paginator(range(3), 2).count) == (100, 3)


def test_clock() -> None:
    assert [clock(seconds) for seconds in (0, 5.4, 59.6, 65, 3605)] == ["0:00", "0:05", "1:00", "1:05", "1:00:05"]
