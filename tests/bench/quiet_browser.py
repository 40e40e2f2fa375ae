"""The receiving ends of the quiet benchmark: note when the frame with one expected change has come."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from websockets.asyncio.client import ClientConnection, connect

PATIENCE: Final = 30.0  # seconds for one change; far more than the goal: a lost one fails the benchmark

Matches = Callable[[str], bool]


class Ear:
    """Reads a socket all the time. `take` sees each text frame, after the clock was read."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._wanted: tuple[Matches, asyncio.Future[float]] | None = None

    def expect(self, matches: Matches) -> asyncio.Future[float]:
        """The moment (monotonic) at which the first frame that matches will have come."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._wanted = (matches, future)
        return future

    async def listen(self) -> None:
        """Until the socket closes."""
        async for frame in self._socket:
            at = time.monotonic()
            assert isinstance(frame, str)
            await self.take(frame)
            if self._wanted and self._wanted[0](frame):
                self._wanted[1].set_result(at)
                self._wanted = None

    async def take(self, frame: str) -> None:
        """Nothing more to do with it."""


EarT = TypeVar("EarT", bound=Ear)


class Browser(Ear):
    """Joins the office and acknowledges, as the page does."""

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.state: dict[str, Any] = {}
        self._received = 0

    async def join(self) -> None:
        """Ask for the office."""
        await self._socket.send(json.dumps({"t": "join", "audiences": ["office"]}))

    async def take(self, frame: str) -> None:
        self._received += 1
        await self._socket.send(json.dumps({"t": "ack", "seq": self._received}))
        message = json.loads(frame)
        if message["t"] == "snapshot":
            self.state = message["state"]
        elif message["t"] == "delta":
            self.state.update(message["set"])


@asynccontextmanager
async def browser(url: str, cookie: str) -> AsyncIterator[Browser]:
    """A tab that has the office on its screen."""
    address = url.replace("http", "ws", 1) + "/ws/live/"
    async with connect(address, additional_headers={"Cookie": cookie}, origin=url) as socket:  # type: ignore[arg-type]  # Origin is a NewType of str
        ear = Browser(socket)
        async with listening(ear):
            await ear.join()
            yield ear


@asynccontextmanager
async def ear(port: int) -> AsyncIterator[Ear]:
    """At the bare relay."""
    async with connect(f"ws://127.0.0.1:{port}/", compression=None) as socket, listening(Ear(socket)) as one:
        yield one


@asynccontextmanager
async def listening(one: EarT) -> AsyncIterator[EarT]:
    """Meanwhile."""
    task = asyncio.create_task(one.listen())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
