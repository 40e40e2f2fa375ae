"""Join, snapshot, deltas; who may join what."""

from typing import Any

from tests.live.conftest import Office
from tests.live.gateway import StandInGateway


async def test_snapshot_then_deltas(office: Office, gateway: StandInGateway, browse: Any) -> None:
    await gateway.publish(office={"ext:101": {"state": "free"}})
    page = await browse(office.operator)
    assert (await page.get())["t"] == "hello"
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
