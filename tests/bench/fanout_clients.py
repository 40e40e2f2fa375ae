"""The browsers of the fan-out benchmark, in a process of their own: plain sockets, so that they are not the limit.

One JSON object on stdin says how to connect; `ready` is answered when all have; then `begin`, `end PUBLISHED` →
results.
"""

import asyncio
import base64
import json
import os
import re
import sys
import time
from array import array
from collections import Counter
from typing import Any

PREFIX = 160  # bytes that tell frames apart: sequence number or first change
ACK_SECONDS = 0.25
ACK_BYTES = 64 * 1024
CHANGE = re.compile(rb'"n": ?(\d+), ?"at": ?([\d.]+)')

SHARED = memoryview(bytearray(1024 * 1024))
known: dict[tuple[bytes, int], int] = {}  # prefix and length → frame
frames: list[list[tuple[int, float]]] = []  # frame → its changes: number, when published


class Browser(asyncio.BufferedProtocol):
    """Reads frames, notes when each came, acknowledges as the page does."""

    def __init__(self, cookie: str | None, *, hub: bool, stalled: bool) -> None:
        self.cookie, self.hub, self.stalled = cookie, hub, stalled
        self.open = asyncio.get_running_loop().create_future()
        self.joined = asyncio.get_running_loop().create_future()
        self.seen_frames, self.seen_at = array("I"), array("d")
        self.count = 0
        self.closed = False
        self._buffer = bytearray()
        self._skip = 0  # bytes of a frame whose content is known already
        self._acked, self._ack_at, self._ack_bytes = 0, 0.0, 0
        self._timer: asyncio.TimerHandle | None = None

    def itself(self) -> "Browser":
        """The factory asyncio wants."""
        return self

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /ws/live/ HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Origin: http://localhost",
        ]  # fmt: skip
        if self.cookie:
            lines.append(f"Cookie: sessionid={self.cookie}")
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.open.done():
            self.open.set_exception(ConnectionError(f"{self._buffer[:200]!r}"))

    def get_buffer(self, sizehint: int) -> memoryview:
        """One buffer for all: what has come is dealt with before the next socket is read."""
        return SHARED

    def buffer_updated(self, nbytes: int) -> None:
        data = SHARED[:nbytes]
        if self._skip:
            if nbytes <= self._skip:
                self._skip -= nbytes
                return
            data, self._skip = data[self._skip :], 0
        if self._buffer:
            self._buffer += data
            data = memoryview(bytes(self._buffer))
            self._buffer.clear()
        rest = self._read_frames(data) if self.open.done() else self._read_head(bytes(data))
        self._buffer += rest

    def _read_head(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            return data
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            self._buffer += head
            self.transport.close()
            return b""
        self.open.set_result(None)
        return bytes(self._read_frames(memoryview(rest)))

    def _read_frames(self, data: memoryview) -> memoryview:
        """Take the frames out; return the bytes of one that is not complete and not yet known."""
        position, end = 0, len(data)
        while end - position >= 10:
            size, head = data[position + 1], 2
            if size == 126:
                size, head = int.from_bytes(data[position + 2 : position + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[position + 2 : position + 10], "big"), 10
            start = position + head
            if end - start < min(size, PREFIX):
                break
            frame = known.get((bytes(data[start : start + min(size, PREFIX)]), size))
            if frame is None:
                if end - start < size:
                    break
                frame = self._learn(bytes(data[start : start + size]))
            self._received(frame, head + size)
            position = start + size
            if position > end:
                self._skip = position - end
                return data[:0]
        return data[position:]

    @staticmethod
    def _learn(payload: bytes) -> int:
        known[payload[:PREFIX], len(payload)] = len(frames)
        changes = [] if payload.startswith(b'{"t":"snapshot"') else CHANGE.findall(payload)  # only deltas count
        frames.append([(int(number), float(at)) for number, at in changes])
        return len(frames) - 1

    def _received(self, frame: int, size: int) -> None:
        now = time.monotonic()
        self.count += 1
        if self.count == 2:  # hello and the first snapshot
            self.joined.set_result(None)
        self.seen_frames.append(frame)
        self.seen_at.append(now)
        if self.hub and not self.stalled:
            self._ack_bytes += size
            if now - self._ack_at >= ACK_SECONDS or self._ack_bytes >= ACK_BYTES:
                self._ack()
            elif self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(ACK_SECONDS, self._ack)

    def _ack(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._acked != self.count:
            self._acked, self._ack_at, self._ack_bytes = self.count, time.monotonic(), 0
            self.send({"t": "ack", "seq": self.count})

    def send(self, message: dict[str, Any]) -> None:
        """A small masked text frame (mask 0: allowed, and cheap)."""
        payload = json.dumps(message).encode()
        self.transport.write(bytes((0x81, 0x80 | len(payload), 0, 0, 0, 0)) + payload)


async def connect(plan: dict[str, Any]) -> list[Browser]:
    """All browsers, ten at a time."""
    browsers: list[Browser] = []
    loop = asyncio.get_running_loop()
    for start in range(0, plan["browsers"], 10):
        some = [
            Browser(
                plan["cookies"][n] if plan.get("cookies") else None, hub=plan["hub"], stalled=n < plan.get("stalled", 0)
            )
            for n in range(start, min(start + 10, plan["browsers"]))
        ]
        for browser in some:
            await loop.create_connection(browser.itself, "127.0.0.1", plan["port"])
        await asyncio.gather(*(browser.open for browser in some))
        browsers += some
    if plan["hub"]:
        for browser in browsers:
            browser.send({"t": "join", "audiences": ["office"]})
        await asyncio.gather(*(browser.joined for browser in browsers))
    for browser in browsers:
        if browser.stalled:
            browser.transport.pause_reading()
    return browsers


def forget(browsers: list[Browser]) -> None:
    """Begin a run."""
    for browser in browsers:
        browser.seen_frames, browser.seen_at = array("I"), array("d")


def results(browsers: list[Browser], published: int, began: float) -> dict[str, Any]:
    """Over all reading browsers and changes: share delivered, latencies in ms."""
    reading = [browser for browser in browsers if not browser.stalled]
    bins: Counter[int] = Counter()  # tenths of a millisecond
    for browser in reading:
        for frame, at in zip(browser.seen_frames, browser.seen_at, strict=True):
            for _, when in frames[frame]:
                if when >= began:
                    bins[round((at - when) * 10_000)] += 1
    arrived = bins.total()
    delivered = arrived / (published * len(reading)) if published else 0.0

    def quantile(share: float) -> float | None:
        left = share * arrived
        for value in sorted(bins):
            left -= bins[value]
            if left <= 0:
                return value / 10
        return None

    closed = sum(browser.closed for browser in browsers)
    return {"delivered": delivered, "p50": quantile(0.5), "p95": quantile(0.95), "closed": closed}


async def main() -> None:
    """Obey stdin."""
    reader = asyncio.StreamReader(limit=2**22)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    browsers = await connect(json.loads(await reader.readline()))
    say({"ready": len(browsers)})
    began = 0.0
    while line := (await reader.readline()).split():
        if line[0] == b"begin":
            forget(browsers)
            began = time.monotonic()
            say({})
        else:
            say(results(browsers, int(line[1]), began))


def say(values: dict[str, Any]) -> None:
    """One line to the benchmark."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
