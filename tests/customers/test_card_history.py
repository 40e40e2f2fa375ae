"""History of all numbers of somebody: what belongs to it, pages, counts, and that an index is all it reads."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from telephony.customers.card_selectors import MOST_PARTS, Counts, Keys, Place, counts, history
from telephony.models import CallRecord, Pbx
from tests.customers.card_office import FRAGMENT, CardOffice, browser, text_of
from tests.databases import PrivateDatabase
from tests.factories import ContactInfoFactory, CounterpartyFactory, PbxFactory

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MANY: Final = 200_000  # call records
SHOP: Final = "4951112233"
PERSON: Final = "9161234567"


@pytest.fixture
def office(db: None) -> CardOffice:
    return CardOffice()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def linkedids(office: CardOffice, keys: Keys, **options: Any) -> list[str]:
    return [call.record.linkedid for call in history(pbx_id=office.pbx.pk, keys=keys, **options).calls]


def test_calls_of_all_numbers_newest_first(office: CardOffice) -> None:
    office.call("+74951112233", 30, linkedid="old")
    office.call("+79161234567", 20, linkedid="middle", direction="outbound", caller_number="102")
    office.call("+79161234567", 10, linkedid="new", disposition="missed")
    office.call("+79990000000", 5, linkedid="a stranger's")
    office.call("+74951112233", 4, linkedid="runs", disposition="in_progress")
    office.call("+74951112233", 3, linkedid="another PBX's", pbx=PbxFactory())
    assert linkedids(office, Keys(outside=(SHOP, PERSON))) == ["new", "middle", "old"]
    assert linkedids(office, Keys(outside=(SHOP,))) == ["old"]
    assert history(pbx_id=None, keys=Keys(outside=(SHOP,))).calls == ()
    assert history(pbx_id=office.pbx.pk, keys=Keys()).calls == ()


def test_a_row_says_who_took_part(office: CardOffice) -> None:
    ContactInfoFactory(counterparty=CounterpartyFactory(name="ООО «Луч»"), value="+74951112233")
    office.call("+74951112233", 10, participants=("+74951112233", "101", "102"), talk_seconds=133)
    (call,) = history(pbx_id=office.pbx.pk, keys=Keys(outside=(SHOP,))).calls
    assert (call.number, call.name, call.incoming) == ("+74951112233", "ООО «Луч»", True)
    assert call.others == ("Орлова Ольга", "Уткин Павел")
    office.call("102", 5, direction="outbound", participants=("102", "+74951112233"), outside_last10=SHOP)
    newest = history(pbx_id=office.pbx.pk, keys=Keys(outside=(SHOP,))).calls[0]
    assert (newest.number, newest.incoming, newest.others) == ("+74951112233", False, ("Уткин Павел",))


def test_the_history_of_a_colleague(office: CardOffice) -> None:
    office.call("+74951112233", 30, linkedid="in")
    office.call("102", 20, linkedid="internal", direction="internal", outside_last10="")
    office.call("102", 10, linkedid="others'", called_number="103")
    both = office.call("101", 5, linkedid="both", called_number="109", direction="internal")
    assert both.participants.count() == 2
    assert linkedids(office, Keys(internal=("101", "109"))) == ["both", "internal", "in"]
    assert linkedids(office, Keys(internal=("101",))) == ["both", "internal", "in"]


@pytest.mark.parametrize("numbers", [1, 3, MOST_PARTS + 1])
def test_pages_join_without_a_gap(office: CardOffice, numbers: int) -> None:
    """Also among calls of one moment."""
    keys = Keys(outside=tuple(f"916000{i:04}" for i in range(numbers)))
    for i in range(11):
        office.call(f"+7{keys.outside[i % numbers]}", 0, linkedid=str(i), started=NOW - timedelta(minutes=i // 4))
    found, before = [], None
    while True:
        page = history(pbx_id=office.pbx.pk, keys=keys, limit=3, before=before)
        found += [call.record.linkedid for call in page.calls]
        before = page.before
        if before is None:
            break
        assert len(page.calls) == 3
    records = CallRecord.objects.order_by("-started", "-pk").values_list("linkedid", flat=True)
    assert found == list(records)


def test_a_page_that_is_just_full_has_no_next(office: CardOffice) -> None:
    for i in range(3):
        office.call("+74951112233", i)
    assert history(pbx_id=office.pbx.pk, keys=Keys(outside=(SHOP,)), limit=3).before is None


def test_counts_of_a_week(office: CardOffice) -> None:
    office.call("+74951112233", 5, linkedid="rings", disposition="in_progress")
    office.call("+74951112233", 10)
    office.call("+74951112233", 20, disposition="missed")
    office.call("+74951112233", 30, direction="outbound")
    office.call("+74951112233", 60 * 24 * 8)
    office.call("+74951112233", 40, pbx=PbxFactory())
    since = timezone.now() - timedelta(days=7)
    keys = Keys(outside=(SHOP, PERSON))
    assert counts(pbx_id=office.pbx.pk, keys=keys, since=since, without="rings") == Counts(2, 1)
    assert counts(pbx_id=office.pbx.pk, keys=keys, since=since) == Counts(3, 1)
    assert counts(pbx_id=office.pbx.pk, keys=Keys(internal=("101",)), since=since) == Counts(4, 1)
    assert counts(pbx_id=None, keys=keys, since=since) == Counts()


def test_the_card_leaves_the_call_that_rings_out(office: CardOffice) -> None:
    office.company()
    office.call("+74951112233", 5, linkedid="rings", disposition="in_progress")
    office.call("+74951112233", 10)
    office.call("+74951112233", 20, disposition="missed")
    client = browser(office.operator)
    address = f"{reverse('card-by-number')}?number=%2B74951112233"
    assert "2 calls in 7 days, 1 missed" in text_of(client.get(f"{address}&call=rings", headers=FRAGMENT))
    CallRecord.objects.filter(linkedid="rings").delete()
    assert "2 calls in 7 days, 1 missed" in text_of(client.get(address, headers=FRAGMENT))


def more(html: str) -> str:
    """The address of the next page, empty on the last."""
    found = re.search(r'hx-get="([^"]*before=[^"]*)"', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_pages_over_the_card(office: CardOffice) -> None:
    company = office.company()
    for i in range(30):
        office.call("+74951112233", i)
    client = browser(office.operator)
    for address in (f"/card/counterparty/{company.pk}/", "/panel/card/?number=%2B74951112233"):
        html = text_of(client.get(address, headers=FRAGMENT))
        counted = [html.count('class="recent-row"')]
        while following := more(html):
            html = text_of(client.get(following, headers=FRAGMENT))
            counted.append(html.count('class="recent-row"'))
        assert counted == [5, 20, 5]


def test_pages_of_a_number_nobody_has(office: CardOffice) -> None:
    for i in range(6):
        office.call("+79990001122", i)
    client = browser(office.operator)
    html = text_of(client.get("/panel/card/?number=89990001122", headers=FRAGMENT))
    assert html.count('class="recent-row"') == 5
    assert text_of(client.get(more(html), headers=FRAGMENT)).count('class="recent-row"') == 1


@pytest.mark.parametrize("before", ["x", "1", "1.x", "-1.2", "1.2.3", "9" * 30 + ".1", "٣.1", "'--.1", "1" * 99])
def test_bad_places(office: CardOffice, before: str) -> None:
    client = browser(office.operator)
    address = reverse("card-calls", args=["counterparty", office.company().pk])
    assert client.get(address, {"before": before}, headers=FRAGMENT).status_code == 400


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)), st.integers(0, 2**63 - 1))  # noqa: DTZ001 - UTC below
def test_places_survive_the_address(started: datetime, call: int) -> None:
    place = Place(started.replace(tzinfo=UTC), call)
    assert Place.parse(str(place)) == place


CALLS: Final = """
INSERT INTO telephony_callrecord (pbx_id, linkedid, direction, disposition, hangup_reason, caller_number, caller_name,
    called_number, queue, started, wait_seconds, talk_seconds, outside_e164, outside_last10)
