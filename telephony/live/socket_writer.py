"""How a frame leaves the process: straight into daphne's socket, or through any other ASGI server's `send`.

Channels' own way (`AsyncWebsocketConsumer.send`) crosses the session wrapper, two coroutines and autobahn's frame
builder for each browser. The frame is the same for all, so on daphne its bytes go to the TCP transport directly.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Protocol

from twisted.internet import tcp

from telephony.live.frames import Frame

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[..., Awaitable[Any]]  # (scope, receive, send); the stubs of Channels narrow all three

SERVER_SEND: Final = "astpanel.server_send"  # key in the scope
OPEN: Final = 3  # autobahn's WebSocketProtocol.STATE_OPEN


def keep_server_send(application: Application) -> Application:
    """Outermost ASGI wrapper: puts the server's own `send` into the scope, before middleware wraps it."""

    @functools.wraps(application)
    async def wrapped(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        scope[SERVER_SEND] = send
        await application(scope, receive, send)

    return wrapped


class SocketWriter(Protocol):
    """Writes to one browser and never waits for it; memory is bounded by the acks (`flow.py`)."""

    def write(self, frame: Frame) -> None:
        """Hand the frame over; nothing happens on a closed socket."""

    async def close(self, code: int) -> None:
        """Start the closing handshake."""


class AsgiWriter:
    """Any ASGI server: a task of the socket's own awaits `send`, so that a server that waits slows nobody else."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[Frame] = []
        self._task: asyncio.Task[None] | None = None

    def write(self, frame: Frame) -> None:
        """Queue the frame behind those the server has not taken yet."""
        self._waiting.append(frame)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        while self._waiting:
            frame = self._waiting.pop(0)
            try:
                await self._send({"type": "websocket.send", "text": frame.text})
            except Exception:  # servers differ in what they raise on a closed socket; it always means "gone"
                self._waiting.clear()

    async def close(self, code: int) -> None:
        """Close after what is queued, but do not wait long for a browser that does not read."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task], timeout=1)
        await self._send({"type": "websocket.close", "code": int(code)})


class DaphneWriter:
    """Daphne over plain TCP (TLS ends at the reverse proxy): the frame's bytes go to Twisted's transport.

    When nothing waits in the transport, the kernel is offered the bytes at once, which spares the reactor a round
    (register for writing, poll, unregister) per frame; what the kernel does not take goes the usual way.
    """

    def __init__(self, protocol: Any, send: Send) -> None:
        self._protocol = protocol
        self._transport: Any = protocol.transport
        self._send = send

    def write(self, frame: Frame) -> None:
        """Write the bytes."""
        if self._protocol.state != OPEN:
            return
        transport = self._transport
        wire = frame.wire
        if transport._tempDataBuffer or transport.dataBuffer or transport.disconnecting:
            transport.write(wire)
            return
        taken = transport.writeSomeData(wire)
        if taken.__class__ is not int:  # connection lost: the reactor finds out the usual way
            transport.write(wire)
        elif taken < len(wire):
            transport.write(wire[taken:])

    async def close(self, code: int) -> None:
        """Close through daphne."""
        await self._send({"type": "websocket.close", "code": int(code)})  # autobahn takes a plain int only


def writer_for(scope: MutableMapping[str, Any], send: Send) -> SocketWriter:
    """The cheapest writer this server allows. Call after the socket has been accepted."""
    send = scope.get(SERVER_SEND, send)
    if isinstance(send, functools.partial) and send.args:
        protocol: Any = send.args[0]
        plain_tcp = type(getattr(protocol, "transport", None)) is tcp.Server
        if plain_tcp and getattr(protocol, "_perMessageCompress", True) is None:
            return DaphneWriter(protocol, send)
    return AsgiWriter(send)
