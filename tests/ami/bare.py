"""panoramisk as it is, for tests that show what `telephony/ami` mends. If one of them fails, upstream has mended it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from tests.ami.server import until


class NoTransport(asyncio.Transport):
    """Remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        pass


def parse(block: bytes) -> Any:
    """One message, as panoramisk reads it."""
    return Message.from_line(block.decode().strip())


def protocol() -> Any:
    """A connected protocol without a network; `events` of its manager are kept."""
    manager = Manager()
    events: list[Any] = []
    manager.register_event("*", lambda manager, event: events.append(event))
    bare = AMIProtocol()
    bare.connection_made(NoTransport())
    bare.factory, bare.encoding, bare.events = manager, "utf8", events
    return bare


@asynccontextmanager
async def manager(port: int, **config: object) -> AsyncIterator[Any]:
    """A logged-in panoramisk Manager."""
    bare = Manager(
        loop=asyncio.get_running_loop(),
        host="127.0.0.1",
        port=port,
        **{"username": "astpanel", "secret": "s3cret", "reconnect_timeout": 0, **config},
    )
    bare.connect()
    await until(lambda: bare.protocol is not None)
    try:
        yield bare
    finally:
        bare.connect = lambda: None  # close() alone would connect again
        bare.close()