SELECT %s, 'many.' || i, 'inbound', 'answered', '', 'x', '', '', '', %s - i * interval '30 seconds', 0, 0, '',
    CASE WHEN i %% 10 = 0 THEN %s ELSE '916' || lpad((i %% 2000)::text, 7, '0') END
FROM generate_series(0, %s - 1) AS i
"""
PARTICIPANTS: Final = """
INSERT INTO telephony_callparticipant (call_id, position, number, name, is_extension, role, rang, talk_seconds, started)
SELECT id, 0, CASE WHEN id %% 2 = 0 THEN '101' ELSE '102' END, '', true, 'callee', true, 0, started
FROM telephony_callrecord
"""


def fill(pbx: Pbx) -> None:
    """200,000 calls of 2,000 numbers; SHOP has 20,000 of them, and extension 101 took part in half."""
    with connection.cursor() as cursor:
        cursor.execute(CALLS, [pbx.pk, NOW, SHOP, MANY])
        cursor.execute(PARTICIPANTS.replace("%%", "%"))
        cursor.execute("ANALYZE")


def explained(pbx: Pbx, keys: Keys, before: Place | None) -> tuple[str, float]:
    """The plan as PostgreSQL carried it out, and its milliseconds."""
    asked: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(keep):
        history(pbx_id=pbx.pk, keys=keys, limit=20, before=before)
    sql, values = asked[0]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    found = re.search(r"Execution Time: ([0-9.]+) ms", plan)
    assert found is not None
    return plan, float(found[1])


@pytest.mark.parametrize("private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_an_index_is_all_that_is_read(private_database: PrivateDatabase) -> None:
    """Of 200,000 calls: first page and a deep one, busy and quiet numbers, a colleague."""
    pbx = PbxFactory()
    fill(pbx)
    deep = Place(NOW - timedelta(seconds=30 * 150_000), 1)
    quiet = tuple(f"916{i:07}" for i in range(1, 10))
    for keys in (Keys(outside=(SHOP,)), Keys(outside=(SHOP, *quiet)), Keys(outside=quiet), Keys(internal=("101",))):
        for before in (None, deep):
            plan, took = explained(pbx, keys, before)
            page = "deep" if before else "first"
            print(f"{len(keys.outside)} outside, {len(keys.internal)} internal, {page}: {took:.2f} ms")  # noqa: T201 - for -s
            assert "Seq Scan" not in plan
            assert "Index" in plan
            touched = re.search(r"Buffers: shared hit=([0-9]+)(?: read=([0-9]+))?", plan)
            assert touched is not None
            assert sum(int(pages or 0) for pages in touched.groups()) < 400, plan
