"""The gateway's own publisher and the hub understand each other."""

import asyncio
from typing import Any

from channels.layers import get_channel_layer

from telephony.gateway.outbox import Outbox
from telephony.gateway.publisher import Publisher
from tests.live.conftest import SQLITE, Office

pytestmark = SQLITE

LINK = {"state": "up", "reason": "", "since": 1.0, "data_at": 5.0, "drift": 0}


async def test_snapshot_deltas_and_beats(office: Office, hub: Any, browse: Any) -> None:
    layer: Any = get_channel_layer()
    state: dict[str, Any] = {"ext:101": {"state": "free"}}

    def refresh(outbox: Outbox) -> None:
        outbox.put("office", "link", LINK)
        for key, value in state.items():
            outbox.put("office", key, value)

    publisher = Publisher(layer, office.pbx.pk, "e1", refresh=refresh, data_at=lambda: 5.0)
    channel = await layer.new_channel()
    await layer.group_add(f"gateway.{office.pbx.pk}", channel)

    async def answer() -> None:
        while True:
            publisher.send_snapshot((await layer.receive(channel))["reply"])

    running = [asyncio.create_task(publisher.run()), asyncio.create_task(answer())]
    page = await browse(office.operator)
    await page.send({"t": "join", "audiences": ["office"]})
    first = await page.until(t="snapshot", epoch="e1")
    assert first["state"] == {"link": LINK, "ext:101": {"state": "free"}}
    state["ext:101"] = None
    state["ext:102"] = {"state": "talking"}
    publisher.changed()
    assert (await page.until(t="delta"))["set"] == {"ext:101": None, "ext:102": {"state": "talking"}}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
