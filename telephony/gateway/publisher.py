"""Live state → channel layer: merged deltas, beats, snapshots on request."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from telephony.gateway.cancellation import heed
from telephony.gateway.outbox import Outbox

log = logging.getLogger(__name__)
WINDOW: Final = 0.05  # seconds in which changes are merged
BEAT_EVERY: Final = 2.0
PATIENCE: Final = 5.0  # seconds for one message to the layer


class Layer(Protocol):
    """What is used of a channel layer."""

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """To one channel."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """To all channels of a group."""


class Publisher:
    """Tells the web processes what changed. The first change after silence goes at once, then one batch per window.

    `refresh` is called before each batch and puts what is due into the outbox. A message the layer loses is not sent
    again: the gap in `seq` makes the reader ask for a snapshot.
    """

    def __init__(
        self,
        layer: Layer,
        pbx_id: int,
        epoch: str,
        *,
        refresh: Callable[[Outbox], None],
        data_at: Callable[[], float | None],
    ) -> None:
        self.outbox = Outbox()
        self.seq = 0
        self.failures = 0
        self._layer = layer
        self._pbx_id = pbx_id
        self._epoch = epoch
        self._refresh = refresh
        self._data_at = data_at
        self._due = asyncio.Event()
        self._ask: dict[str, None] = {}  # channels that asked for a snapshot
        self._failing = False

    def changed(self) -> None:
        """Something is due: a batch goes out within the window."""
        self._due.set()

    def send_snapshot(self, channel: str) -> None:
        """The whole state to one channel, within the window; asked twice, sent once."""
        self._ask[channel] = None
        self._due.set()

    async def run(self) -> None:
        """Publish for ever."""
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                await self._due.wait()
                began = time.monotonic()
                await self.flush()
                heed()
                await asyncio.sleep(max(0.0, WINDOW - (time.monotonic() - began)))
        finally:
            beat.cancel()

    async def flush(self) -> None:
        """One batch now: a delta if something changed, then the snapshots that were asked for."""
        self._due.clear()
        self._refresh(self.outbox)
        if (body := self.outbox.take_delta()) is not None:
            self.seq += 1
            await self._deliver(self._layer.group_send(self._group, self._message("live.delta", body=body)))
        if self._ask:
            asked, self._ask = self._ask, {}
            message = self._message("live.snapshot", body=self.outbox.snapshot())
            for channel in asked:
                await self._deliver(self._layer.send(channel, message))

    @property
    def _group(self) -> str:
        return f"live.{self._pbx_id}"

    def _message(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "pbx": self._pbx_id, "epoch": self._epoch, "seq": self.seq, **more}

    async def _beat(self) -> None:
        while True:
            message = self._message("live.beat", data_at=self._data_at())
            await self._deliver(self._layer.group_send(self._group, message))
            heed()
            await asyncio.sleep(BEAT_EVERY)

    async def _deliver(self, sending: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE):  # wait_for may swallow a cancellation before Python 3.12
                await sending
        except Exception as error:  # whatever the layer's client raises: only the live view suffers
            self.failures += 1
            if not self._failing:
                log.error("the channel layer is away, the live view stands still: %s: %s", type(error).__name__, error)
            self._failing = True
        else:
            if self._failing:
                log.warning("the channel layer is back")
            self._failing = False
