"""Join, snapshot, deltas; who may join what; who may not even connect."""

from typing import Any

import pytest
from django.utils.translation import override

from telephony.live.reason_texts import TEXTS
from tests.live.browser import open_browser
from tests.live.conftest import SQLITE, Office
from tests.live.gateway import StandInGateway

pytestmark = SQLITE


async def test_snapshot_then_deltas(office: Office, gateway: StandInGateway, browse: Any) -> None:
    await gateway.publish(office={"ext:101": {"state": "free"}})
    page = await browse(office.operator)
    hello = await page.get()
    assert hello == {"t": "hello", "protocol": 1, "user": office.operator.pk, "now": hello["now"]}
    await page.send({"t": "join", "audiences": ["office", "ext/101"]})
    link = gateway.state["office"]["link"]
    assert await page.get() == {
        "t": "snapshot",
        "audience": "office",
        "epoch": "g1",
        "seq": 1,
        "state": {"link": link, "ext:101": {"state": "free"}},
    }
    assert await page.get() == {"t": "snapshot", "audience": "ext/101", "epoch": "g1", "seq": 1, "state": {}}
    await gateway.publish(office={"ext:101": None}, ext_101={"call:1": {"id": "1"}}, board={"call:1": {"id": "1"}})
    assert await page.get() == {"t": "delta", "audience": "office", "epoch": "g1", "seq": 2, "set": {"ext:101": None}}
    assert await page.get() == {
        "t": "delta",
        "audience": "ext/101",
        "epoch": "g1",
        "seq": 2,
        "set": {"call:1": {"id": "1"}},
    }
    await page.send({"t": "ping"})
    assert (await page.get())["t"] == "pong"


async def test_joining_again_gives_a_fresh_snapshot(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await browse(office.operator)
    for _ in range(2):
        await page.send({"t": "join", "audiences": ["office"]})
        assert (await page.until(t="snapshot"))["state"] == gateway.state["office"]


@pytest.mark.parametrize(
    ("who", "audiences", "expected"),
    [
        ("operator", ["office", "ext/101"], ["snapshot", "snapshot"]),
        ("operator", ["ext/102", "board", "ext/999"], ["not_your_number", "not_supervisor", "not_your_number"]),
        ("supervisor", ["board", "office", "ext/101"], ["snapshot", "snapshot", "not_your_number"]),
    ],
)
async def test_who_may_join_what(
    office: Office, gateway: StandInGateway, browse: Any, *, who: str, audiences: list[str], expected: list[str]
) -> None:
    """Who is refused an audience hears nothing of it."""
    page = await browse(getattr(office, who))
    await page.get()
    await page.send({"t": "join", "audiences": audiences})
    frames = [await page.get() for _ in audiences]
    answers = {frame["audience"]: frame.get("reason", frame["t"]) for frame in frames}
    assert answers == dict(zip(audiences, expected, strict=True))
    assert all(("text" in frame) == (frame["t"] == "refused") for frame in frames)
    await gateway.publish(board={"call:1": {}}, ext_101={"call:1": {}}, ext_102={"call:1": {}}, office={"ext:1": {}})
    allowed = sorted(name for name, answer in zip(audiences, expected, strict=True) if answer == "snapshot")
    heard = []
    if allowed:
        heard = [(await page.get())["audience"] for _ in allowed]
    await page.send({"t": "ping"})
    assert (sorted(heard), (await page.get())["t"]) == (allowed, "pong")


@pytest.mark.parametrize(("who", "code"), [(None, 4401), ("seatless", 4403)])
async def test_who_may_not_connect(office: Office, browse: Any, who: str | None, code: int) -> None:
    page = await browse(getattr(office, who) if who else None)
    assert await page.get() == {"closed": code}


async def test_a_page_of_another_site_is_turned_away(office: Office, layer: None) -> None:
    with pytest.raises(ConnectionRefusedError):
        await open_browser(office.operator, origin="http://evil.example")


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_reasons_come_in_the_language_of_the_browser(
    office: Office, gateway: StandInGateway, browse: Any, language: str
) -> None:
    page = await browse(office.operator, language=language)
    await page.send({"t": "join", "audiences": ["board"]})
    with override(language):
        expected = str(TEXTS["not_supervisor"])
    assert (await page.until(t="refused"))["text"] == expected
