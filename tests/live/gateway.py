"""The gateway's side of the layer, as docs/live-protocol.md says it: the protocol itself, spoken by a test."""

import asyncio
import copy
import json
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from telephony.live.replica import Audiences, merge

BEAT = 2.0


class StandInGateway:
    """Publishes what the test tells it, answers requests for snapshots, records commands."""

    def __init__(self, pbx_id: int, *, layer: Any = None, epoch: str = "g1", beat: float = BEAT) -> None:
        self.pbx_id = pbx_id
        self.epoch = epoch
        self.seq = 0
        self.state: Audiences = {
            "office": {"link": {"state": "up", "reason": "", "since": 1.0, "data_at": 1.0, "drift": 0}}
        }
        self.commands: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.asked = 0  # requests for a snapshot
        self._layer: Any = layer or get_channel_layer()
        self._beat = beat
        self._runners: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._channel = await self._layer.new_channel()
        await self._layer.group_add(f"gateway.{self.pbx_id}", self._channel)
        self._runners = [asyncio.create_task(self._listen()), asyncio.create_task(self._beats())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.fall_silent()

    async def fall_silent(self) -> None:
        """Crash: no beat, no answer."""
        for runner in self._runners:
            runner.cancel()
        await asyncio.gather(*self._runners, return_exceptions=True)
        self._runners = []

    async def publish(self, lost: bool = False, **audiences: dict[str, Any]) -> None:
        """One delta; `lost`: the layer drops it. An audience `ext/101` is written `ext_101`."""
        body = {name.replace("_", "/"): changed for name, changed in audiences.items()}
        merge(self.state, copy.deepcopy(body))
        self.seq += 1
        if not lost:
            await self._send({"type": "live.delta", "body": json.dumps(body)})

    async def beat(self) -> None:
        """One beat."""
        await self._send({"type": "live.beat", "data_at": self.state["office"]["link"]["data_at"]})

    async def answer(self, command: dict[str, Any], kind: str, reason: str = "", detail: str = "") -> None:
        """The outcome of a command."""
        message = {"type": "live.outcome", "id": command["id"], "kind": kind, "reason": reason, "detail": detail}
        await self._layer.send(command["reply"], message)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._layer.group_send(f"live.{self.pbx_id}", self._signed(message))

    def _signed(self, message: dict[str, Any]) -> dict[str, Any]:
        return {**message, "pbx": self.pbx_id, "epoch": self.epoch, "seq": self.seq}

    async def _listen(self) -> None:
        while True:
            message = await self._layer.receive(self._channel)
            if message["type"] == "gateway.snapshot":
                self.asked += 1
                snapshot = self._signed({"type": "live.snapshot", "body": json.dumps(self.state)})
                with suppress(RedisError):  # Redis is away; it will be asked again
                    await self._layer.send(message["reply"], snapshot)
            else:
                assert message["deadline"] > time.time()
                await self.commands.put(message)

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            with suppress(RedisError):
                await self.beat()
