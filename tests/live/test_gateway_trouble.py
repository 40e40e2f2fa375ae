"""Lost deltas, another gateway, a silent gateway, nonsense on the layer."""

import time
from typing import Any

import pytest
from channels.layers import get_channel_layer

from tests.live.conftest import SQLITE, Office
from tests.live.gateway import StandInGateway
from tests.live.test_losing_rights import joined

pytestmark = SQLITE


async def test_a_lost_delta_is_made_good(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")
    await gateway.publish(office={"ext:101": {"state": "ringing"}}, lost=True)
    await gateway.publish(office={"ext:102": {"state": "talking"}})
    frame = await page.until(t="delta")
    assert frame["set"] == {"ext:101": {"state": "ringing"}, "ext:102": {"state": "talking"}}
    assert frame["seq"] == 2


async def test_a_lost_last_delta_is_found_by_the_beat(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")
    await gateway.publish(office={"ext:101": {"state": "ringing"}}, lost=True)
    await gateway.beat()
    assert (await page.until(t="delta"))["set"] == {"ext:101": {"state": "ringing"}}


async def test_a_standby_takes_over(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office", "ext/101")
    await gateway.fall_silent()
    async with StandInGateway(office.pbx.pk, epoch="g2") as standby:
        standby.state["office"]["ext:101"] = {"state": "free"}
        await standby.beat()
        frames = [await page.until(t="snapshot") for _ in range(2)]
    assert [(frame["audience"], frame["epoch"], frame["state"]) for frame in frames] == [
        ("office", "g2", standby.state["office"]),
        ("ext/101", "g2", {}),
    ]


async def test_data_at_moves_on_in_silence(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")
    gateway.state["office"]["link"]["data_at"] = 77.0
    await gateway.beat()
    assert (await page.until(t="delta"))["set"] == {"link": gateway.state["office"]["link"]}


async def test_a_silent_gateway_is_shown_and_refuses_commands(
    office: Office, gateway: StandInGateway, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.live.feed.GATEWAY_LOST", 0.5)
    before = time.time()
    page = await joined(browse, office.operator, "office")
    await gateway.fall_silent()
    link = (await page.until(t="delta"))["set"]["link"]
    assert link == {
        "state": "down",
        "reason": "gateway_lost",
        "since": link["since"],
        "data_at": 1.0,
        "drift": 0,
    }
    assert before <= link["since"] <= time.time()
    await page.send({"t": "command", "id": "1", "name": "originate", "args": {"extension": "101", "number": "102"}})
    assert (await page.until(t="outcome"))["reason"] == "gateway_lost"
    await page.send({"t": "join", "audiences": ["office"]})
    assert (await page.until(t="snapshot"))["state"]["link"] == link
    monkeypatch.setattr("telephony.live.feed.GATEWAY_LOST", 60.0)
    await gateway.beat()
    assert (await page.until(t="delta"))["set"] == {"link": gateway.state["office"]["link"]}


async def test_no_gateway_at_all(office: Office, hub: Any, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is told soon, not left without a word."""
    monkeypatch.setattr("telephony.live.feed.PATIENCE", 0.1)
    monkeypatch.setattr("telephony.live.feed.GATEWAY_LOST", 1.0)
    page = await browse(office.operator)
    await page.send({"t": "join", "audiences": ["office"]})
    first = await page.until(t="snapshot")
    assert (first["epoch"], first["state"]["link"]["state"]) == ("", "connecting")
    assert (await page.until(t="delta"))["set"]["link"]["reason"] == "gateway_lost"
    async with StandInGateway(office.pbx.pk) as gateway:
        assert (await page.until(t="snapshot", epoch="g1"))["state"] == gateway.state["office"]


NONSENSE: list[dict[str, Any]] = [
    {"type": "live.delta"},
    {"type": "live.delta", "epoch": "g1", "seq": 1, "body": "{"},
    {"type": "live.delta", "epoch": "g1", "seq": 1, "body": "[]"},
    {"type": "live.delta", "epoch": "g1", "seq": 1, "body": '{"office": 5}'},
    {"type": "live.delta", "epoch": "g1", "seq": "x", "body": "{}"},
    {"type": "live.beat", "epoch": "g1"},
    {"type": "live.outcome", "id": "nobody's", "kind": "perhaps", "reason": "", "detail": ""},
    {"type": "live.outcome", "id": "nobody's", "kind": "done", "reason": "", "detail": ""},
    {"type": "live.rights"},
    {"type": "live.dance"},
    {},
]


async def test_nonsense_on_the_layer_stops_nothing(office: Office, gateway: StandInGateway, browse: Any) -> None:
    page = await joined(browse, office.operator, "office")
    layer: Any = get_channel_layer()
    for message in NONSENSE:
        await layer.group_send(f"live.{office.pbx.pk}", {"pbx": office.pbx.pk, **message})
        await layer.group_send(f"live.{office.pbx.pk}", {"pbx": "nonsense", **message})
    await gateway.publish(office={"ext:101": {"state": "free"}})
    assert (await page.until(t="delta"))["set"] == {"ext:101": {"state": "free"}}
