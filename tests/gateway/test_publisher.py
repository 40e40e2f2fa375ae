"""Outbox and publisher: what is told, when, and what a reader makes of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from telephony.gateway.outbox import Outbox
from telephony.gateway.publisher import WINDOW, Publisher
from telephony.live.replica import Replica
from tests.gateway.waiting import until


def _delta(outbox: Outbox) -> Any:
    body = outbox.take_delta()
    return None if body is None else json.loads(body)


def test_only_changes_are_told_and_null_means_gone() -> None:
    outbox = Outbox()
    outbox.put("office", "ext:101", {"state": "free"})
    outbox.put("board", "call:1.1", {"id": "1.1"})
    assert _delta(outbox) == {"office": {"ext:101": {"state": "free"}}, "board": {"call:1.1": {"id": "1.1"}}}
    outbox.put("office", "ext:101", {"state": "free"})
    outbox.put("office", "ext:999", None)
    assert _delta(outbox) is None
    outbox.put("board", "call:1.1", None)
    outbox.put("office", "ext:101", {"state": "ringing"})
    outbox.put("office", "ext:101", {"state": "talking"})
    assert _delta(outbox) == {"board": {"call:1.1": None}, "office": {"ext:101": {"state": "talking"}}}
    assert json.loads(outbox.snapshot()) == {"office": {"ext:101": {"state": "talking"}}}


def test_hostile_keys_and_texts_stay_json() -> None:
    outbox = Outbox()
    hostile = '"}],<script>\u2028\ud800\r\n\0'
    outbox.put("board", f"queue:{hostile}", {"name": hostile})
    assert _delta(outbox) == {"board": {f"queue:{hostile}": {"name": hostile}}}
    assert outbox.read() == {"board": {f"queue:{hostile}": {"name": hostile}}}


class Channels:
    """A layer that keeps what it is given, with the moment; can be away."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, str, dict[str, Any]]] = []
        self.away = False

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        if self.away:
            raise ConnectionError("away")
        self.sent.append((time.monotonic(), channel, message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self.send(group, message)

    def of(self, kind: str) -> list[tuple[float, str, dict[str, Any]]]:
        return [entry for entry in self.sent if entry[2]["type"] == kind]


class Source:
    """Values that a publisher tells."""

    def __init__(self) -> None:
        self.due: dict[str, Any] = {}
        self.layer = Channels()
        self.publisher = Publisher(self.layer, 7, "g1-x", refresh=self._refresh, data_at=lambda: 5.0)

    def put(self, **values: Any) -> None:
        self.due |= values
        self.publisher.changed()

    def _refresh(self, outbox: Outbox) -> None:
        for key, value in self.due.items():
            outbox.put("office", key, value)
        self.due.clear()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Source"]:
        task = asyncio.create_task(self.publisher.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_first_change_goes_at_once_and_the_rest_is_merged() -> None:
    async with Source().running() as source:
        for number in range(100):
            source.put(a={"n": number})
            await asyncio.sleep(0)
        source.put(b={"n": 1})
        await until(lambda: len(source.layer.of("live.delta")) == 2, "two batches")
        first, second = source.layer.of("live.delta")
        assert json.loads(first[2]["body"]) == {"office": {"a": {"n": 0}}}
        assert json.loads(second[2]["body"]) == {"office": {"a": {"n": 99}, "b": {"n": 1}}}
        assert second[0] - first[0] >= WINDOW * 0.9
        assert [(group, m["pbx"], m["epoch"], m["seq"]) for _, group, m in (first, second)] == [
            ("live.7", 7, "g1-x", 1),
            ("live.7", 7, "g1-x", 2),
        ]


async def test_it_ends_although_the_layer_swallowed_the_cancellation() -> None:
    """As redis-py does on Python 3.11 when its write is done in the moment of the cancellation."""
    source = Source()
    under_way = asyncio.Event()

    async def group_send(group: str, message: dict[str, Any]) -> None:
        under_way.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    source.layer.group_send = group_send  # type: ignore[method-assign]  # another client
    task = asyncio.create_task(source.publisher.run())
    source.put(a={"n": 1})
    await under_way.wait()
    task.cancel()
    async with asyncio.timeout(60):
        await asyncio.wait({task})
    assert task.cancelled()


async def test_beats_say_where_the_gateway_stands() -> None:
    async with Source().running() as source:
        await until(lambda: bool(source.layer.of("live.beat")), "a beat")
        assert source.layer.of("live.beat")[0][1:] == (
            "live.7",
            {"type": "live.beat", "pbx": 7, "epoch": "g1-x", "seq": 0, "data_at": 5.0},
        )


async def test_snapshot_fits_between_the_deltas() -> None:
    async with Source().running() as source:
        source.put(a={"n": 1})
        source.publisher.send_snapshot("page")
        source.publisher.send_snapshot("page")
        await until(lambda: bool(source.layer.of("live.snapshot")), "the snapshot")
        source.put(a=None, c={"n": 3})
        await until(lambda: len(source.layer.of("live.delta")) == 2, "the next delta")
        ((_, channel, snapshot),) = source.layer.of("live.snapshot")
        assert channel == "page"
        replica = Replica()
        replica.snapshot(snapshot["epoch"], snapshot["seq"], json.loads(snapshot["body"]))
        last = source.layer.of("live.delta")[1][2]
        replica.delta(last["epoch"], last["seq"], json.loads(last["body"]))
        assert (replica.stale, replica.audiences) == (False, {"office": {"c": {"n": 3}}})


async def test_a_lost_delta_leaves_a_gap_in_seq() -> None:
    async with Source().running() as source:
        source.layer.away = True
        source.put(a={"n": 1})
        await until(lambda: source.publisher.failures > 0 and source.publisher.seq == 1, "the loss")
        source.layer.away = False
        source.put(a={"n": 2})
        await until(lambda: bool(source.layer.of("live.delta")), "the next delta")
        assert source.layer.of("live.delta")[0][2]["seq"] == 2
