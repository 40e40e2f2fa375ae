"""Forged, oversized and too many messages."""

from typing import Any

import pytest

from tests.live.conftest import SQLITE, Office
from tests.live.gateway import StandInGateway
from tests.live.test_losing_rights import joined

pytestmark = SQLITE


async def test_ten_bad_messages_close_the_socket(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await browse(office.operator)
    await page.get()
    for text, reason in [
        ("{", "not_json"),
        ('{"t": "join", "audiences": ["everything"]}', "unknown_audience"),
        ('{"t": "command", "id": "1", "name": "reload", "args": {}}', "unknown_command"),
        ('{"t": "ack", "seq": 1000000}', "bad_ack"),
        ('{"t": "ack", "seq": -1}', "bad_fields"),
        ("[" * 9000, "not_json"),
        ('{"t": "join", "audiences": ["board"], "as": "root"}', "bad_fields"),
    ]:
        await page.send(text)
        frame = await page.get()
        assert (frame["t"], frame["reason"], bool(frame["text"])) == ("error", reason, True)
    await page.send(b"\x00binary")
    assert (await page.get())["reason"] == "binary"
    await page.send("null")
    assert (await page.get())["reason"] == "unknown_message"
    await page.send("10")
    assert (await page.get())["reason"] == "unknown_message"
    assert await page.get() == {"closed": 4400}
    assert gateway.commands.empty()


@pytest.mark.parametrize("message", ["x" * 16_385, "я" * 8193, b"x" * 16_385])
async def test_too_large(office: Office, browse: Any, message: str | bytes) -> None:
    page = await browse(office.operator)
    await page.get()
    page.acks = False
    await page.send(message)
    assert await page.get() == {"closed": 4413}


async def test_largest_allowed(office: Office, browse: Any) -> None:
    page = await browse(office.operator)
    await page.get()
    await page.send('{"t": "ping"}' + " " * (16_384 - 13))
    assert (await page.get())["t"] == "pong"


async def test_joins_are_rationed(office: Office, gateway: StandInGateway, browse: Any) -> None:
    """Each may cost a snapshot of the whole office."""
    page = await joined(browse, office.operator, "office")
    for _ in range(20):
        await page.send({"t": "join", "audiences": ["office"]})
    frames = [await page.get() for _ in range(20)]
    assert [frame["t"] for frame in frames] == ["snapshot"] * 19 + ["error"]
    assert frames[-1]["reason"] == "too_many_messages"


async def test_messages_are_rationed(office: Office, browse: Any) -> None:
    page = await browse(office.operator)
    await page.get()
    page.acks = False
    for _ in range(110):
        await page.send({"t": "ping"})
    frames = [await page.get() for _ in range(111)]
    assert [frame.get("t") for frame in frames] == ["pong"] * 100 + ["error"] * 10 + [None]
    assert frames[-1] == {"closed": 4400}


async def test_one_that_asks_but_does_not_read_is_cut_off(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")
    await gateway.publish(office={"ext:101": {"filler": "x" * 1_000_000}})
    await page.until(t="delta")
    page.acks = False
    for _ in range(10):
        await page.send({"t": "join", "audiences": ["office"]})
    assert await page.until(closed=4408) == {"closed": 4408}
    assert page.received == 3 + 5  # hello, snapshot, delta; 4 MB and the one that went over
