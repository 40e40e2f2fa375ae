"""Real daphne, real Redis, real sockets: what the tests in memory cannot show."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from astpanel.accounts.models import PanelUser
from tests.databases import PrivateDatabase
from tests.live.browser import PATIENCE, log_in
from tests.live.conftest import SQLITE, Office
from tests.live.gateway import StandInGateway
from tests.servers import Redis, Server

pytestmark = [SQLITE, pytest.mark.redis]


class Daphne(Server):
    """The product's web process on a database and a Redis of the test."""

    def __init__(self, database: str, redis: str) -> None:
        super().__init__("daphne")
        self._environment = {
            "DJANGO_SETTINGS_MODULE": "astpanel.settings",
            "ASTPANEL_DATABASE": database,
            "ASTPANEL_REDIS": redis,
            "ASTPANEL_VAR": str(self.folder),
            "ASTPANEL_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(settings.BASE_DIR),
        }

    def command(self) -> list[str]:
        """Through `setpriv` and `env`, which become daphne: the process id stays."""
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        endpoint = f"tcp:port={self.port}:interface=127.0.0.1"
        daphne = [sys.executable, "-m", "daphne", "-e", endpoint, "astpanel.asgi:application"]
        return ["setpriv", "--pdeathsig", "KILL", "--", "env", *variables, *daphne]

    def ready(self) -> bool:
        """It accepts connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "log").read_text()

    def resident(self) -> int:
        """Memory, bytes."""
        pages = int(Path(f"/proc/{self._pids()[0]}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def daphne(
    office: Office, worker_thread: None, private_database: PrivateDatabase, redis_server: Redis
) -> Iterator[Daphne]:
    """Started; ended at the end."""
    server = Daphne(private_database.url, redis_server.url)
    server.start()
    yield server
    server.remove()


@pytest.fixture
async def gateway(office: Office, redis_server: Redis) -> AsyncIterator[StandInGateway]:
    """Publishes over Redis from this process."""
    layer = RedisPubSubChannelLayer(hosts=[redis_server.url])
    async with StandInGateway(office.pbx.pk, layer=layer) as gateway:
        yield gateway
    await layer.flush()


class Page:
    """A WebSocket as a browser opens it; counts and acknowledges what it reads."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received = 0

    async def say(self, **message: Any) -> None:
        """One frame."""
        await self.socket.send(json.dumps(message))

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Skip frames until one has these fields."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.received += 1
                await self.say(t="ack", seq=self.received)
                if wanted.items() <= frame.items():
                    return frame

    async def joined(self, *audiences: str) -> dict[str, Any]:
        """Join; the first snapshot."""
        await self.say(t="join", audiences=audiences)
        return await self.until(t="snapshot")

    async def close_code(self) -> int | None:
        """Read to the end."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.socket.recv()
                except ConnectionClosed:
                    return self.socket.close_code


@pytest.fixture
async def visit(daphne: Daphne) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """`await visit(user)`: a page, closed at the end."""
    pages: list[Page] = []

    async def open_one(user: PanelUser | None, origin: str = "http://localhost") -> Page:
        session = await database_sync_to_async(log_in)(user) if user else ""
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
        url = f"ws://127.0.0.1:{daphne.port}/ws/live/"
        pages.append(Page(await connect(url, origin=Origin(origin), additional_headers=headers, open_timeout=PATIENCE)))
        return pages[-1]

    yield open_one
    for page in pages:
        await page.socket.close()


async def test_from_opening_to_a_graceful_stop(
    office: Office, daphne: Daphne, gateway: StandInGateway, visit: Any
) -> None:
    page = await visit(office.operator)
    await page.until(t="hello", user=office.operator.pk)
    assert (await page.joined("office", "board"))["state"] == gateway.state["office"]
    await page.say(t="join", audiences=["board"])
    assert (await page.until(t="refused"))["reason"] == "not_supervisor"
    await gateway.publish(office={"ext:101": {"name": "Мария <script>"}})
    assert (await page.until(t="delta"))["set"] == {"ext:101": {"name": "Мария <script>"}}
    await gateway.publish(office={"ext:102": {}}, lost=True)
    await gateway.publish(office={"ext:103": {}})
    assert (await page.until(t="delta"))["set"] == {"ext:102": {}, "ext:103": {}}
    await page.say(t="command", id="c", name="originate", args={"extension": "101", "number": "102"})
    command = await asyncio.wait_for(gateway.commands.get(), PATIENCE)
    await gateway.answer(command, "failed", "own_phone_no_answer")
    assert (await page.until(t="outcome"))["reason"] == "own_phone_no_answer"
    stopping = asyncio.create_task(asyncio.to_thread(daphne.stop, signal.SIGTERM))
    assert await page.close_code() == 4410
    await stopping
    assert [line for line in daphne.log.splitlines() if re.search("Error|Traceback|pending", line)] == []


async def test_who_is_turned_away(office: Office, visit: Any) -> None:
    with pytest.raises(InvalidStatus) as caught:
        await visit(office.operator, origin="http://evil.example")
    assert caught.value.response.status_code == 403
    assert await (await visit(None)).close_code() == 4401
    assert await (await visit(office.seatless)).close_code() == 4403
    page = await visit(office.operator)
    await page.socket.send("x" * (16 * 1024 + 1))
    assert await page.close_code() == 4413
    page = await visit(office.operator)
    await page.socket.send("x" * (2 * 1024 * 1024))  # daphne does not even take it in
    assert await page.close_code() in {1006, 1009}


async def test_one_that_does_not_read_costs_little_and_slows_nobody(
    office: Office, daphne: Daphne, gateway: StandInGateway, visit: Any
) -> None:
    stalled, page = await visit(office.colleague), await visit(office.operator)
    await stalled.joined("office")
    await page.joined("office")
    stalled.socket.transport.pause_reading()
    before = daphne.resident()
    for number in range(250):  # 25 MB
        await gateway.publish(office={"ext:101": {"n": number, "filler": "x" * 100_000}})
        while (await page.until(t="delta"))["set"].get("ext:101", {}).get("n") != number:
            pass  # the age of the data
    assert daphne.resident() - before < 16 * 1024 * 1024
    stalled.socket.transport.resume_reading()
    assert (await stalled.until(t="snapshot"))["state"]["ext:101"]["n"] == 249
    await gateway.publish(office={"ext:101": {"n": 250}})
    assert (await stalled.until(t="delta"))["set"] == {"ext:101": {"n": 250}}


async def test_redis_comes_back(office: Office, gateway: StandInGateway, visit: Any, redis_server: Redis) -> None:
    """The live view is lost while Redis is away, is shown as lost, and heals."""
    page = await visit(office.operator)
    await page.joined("office")
    redis_server.stop()
    link = (await page.until(t="delta"))["set"]["link"]
    assert (link["state"], link["reason"]) == ("down", "gateway_lost")
    redis_server.start()
    gateway.state["office"]["ext:101"] = {"state": "free"}
    gateway.seq += 1
    shown: dict[str, Any] = {}
    while (shown.get("ext:101"), shown.get("link", {}).get("state")) != ({"state": "free"}, "up"):
        shown |= (await page.until(t="delta"))["set"]
