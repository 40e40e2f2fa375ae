"""Several workers at once over what waits: every number is written once, in its order, whoever gets it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from crm.models import ContactInfo, NumberPlacement, PendingTransfer
from crm.sources.transfers import enqueue, enqueue_undo
from crm.sources.transfers.sweep import sweep
from tests.crm.sources.families import EMAIL_KIND, MOBILE_KIND, PARTNERS, PHONE_KIND, base
from tests.crm.sources.office import Office, Placement
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.databases import PrivateDatabase

WORKERS, CUSTOMERS = 3, 8


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("ut11", customers=CUSTOMERS + 1)) as server:
        yield server


@pytest.fixture
def office(private_database: PrivateDatabase, onec: OneCServer) -> Office:
    kinds = ((PHONE_KIND, "counterparty", "phone"), (MOBILE_KIND, "counterparty", "phone"))
    return Office(onec, *kinds)


def placed(office: Office, number: int) -> NumberPlacement:
    customer = office.customer(ref(PARTNERS, number), f"ООО «Луч» {number}")
    with Placement(office, customer) as placement:
        office.typed(customer, MOBILE_KIND, f"+7 916 111-22-0{number}")
    enqueue(placement=placement.done)
    return placement.done


def at_once(count: int) -> dict[str, int]:
    """The sums of what so many workers did that began together."""
    start, now = Barrier(count), timezone.now()

    def work() -> dict[str, int]:
        start.wait(30)
        try:
            return sweep(now=now)
        finally:
            connection.close()

    total: dict[str, int] = {}
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work) for _ in range(count)]:
            for state, number in done.result(120).items():
                total[state] = total.get(state, 0) + number
    return total


def test_each_number_is_written_once(office: Office) -> None:
    for number in range(1, CUSTOMERS + 1):
        row = placed(office, number).after[0]
        customer = ContactInfo.objects.select_related("counterparty").get(pk=row["id"]).counterparty
        with Placement(office, customer) as placement:
            ContactInfo.objects.filter(pk=row["id"]).delete()
        enqueue(placement=placement.done)
        with Placement(office, customer) as placement:
            office.typed(customer, PHONE_KIND, f"+7 495 777-66-0{number}")
        enqueue(placement=placement.done)
    assert at_once(WORKERS) == {"done": 2 * CUSTOMERS, "dropped": CUSTOMERS}
    for number in range(1, CUSTOMERS + 1):
        lines = office.lines(PARTNERS, ref(PARTNERS, number))
        assert [line["Вид_Key"] for line in lines] == [PHONE_KIND, EMAIL_KIND, PHONE_KIND]
        assert lines[2]["Представление"] == f"+7 (495) 777-66-0{number}"
    assert sorted(office.onec.asked("PATCH")) == sorted(
        f"{PARTNERS}(guid'{ref(PARTNERS, number)}')" for number in range(1, CUSTOMERS + 1)
    )
    assert office.onec.open_sessions == set()


def test_taken_back_while_workers_write(office: Office) -> None:
    """Whoever is first: in the end 1C is as it was before."""
    placements = [placed(office, number) for number in range(1, CUSTOMERS + 1)]
    before = [office.lines(PARTNERS, ref(PARTNERS, number)) for number in range(1, CUSTOMERS + 1)]
    start = Barrier(2)

    def take_back() -> None:
        start.wait(30)
        try:
            for placement in reversed(placements):
                ContactInfo.objects.filter(pk=placement.after[0]["id"]).delete()
                enqueue_undo(placement=placement)
        finally:
            connection.close()

    def write() -> None:
        start.wait(30)
        try:
            sweep(now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(take_back), pool.submit(write)]:
            done.result(120)
    sweep(now=timezone.now() + timedelta(hours=7))
    assert [office.lines(PARTNERS, ref(PARTNERS, number)) for number in range(1, CUSTOMERS + 1)] == before
    assert not PendingTransfer.objects.filter(state="waiting").exists()
