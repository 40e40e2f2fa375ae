"""The gateway on real Asterisks with real phones, PostgreSQL and Redis: what pages see, click to dial, records."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.databases import PrivateDatabase, migrated_postgresql, migrated_sqlite, private_database
from tests.gateway.conftest import layer
from tests.pbx.asterisk import Asterisk
from tests.pbx.gateway_desk import Desk, one_account, open_desk, three_accounts
from tests.pbx.office import Office
from tests.servers import postgresql, redis_server

__all__ = ["layer", "migrated_postgresql", "migrated_sqlite", "postgresql", "private_database", "redis_server"]

pytestmark = [
    pytest.mark.parametrize(
        "private_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
    ),
    pytest.mark.parametrize("layer", [pytest.param("redis", marks=pytest.mark.redis)], indirect=True),
]


@pytest_asyncio.fixture(params=[one_account, three_accounts], ids=["one-account-ami", "three-accounts-ajam"])
async def desk(
    request: pytest.FixtureRequest,
    layer: None,
    private_database: PrivateDatabase,
    asterisk: Asterisk,
    office: Office,
) -> AsyncIterator[Desk]:
    """In front of a live gateway."""
    async with open_desk(request.param(asterisk), office) as desk:
        yield desk


async def test_a_call_changes_colours_and_is_recorded(desk: Desk) -> None:
    await desk.does("103", "unregister")
    await desk.shows(_101="free", _102="free", _103="off")
    await desk.does("103", "register")
    await desk.shows(_103="free")
    await desk.does("101", "call", "102")
    await desk.shows(_101="talking/dialing", _102="ringing")
    await desk.does("102", "answer")
    await desk.shows(_101="talking", _102="talking")
    await desk.hears("102", "talking")
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
    await desk.hears("101", "talking")
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
