"""Names: known at once or looked up, asked about once, right after every change of the directory."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.changes import directory_version
from crm.models import Counterparty
from telephony.gateway import names as names_module
from telephony.gateway.database import DatabaseThread
from telephony.gateway.names import Names
from telephony.models import Pbx
from tests.databases import PrivateDatabase
from tests.factories import ContactInfoFactory, CounterpartyFactory, NumberingPlanFactory
from tests.gateway.waiting import until

T = TypeVar("T")


class Desk:
    """Names, the marks they reported, and whether they said that the directory has changed."""

    def __init__(self, pbx: Pbx) -> None:
        self.database, self.other = DatabaseThread("names"), DatabaseThread("other")
        self.found: list[set[Hashable]] = []
        self.changes = 0
        self.live = False
        self.names = Names(
            pbx.pk, self.database, on_found=self.found.append, on_changed=self._changed, live=lambda: self.live
        )

    def _changed(self) -> None:
        self.changes += 1

    async def read(self, function: Callable[[], T]) -> T:
        """In the names' own thread: after what they have asked."""
        return await self.database.run(function, patience=60)

    async def write(self, function: Callable[[], T]) -> T:
        """On another connection."""
        return await self.other.run(function, patience=60)

    def name(self, number: str, mark: str) -> str | None:
        contact = self.names.contact(number, mark)
        return contact["name"] if contact else None

    async def looked(self) -> None:
        """Until nothing is asked and nothing under way."""
        names = self.names
        await until(lambda: not names._asked and not names._due.is_set(), "the look")
        await self.read(lambda: None)
        await asyncio.sleep(0)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Desk"]:
        task = asyncio.create_task(self.names.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.database.close()
            await self.other.close()


def _company() -> Counterparty:
    company: Counterparty = CounterpartyFactory(name="ООО «Ромашка»")
    ContactInfoFactory(counterparty=company, value="8 (495) 111-22-33")
    return company


def _rename(company: Counterparty, name: str) -> None:
    company.name = name
    company.save()


async def test_unknown_at_first_then_everybody_who_asked_is_told(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        await desk.write(_company)
        assert [desk.name("+74951112233", "call:1"), desk.name("+74951112233", "talk:101")] == [None, None]
        await until(lambda: bool(desk.found), "the name")
        assert desk.found == [{"call:1", "talk:101"}]
        assert desk.name("+74951112233", "call:2") == "ООО «Ромашка»"


async def test_a_new_call_gets_the_new_name_and_an_unchanged_one_says_nothing(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        company = await desk.write(_company)
        desk.name("84951112233", "call:1")
        await until(lambda: len(desk.found) == 1, "the name")
        assert desk.name("84951112233", "call:2") == "ООО «Ромашка»"
        await desk.looked()
        await desk.write(lambda: _rename(company, "ООО «Василёк»"))
        assert desk.name("84951112233", "call:2") == "ООО «Ромашка»"  # shown already: the clock looks after it
        assert (desk.changes, desk.found) == (0, [{"call:1"}])
        assert desk.name("84951112233", "call:3") == "ООО «Ромашка»"  # what is known, at once
        await until(lambda: desk.changes == 1, "the look at the version")
        for mark in ("call:2", "call:3"):  # whoever shows names asks again
            desk.name("84951112233", mark)
        await until(lambda: len(desk.found) == 2, "the new name")
        assert desk.found == [{"call:1"}, {"call:2", "call:3"}]
        assert desk.name("84951112233", "call:3") == "ООО «Василёк»"


async def test_while_calls_are_live_a_change_is_seen_by_the_clock(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        assert desk.names._pause() is None  # and else nobody asks for nothing
        company = await desk.write(_company)
        desk.live = True
        desk.name("84951112233", "call:1")
        await until(lambda: len(desk.found) == 1, "the name")
        await desk.write(lambda: _rename(company, "ООО «Василёк»"))
        await until(lambda: desk.changes == 1, "the change")
        desk.name("84951112233", "call:1")
        await until(lambda: len(desk.found) == 2, "the new name")
        assert desk.name("84951112233", "call:1") == "ООО «Василёк»"


@pytest.mark.postgresql
@pytest.mark.parametrize("private_database", ["postgresql"], indirect=True)
async def test_a_transaction_that_commits_late_with_a_smaller_id_is_seen(
    private_database: PrivateDatabase, pbx: Pbx
) -> None:
    written, commit = threading.Event(), threading.Event()
    async with Desk(pbx).open() as desk:
        company = await desk.write(_company)

        def slow() -> None:
            with transaction.atomic():
                _rename(company, "ООО «Василёк»")
                written.set()
                assert commit.wait(60)

        late = DatabaseThread("late")
        desk.live = True
        desk.name("84951112233", "call:1")
        await until(lambda: len(desk.found) == 1, "the name")
        transaction_ = asyncio.create_task(late.run(slow, patience=60))
        await until(written.is_set, "the row to be written")
        await desk.write(CounterpartyFactory)  # a greater id, committed first
        await until(lambda: desk.changes == 1, "the first change")
        before = await desk.write(directory_version)
        commit.set()
        await transaction_
        after = await desk.write(directory_version)
        assert (after[0], after[2]) == (before[0] + 1, before[2])
        await until(lambda: desk.changes == 2, "the late one")
        desk.name("84951112233", "call:1")
        await until(lambda: desk.name("84951112233", "call:1") == "ООО «Василёк»", "the new name")
        await late.close()


async def test_other_number_rules_are_followed_at_once(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        await desk.write(_company)
        desk.live = True
        desk.name("111-22-33", "call:1")
        await desk.looked()
        assert (desk.name("111-22-33", "call:1"), desk.found) == (None, [])
        await desk.write(lambda: NumberingPlanFactory(area_code="495"))
        await until(lambda: desk.changes == 1, "the change")
        desk.name("111-22-33", "call:1")
        await until(lambda: bool(desk.found), "the name")
        assert desk.name("111-22-33", "call:1") == "ООО «Ромашка»"


async def test_what_was_written_past_the_product_is_seen_within_a_minute(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "KNOWN_FOR", 0.0)
    async with Desk(pbx).open() as desk:
        await desk.write(_company)
        desk.name("84951112233", "first")
        await until(lambda: len(desk.found) == 1, "the name")

        def behind_its_back() -> None:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE crm_counterparty SET name = 'ООО «Василёк»'")

        await desk.write(behind_its_back)
        assert desk.name("84951112233", "again") == "ООО «Ромашка»"
        await until(lambda: len(desk.found) == 2, "the new name")
        assert (desk.name("84951112233", ""), desk.changes) == ("ООО «Василёк»", 0)


@pytest.mark.parametrize(("count", "queries"), [(1, 2), (100, 2), (201, 4)])
async def test_many_numbers_are_one_look_and_nobody_is_asked_about_twice(pbx: Pbx, count: int, queries: int) -> None:
    async with Desk(pbx).open() as desk:
        capture = await desk.read(lambda: CaptureQueriesContext(connection).__enter__())
        for number in range(count):
            desk.name(f"8495000{number:04}", "mark")
        await desk.looked()
        for number in range(count):
            desk.name(f"8495000{number:04}", "mark")
        assert (len(desk.names._asked), desk.found) == (0, [])
        await desk.read(lambda: capture.__exit__(None, None, None))
        asked = await desk.read(lambda: [query["sql"] for query in capture.captured_queries])
        assert (
            len([sql for sql in asked if "crm_numberingplan" not in sql]) == queries
        )  # that one is asked by the clock


async def test_the_cache_has_a_limit_and_nonsense_is_not_looked_up(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "LARGEST", 10)
    async with Desk(pbx).open() as desk:
        for number in ["", "1" * 10_000, *(f"8495000{n:04}" for n in range(50))]:
            desk.name(number, "mark")
        await desk.looked()
        assert (len(desk.names._cache), len(desk.names._shown) <= 11) == (10, True)


async def test_a_database_that_comes_back_brings_the_names(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "RETRY_AFTER", 0.05)

    def move(before: str, after: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {before} RENAME TO {after}")

    async with Desk(pbx).open() as desk:
        company = await desk.write(_company)
        desk.name("84951112233", "call:1")
        await until(lambda: len(desk.found) == 1, "the name")
        await desk.write(lambda: _rename(company, "ООО «Василёк»"))
        await desk.write(lambda: move("crm_directorychange", "elsewhere"))
        desk.name("84951112233", "call:2")
        await until(lambda: desk.names._away, "the failure")
        assert [desk.name(number, "call:3") for number in ("84951112233", "84951112244")] == ["ООО «Ромашка»", None]
        assert desk.names._asked == {}
        await desk.write(lambda: move("elsewhere", "crm_directorychange"))
        await until(lambda: desk.changes == 1, "the database to be back")
        desk.name("84951112233", "call:3")
        await until(lambda: desk.name("84951112233", "call:3") == "ООО «Василёк»", "the new name")
