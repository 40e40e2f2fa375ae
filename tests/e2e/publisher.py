"""A gateway's place on the channel layer, for tests of the page: it publishes what the test says and answers commands.

It speaks docs/live-protocol.md and nothing else. The page, the consumer, the hub, the rules and the layer are the
product's own; the whole chain with a PBX is tested in tests/pbx.
"""

import asyncio
import json
import time
from typing import Any, Final

from channels.layers import get_channel_layer

BEAT: Final = 0.5  # seconds; shorter than the product's so that tests see a silence sooner
State = dict[str, dict[str, Any]]  # audience → key → value


class Publisher:
    """State of one PBX as a gateway would publish it."""

    def __init__(self, pbx_id: int) -> None:
        self.pbx_id = pbx_id
        self.layer: Any = get_channel_layer()
        self.state: State = {"office": {}, "board": {}}
        self.commands: list[dict[str, Any]] = []
        self.outcome: dict[str, str] | None = {"kind": "done", "reason": "", "detail": ""}  # None: no answer at all
        self.epoch, self.seq, self.beating = "t1", 0, True
        self.reset()

    def reset(self) -> None:
        """An empty office whose link is up."""
        self.state = {"office": {"link": self._link("up", "")}, "board": {}}
        self.commands.clear()
        self.outcome = {"kind": "done", "reason": "", "detail": ""}
        self.epoch, self.seq, self.beating = f"t{time.time_ns()}", 0, True

    @staticmethod
    def _link(state: str, reason: str) -> dict[str, Any]:
        now = time.time()
        return {"state": state, "reason": reason, "since": now, "data_at": now, "drift": 0}

    async def run(self) -> None:
        """Answer what web processes ask, and beat, until cancelled."""
        channel = await self.layer.new_channel()
        await self.layer.group_add(f"gateway.{self.pbx_id}", channel)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat_for_ever())
            while True:
                await self._answer(await self.layer.receive(channel))

    def _beat(self) -> dict[str, Any]:
        message = {"type": "live.beat", "pbx": self.pbx_id, "epoch": self.epoch, "seq": self.seq}
        return message | {"data_at": time.time()}

    async def _beat_for_ever(self) -> None:
        while True:
            if self.beating:
                await self._broadcast(self._beat())
            await asyncio.sleep(BEAT)

    async def _answer(self, message: dict[str, Any]) -> None:
        if message["type"] == "gateway.snapshot" and self.beating:
            await self.layer.send(message["reply"], self._snapshot())
        elif message["type"] == "gateway.command":
            self.commands.append({"name": message["name"], "args": message["args"], "user": message["user"]})
            if self.outcome is not None:
                answer = {"type": "live.outcome", "id": message["id"], **self.outcome}
                await self.layer.send(message["reply"], answer)

    def _snapshot(self) -> dict[str, Any]:
        body = json.dumps(self.state)
        return {"type": "live.snapshot", "pbx": self.pbx_id, "epoch": self.epoch, "seq": self.seq, "body": body}

    async def _broadcast(self, message: dict[str, Any]) -> None:
        await self.layer.group_send(f"live.{self.pbx_id}", message)

    def keep(self, changes: State) -> None:
        """Take the changes over without telling anybody; a value of None removes the key."""
        for audience, values in changes.items():
            kept = self.state.setdefault(audience, {})
            for key, value in values.items():
                if value is None:
                    kept.pop(key, None)
                else:
                    kept[key] = value
        self.seq += 1

    async def set(self, changes: State) -> None:
        """Publish a delta."""
        self.keep(changes)
        delta = {"type": "live.delta", "pbx": self.pbx_id, "epoch": self.epoch, "seq": self.seq}
        await self._broadcast(delta | {"body": json.dumps(changes)})

    async def link(self, state: str, reason: str) -> None:
        """The gateway's word about its link with the PBX."""
        await self.set({"office": {"link": self._link(state, reason)}})

    async def replace(self, state: State) -> None:
        """A gateway that has just taken over: new epoch, whole new state.

        The beat tells the hub that what it knows is old; without it an unasked snapshot is ignored, and a page opened
        now would be shown the state of the test before until the hub has asked.
        """
        self.reset()
        for audience, values in state.items():
            self.state.setdefault(audience, {}).update(values)
        await self._broadcast(self._beat())
        await self._broadcast(self._snapshot())
