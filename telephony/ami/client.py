"""panoramisk, mended: one object per connection, nothing carried over from one to the next (docs/adr/0002).

panoramisk's Manager and AMIProtocol stay the frame (a table of waiting actions by ActionID, sending, dispatching).
Replaced: the parser (`wire`), the bytes of an action (`actions`), when an answer is whole (`pending`), and everything
about time: log-in, ping, reconnection and the fate of waiting actions belong to `link`.
"""

import asyncio
import logging
import time
from typing import Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from telephony.ami.actions import Action
from telephony.ami.errors import LinkLost
from telephony.ami.greeting import Greeting
from telephony.ami.pending import MARKER, Answer, PendingAction
from telephony.ami.reasons import Reason
from telephony.ami.routing import Hooks, route
from telephony.ami.wire import Message, WireCounts, WireParser

log = logging.getLogger(__name__)


class LinkProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk ships no types
    """One TCP connection. Nothing that the other side sends or a callback raises gets out of `data_received`."""

    def __init__(self, manager: "LinkManager") -> None:
        self.manager = manager

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: connected, TLS included."""
        super().connection_made(transport)
        self.factory = self.manager
        self.manager.protocol = self

    def data_received(self, data: bytes) -> None:
        """asyncio: the next bytes, cut anywhere."""
        received = time.time()
        try:
            self.manager.hooks.on_data(data, received)
            for message in self.manager.read(data):
                route(message, received, self.responses, self.manager.hooks)
            self.manager.mark(waiting=bool(self.responses))
        except Exception:
            log.exception("AMI: a fault of ours while reading; the connection goes on")

    def send(self, data: PendingAction, as_list: bool | None = None) -> "asyncio.Future[Any]":
        """Write one action, once. panoramisk joins values as they are; these bytes were checked."""
        self.responses[data.id] = data
        self.manager.mark(waiting=True)
        self.transport.write(data.wire)
        return data.future  # type: ignore[no-any-return]  # panoramisk ships no types

    def forget(self, pending: PendingAction) -> None:
        """Nobody waits for it any more; what still comes is an orphan."""
        self.responses.pop(pending.id, None)
        self.manager.mark(waiting=bool(self.responses))

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: closed. Waiting actions fail at once; panoramisk would keep them and send them again."""
        self.closed = True
        self.factory.connection_lost(exc)
        self.manager.socket_closed.set()

    def close(self) -> None:
        """Close and do not wait for the other side, which may be gone."""
        self.closed = True
        self.transport.abort()


class LinkManager(Manager):  # type: ignore[misc]  # panoramisk ships no types
    """One connection from dialling to its end. `lost` gets the reason of the end."""

    protocol: LinkProtocol | None

    def __init__(self, hooks: Hooks, *, wanted: frozenset[str] | None, counts: WireCounts) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(loop=loop, log=log)
        self.hooks = hooks
        self.greeting = Greeting()
        self.greeted: asyncio.Future[None] = loop.create_future()
        self.socket_closed = asyncio.Event()
        self.lost: asyncio.Future[Reason] = loop.create_future()
        self.parser = WireParser(wanted=wanted, counts=counts)
        self._end = Reason.LOST

    def read(self, data: bytes) -> list[Message]:
        """The messages that `data` completes."""
        if not self.greeting.done:
            data = self.greeting.feed(data)
            if self.greeting.done and not self.greeted.done():
                self.greeted.set_result(None)
        return self.parser.feed(data) if data and self.greeting.version else []

    def mark(self, *, waiting: bool) -> None:
        """While an action waits, events with our ActionID are read even if their name is not wanted."""
        self.parser.marker = MARKER.encode() if waiting else b""

    def probe(self) -> None:
        """Say something harmless to a silent port: a web server answers 400, a TLS server sends an alert."""
        if self.protocol is not None:
            self.protocol.transport.write(b"Action: Ping\r\n\r\n")

    def submit(self, action: Action, answer: Answer) -> PendingAction:
        """Send an action now, or raise LinkLost."""
        if self.protocol is None or self.protocol.closed or self.protocol.transport.is_closing():
            raise LinkLost(self._end)
        pending = PendingAction(action, answer)
        self.protocol.send(pending)
        return pending

    def forget(self, pending: PendingAction) -> None:
        """Stop waiting for it."""
        if self.protocol is not None:
            self.protocol.forget(pending)

    def drop(self, reason: Reason) -> None:
        """End the connection for this reason; harmless at any moment and twice."""
        if not self.lost.done():
            self._end = reason
        if self.protocol is not None:
            self.protocol.close()
        self.connection_lost(None)

    async def hang_up(self, reason: Reason) -> None:
        """Drop and wait until the socket is closed."""
        self.drop(reason)
        if self.protocol is not None:
            async with asyncio.timeout(5):  # not wait_for: that one may swallow a cancellation before Python 3.12
                await self.socket_closed.wait()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The end: everything that waits fails now. panoramisk would connect again by itself."""
        if self.lost.done():
            return
        self.greeting.close()
        if not self.greeted.done():
            self.greeted.set_result(None)
        self.lost.set_result(self._end)
        if self.protocol is not None:
            waiting = list(self.protocol.responses.values())
            self.protocol.responses.clear()
            for pending in waiting:
                pending.fail(LinkLost(self._end))
