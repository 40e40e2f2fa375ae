"""The gateway on real Asterisks with real phones, PostgreSQL and Redis: what pages see, click to dial, records."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from astpanel.accounts.models import PanelUser
from telephony.gateway.database import DatabaseThread
from telephony.models import CallRecord, Pbx
from tests.databases import PrivateDatabase, migrated_postgresql, migrated_sqlite, private_database
from tests.factories import PanelUserFactory
from tests.gateway.conftest import layer
from tests.gateway.office import Page, gateway
from tests.gateway.waiting import until
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.recorder import Recorder
from tests.servers import postgresql, redis_server

__all__ = ["layer", "migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]

pytestmark = [
    pytest.mark.parametrize(
        "private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
    ),
    pytest.mark.parametrize("layer", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True),
]
RECORD = ("direction", "disposition", "hangup_reason", "caller_number", "called_number")


@dataclass(slots=True)
class Desk:
    """Real phones, a page that looks at them through a running gateway, the user at 101."""

    office: Office
    page: Page
    user: PanelUser
    reader: DatabaseThread

    async def does(self, number: str, what: str, *args: Any) -> Any:
        """A step of a phone; they wait, so in a thread."""
        return await asyncio.to_thread(getattr(self.office.phone(number), what), *args)

    async def shows(self, **phones: str) -> None:
        """Until the tiles show these states: `shows(_101="talking")`."""
        wanted = {number.strip("_"): state for number, state in phones.items()}
        await until(lambda: {number: self.page.phone(number) for number in wanted} == wanted, f"{wanted} on the page")

    async def recorded(self, *expected: tuple[str, ...]) -> None:
        """Until the records are these; then the two are compared."""

        def read() -> list[tuple[str, ...]]:
            return list(CallRecord.objects.order_by("id").values_list(*RECORD))

        found: list[tuple[str, ...]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while found != list(expected):
                    await asyncio.sleep(0.05)
                    found = await self.reader.run(read, patience=60)
        assert found == list(expected)


@pytest_asyncio.fixture
async def desk(
    layer: None, private_database: PrivateDatabase, asterisk: Asterisk, office: Office
) -> AsyncIterator[Desk]:
    """Everybody on the hook, the gateway live."""
    reader = DatabaseThread("reader")
    make = partial(
        Pbx.objects.create,
        name="real",
        host=asterisk.host,
        port=asterisk.ports.ami,
        username="full",
        secret=asterisk.secret,
    )
    pbx = await reader.run(make, patience=60)
    user = await reader.run(partial(PanelUserFactory, number="101"), patience=60)
    await reader.run(partial(PanelUserFactory, number="102", last_name="Орлова"), patience=60)
    await asyncio.to_thread(partial(office.open, Recorder(asterisk), connected=False))
    async with Page(pbx.pk).reading() as page, gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        yield Desk(office, page, user, reader)
    await reader.close()


async def test_a_call_changes_colours_and_is_recorded(desk: Desk) -> None:
    await desk.does("103", "unregister")
    await desk.shows(_101="free", _102="free", _103="off")
    await desk.does("103", "register")
    await desk.shows(_103="free")
    await desk.does("101", "call", "102")
    await desk.shows(_101="talking/dialing", _102="ringing")
    await desk.does("102", "answer")
    await desk.shows(_101="talking", _102="talking")
    assert [call["state"] for call in desk.page.calls("ext/102")] == ["talking"]
    await desk.does("102", "hang_up")
    await desk.shows(_101="free", _102="free")
    await desk.recorded(("internal", "answered", "callee", "101", "102"))


async def test_click_to_dial_rings_the_own_phone_first_and_each_sees_the_other(desk: Desk) -> None:
    outcome = await desk.page.command(desk.user.pk, "originate", extension="101", number="102")
    assert outcome == ("done", "own_phone_rings", "")
    own = await desk.does("101", "rings")
    assert "sip:102@" in own.remote
    assert "Орлова" in own.remote
    await desk.does("101", "answer")
    other = await desk.does("102", "rings")
    assert "sip:101@" in other.remote
    await desk.does("102", "answer")
    await desk.shows(_101="talking", _102="talking")
    (call,) = desk.page.calls("ext/101")
    assert (call["caller"]["number"], call["called"]["number"], call["state"]) == ("101", "102", "talking")
    assert await desk.page.command(desk.user.pk, "hangup", extension="101", call_id=call["id"]) == (
        "done",
        "hung_up",
        "",
    )
    await desk.shows(_101="free", _102="free")
    await desk.recorded(("internal", "answered", "system", "101", "102"))


async def test_click_to_dial_says_why_not(desk: Desk) -> None:
    await desk.does("102", "call", "103")
    await desk.does("103", "answer")
    await desk.shows(_102="talking", _103="talking")
    outcome = await desk.page.command(desk.user.pk, "originate", extension="101", number="103")
    assert outcome == ("refused", "colleague_busy", "")
    await desk.does("103", "hang_up")
    await desk.does("101", "unregister")
    await desk.shows(_101="off")
    outcome = await desk.page.command(desk.user.pk, "originate", extension="101", number="103")
    assert outcome == ("refused", "own_phone_off", "")
    await desk.does("101", "register")
    await desk.recorded(("internal", "answered", "callee", "102", "103"))
