"""Names: known at once or looked up, asked about once, renamed contacts appear."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Counterparty
from telephony.gateway import names as names_module
from telephony.gateway.database import DatabaseThread
from telephony.gateway.names import Names
from telephony.models import Pbx
from tests.factories import ContactInfoFactory, CounterpartyFactory
from tests.gateway.waiting import until

T = TypeVar("T")


class Desk:
    """Names, and the marks they reported."""

    def __init__(self, pbx: Pbx) -> None:
        self.database = DatabaseThread("names")
        self.found: list[set[Hashable]] = []
        self.names = Names(pbx.pk, self.database, self.found.append)

    async def read(self, function: Callable[[], T]) -> T:
        return await self.database.run(function, patience=60)

    def name(self, number: str, mark: str) -> str | None:
        contact = self.names.contact(number, mark)
        return contact["name"] if contact else None

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Desk"]:
        task = asyncio.create_task(self.names.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.database.close()


def _company() -> Counterparty:
    company: Counterparty = CounterpartyFactory(name="ООО «Ромашка»")
    ContactInfoFactory(counterparty=company, value="8 (495) 111-22-33")
    return company


async def test_unknown_at_first_then_everybody_who_asked_is_told(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        await desk.read(_company)
        assert [desk.name("+74951112233", "call:1"), desk.name("+74951112233", "talk:101")] == [None, None]
        await until(lambda: bool(desk.found), "the name")
        assert desk.found == [{"call:1", "talk:101"}]
        assert desk.name("+74951112233", "call:2") == "ООО «Ромашка»"


async def test_a_renamed_contact_appears_and_an_unchanged_one_says_nothing(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "KNOWN_FOR", 0.0)
    async with Desk(pbx).open() as desk:
        company = await desk.read(_company)
        desk.name("84951112233", "first")
        await until(lambda: len(desk.found) == 1, "the name")
        assert desk.name("84951112233", "unchanged") == "ООО «Ромашка»"
        await until(lambda: not desk.names._asked, "the second look")
        await desk.read(lambda: Counterparty.objects.filter(pk=company.pk).update(name="ООО «Василёк»"))
        assert desk.name("84951112233", "again") == "ООО «Ромашка»"  # what is known, at once
        await until(lambda: len(desk.found) == 2, "the new name")
        assert desk.found == [{"first"}, {"again"}]
        assert desk.name("84951112233", "") == "ООО «Василёк»"


async def test_many_numbers_are_one_look_and_nobody_is_asked_about_twice(pbx: Pbx) -> None:
    async with Desk(pbx).open() as desk:
        capture = await desk.read(lambda: CaptureQueriesContext(connection).__enter__())
        for number in range(100):
            desk.name(f"8495000{number:04}", "mark")
        await until(lambda: not desk.names._asked, "the look")
        for number in range(100):
            desk.name(f"8495000{number:04}", "mark")
        assert (len(desk.names._asked), desk.found) == (0, [])
        await desk.read(lambda: capture.__exit__(None, None, None))
        queries = await desk.read(lambda: [query["sql"] for query in capture.captured_queries])
        assert len([sql for sql in queries if "crm_numberingplan" not in sql]) <= 2  # that one is asked by the clock


async def test_the_cache_has_a_limit_and_nonsense_is_not_looked_up(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "LARGEST", 10)
    async with Desk(pbx).open() as desk:
        for number in ["", "1" * 10_000, *(f"8495000{n:04}" for n in range(50))]:
            desk.name(number, "mark")
        await until(lambda: not desk.names._asked, "the look")
        assert len(desk.names._cache) == 10
