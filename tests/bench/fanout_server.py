"""The serving side of the fan-out benchmark, in a process of its own: python -m tests.bench.fanout_server MODE W.

MODE: `hub` (the product on daphne), `gateway` (the same, and the publisher merges as a gateway does), `tutorial`
(Channels' documentation on daphne), `bare` (`websockets` alone).
Lines on stdin: `run RATE SECONDS` → publishes; each answer is one line of JSON on stdout. End of input ends the server.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

KEYS = 1000
FILLER = "Иванова Мария Сергеевна, отдел продаж " * 3  # brings a change to about 300 bytes

Publish = Callable[[str, dict[str, Any]], Awaitable[None]]


def change(number: int) -> tuple[str, dict[str, Any]]:
    """One delta of about 300 bytes; `n` numbers it, `at` is the moment it was published (monotonic, one machine)."""
    return f"ext:{number % KEYS}", {"n": number, "at": round(time.monotonic(), 6), "state": "talking", "why": FILLER}


async def publish_at(rate: int, seconds: float, publish: Publish) -> dict[str, Any]:
    """Publish evenly; say what it cost this process."""
    cpu, began = time.process_time(), time.monotonic()
    sent = 0
    while (now := time.monotonic()) < began + seconds:
        due = int((now - began) * rate) + 1
        while sent < due:
            await publish(*change(sent))
            sent += 1
        await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))
    wall = time.monotonic() - began
    return {"published": sent, "wall": wall, "cpu": (time.process_time() - cpu) / wall, "rss": resident()}


def resident() -> float:
    """Memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def say(**values: Any) -> None:
    """One line to the benchmark."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


async def obey(publish: Publish, beside: Awaitable[None] | None = None, **ready: Any) -> None:
    """Carry out the lines of stdin until it ends; `beside` runs meanwhile."""
    aside = asyncio.ensure_future(beside) if beside else None
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say(**ready)
    while line := (await reader.readline()).decode().split():
        if line[0] == "rss":
            say(rss=resident())
        else:
            say(**await publish_at(int(line[1]), float(line[2]), publish))
    if aside:
        aside.cancel()


def serve_daphne(application: Any, publish: Publish, beside: Awaitable[None] | None = None, **ready: Any) -> None:
    """Daphne on a free port, and the publisher in the same loop."""
    from daphne.server import Server  # noqa: PLC0415 - installs Twisted's reactor when imported

    server = Server(application, endpoints=["tcp:port=0:interface=127.0.0.1"], signal_handlers=False)

    async def control() -> None:
        while not server.listening_addresses:  # noqa: ASYNC110 - daphne offers no event for it
            await asyncio.sleep(0.01)
        await obey(publish, beside, port=server.listening_addresses[0][1], **ready)
        os._exit(0)  # nothing to save; a graceful stop is measured elsewhere

    kept: list[asyncio.Task[None]] = []  # the loop keeps no strong reference
    server.ready_callable = lambda: kept.append(asyncio.get_event_loop().create_task(control()))
    server.run()


def serve_hub(browsers: int, *, merging: bool) -> None:
    """The whole product: origin check, sessions of real users, rights, hub."""
    folder = tempfile.mkdtemp(prefix="astpanel-bench-")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_VAR": folder, "ASTPANEL_LOG_LEVEL": "ERROR"}
    from tests.bench.fanout_office import Publisher, make_office  # noqa: PLC0415 - needs the settings above

    pbx_id, cookies = make_office(browsers)
    from astpanel.asgi import application  # noqa: PLC0415 - the same

    publisher = Publisher(pbx_id, merging=merging)
    serve_daphne(application, publisher.publish, publisher.answer(), cookies=cookies)


def serve_tutorial() -> None:
    """Channels' tutorial: each consumer joins a group, each message is group_send(dict), each consumer dumps it."""
    from django.conf import settings  # noqa: PLC0415 - configured here, without the product

    layer_settings = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    settings.configure(CHANNEL_LAYERS={"default": layer_settings}, LOGGING_CONFIG=None)
    from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: PLC0415 - after the settings
    from channels.layers import get_channel_layer  # noqa: PLC0415 - the same

    class Consumer(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            await self.channel_layer.group_add("office", self.channel_name)
            await self.accept()

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard("office", self.channel_name)

        async def office_change(self, event: dict[str, Any]) -> None:
            await self.send(text_data=json.dumps({"set": event["set"]}))

    layer: Any = get_channel_layer()

    async def publish(key: str, value: dict[str, Any]) -> None:
        await layer.group_send("office", {"type": "office.change", "set": {key: value}})

    serve_daphne(Consumer.as_asgi(), publish)


async def serve_bare() -> None:
    """The limit: `websockets` alone, one batch per 50 ms, encoded once, broadcast."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve  # noqa: PLC0415 - only this mode needs it

    connections: set[ServerConnection] = set()
    pending: dict[str, Any] = {}

    async def handler(connection: ServerConnection) -> None:
        connections.add(connection)
        await connection.wait_closed()
        connections.discard(connection)

    async def publish(key: str, value: dict[str, Any]) -> None:
        pending[key] = value

    async def flush() -> None:
        while True:
            await asyncio.sleep(0.05)
            if pending:
                broadcast(connections, json.dumps({"set": pending}, ensure_ascii=False, separators=(",", ":")))
                pending.clear()

    async with serve(handler, "127.0.0.1", 0, compression=None) as server:
        flusher = asyncio.create_task(flush())
        await obey(publish, port=next(iter(server.sockets)).getsockname()[1])
        flusher.cancel()
        os._exit(0)


if __name__ == "__main__":
    mode, width = sys.argv[1], int(sys.argv[2])
    if mode in {"hub", "gateway"}:
        serve_hub(width, merging=mode == "gateway")
    elif mode == "tutorial":
        serve_tutorial()
    else:
        asyncio.run(serve_bare())
