"""An office for gateway tests: the demo PBX on a real socket, its Pbx row, a page's view of the layer, gateways."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from channels.layers import get_channel_layer

from telephony.demo.building import Building, empty_building
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.clock import LoopClock
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.gateway import service
from telephony.gateway.database import DatabaseThread
from telephony.live.layer_messages import gateway_group, live_group
from telephony.live.replica import Replica
from telephony.models import Pbx
from tests.gateway.waiting import until

T = TypeVar("T")
SECRET = "ami-secret-of-the-office"


class Page:
    """What a web process knows: it follows deltas, sees gaps, asks for snapshots. Keeps every command's outcome."""

    def __init__(self, pbx_id: int) -> None:
        self.pbx_id = pbx_id
        self.replica = Replica()
        self.epochs: list[str] = []
        self.deltas: list[dict[str, Any]] = []
        self.outcomes: dict[str, tuple[str, str, str]] = {}
        self.answers = 0  # outcomes that came, repeated ones too
        self._layer: Any = get_channel_layer()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["Page"]:
        self.channel = await self._layer.new_channel()
        await self._layer.group_add(live_group(self.pbx_id), self.channel)
        reader = asyncio.create_task(self._read())
        try:
            yield self
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            message = await self._layer.receive(self.channel)
            kind = message["type"]
            if kind == "live.outcome":
                self.answers += 1
                self.outcomes[message["id"]] = (message["kind"], message["reason"], message["detail"])
                continue
            if not self.epochs or self.epochs[-1] != message["epoch"]:
                self.epochs.append(message["epoch"])
            if kind == "live.delta":
                body = json.loads(message["body"])
                self.deltas.append(body)
                known = self.replica.delta(message["epoch"], message["seq"], body) is not None
            elif kind == "live.snapshot":
                body = json.loads(message["body"])
                known = self.replica.snapshot(message["epoch"], message["seq"], body) is not None
            else:
                known = self.replica.beat(message["epoch"], message["seq"])
            if not known:
                await self.ask()

    async def ask(self) -> None:
        """Ask for a snapshot."""
        with suppress(ConnectionError):
            await self._layer.group_send(
                gateway_group(self.pbx_id), {"type": "gateway.snapshot", "reply": self.channel}
            )

    def state(self, audience: str) -> dict[str, Any]:
        return self.replica.state(audience)

    def phone(self, number: str) -> str:
        """State and detail of a tile: `talking`, `talking/on_hold`; empty while unknown."""
        tile = self.state("office").get(f"ext:{number}")
        return "/".join(filter(None, (tile["state"], tile["detail"]))) if tile else ""

    def link(self) -> tuple[str, str]:
        """State and reason."""
        link = self.state("office").get("link", {"state": "", "reason": ""})
        return link["state"], link["reason"]

    def calls(self, audience: str) -> list[dict[str, Any]]:
        return [value for key, value in self.state(audience).items() if key.startswith("call:")]

    async def command(self, user_id: int, name: str, *, seconds: float = 10, **args: str) -> tuple[str, str, str]:
        """Send one and wait for its outcome: kind, reason, detail."""
        command_id = str(uuid.uuid4())
        await self.send(command_id, user_id, name, args, time.time() + seconds)
        await until(lambda: command_id in self.outcomes, f"the outcome of {name}")
        return self.outcomes[command_id]

    async def send(self, command_id: str, user_id: int, name: str, args: Any, deadline: float) -> None:
        message = {"type": "gateway.command", "id": command_id, "reply": self.channel, "user": user_id}
        message |= {"name": name, "args": args, "deadline": deadline}
        await self._layer.group_send(gateway_group(self.pbx_id), message)


class Office:
    """The demo PBX with phones 101 to 104, its row, a page, and a thread that looks into the database."""

    def __init__(self, pbx: Pbx, building: Building, server: AmiServer, page: Page) -> None:
        self.pbx = pbx
        self.building = building
        self.server = server
        self.page = page
        self._reader = DatabaseThread("reader")

    async def read(self, function: Callable[[], T]) -> T:
        """Ask the database."""
        return await self._reader.run(function, patience=60)

    async def until_read(self, function: Callable[[], object], expected: object) -> None:
        """Until the database gives `expected`; then the two are compared."""
        end = time.monotonic() + 60
        found = await self.read(function)
        while found != expected and time.monotonic() < end:
            await asyncio.sleep(0.05)
            found = await self.read(function)
        assert found == expected

    async def close(self) -> None:
        await self._reader.close()

    async def ringing(self, number: str) -> Channel:
        """The leg that rings at a phone, as soon as one does."""
        phone = self.building.phones[number]
        await until(lambda: bool(phone.ringing()), f"{number} to ring")
        return phone.ringing()[0]

    def call(self, caller: str, called: str) -> Channel:
        """One dials the other → the caller's channel."""
        channel = self.building.phones[caller].call(called)
        assert channel is not None
        return channel

    async def talk(self, caller: str, called: str) -> tuple[Channel, Channel]:
        """One calls the other, who answers → their channels, once the page shows both talking."""
        channel = self.call(caller, called)
        leg = await self.ringing(called)
        self.building.phones[called].answer(leg)
        await until(lambda: self.page.phone(caller) == self.page.phone(called) == "talking", "both to talk")
        return channel, leg


@asynccontextmanager
async def open_office(pbx: Pbx) -> AsyncIterator[Office]:
    """Everything but a gateway. The row's address is set to the demo PBX's."""
    building = empty_building(LoopClock())
    for number, name in (("101", "Ivanova"), ("102", "Петров"), ("103", "Sidorov"), ("104", "Kuznetsova")):
        building.add_phone(number, name, on=number != "104")
    server = AmiServer(building.pbx, building.plan, [Account("astpanel", SECRET)])
    await server.start()
    page = Page(pbx.pk)
    office = Office(pbx, building, server, page)
    pbx.port, pbx.secret, pbx.username = server.port, SECRET, "astpanel"
    await office.read(pbx.save)
    try:
        async with page.reading():
            yield office
    finally:
        await server.stop()
        await office.close()


@asynccontextmanager
async def gateway() -> AsyncIterator[None]:
    """A gateway of every PBX in this process; stopped cleanly at the end."""
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task
