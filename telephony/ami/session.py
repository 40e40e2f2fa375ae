"""One connection from dialling to its end; `link` makes a new one each time."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from telephony.ami import filters
from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.dial import ConnectFailed
from telephony.ami.exchange import Exchange
from telephony.ami.login import log_in
from telephony.ami.reasons import Reason
from telephony.ami.rights import Rights, check_rights
from telephony.ami.routing import Hooks
from telephony.ami.transports import connection_to
from telephony.ami.watchdog import watch
from telephony.ami.wire import Message, WireCounts

log = logging.getLogger(__name__)

MAX_BUFFER: Final = 100_000  # events during one resync; more = the snapshot will never catch up: start again
SLICE: Final = 500  # buffered events passed on before others get the loop
ALWAYS_READ: Final = frozenset({"FullyBooted", "OriginateResponse"})


class Session:
    """Logs in, checks, reads the state, then passes events on.

    Asterisk says FullyBooted to a new login if it has booted, else when it has: one that comes after the reading began
    means that hints and queues may have been incomplete, so the state is read again.
    """

    def __init__(
        self,
        account: AmiAccount,
        timings: LinkTimings,
        hooks: Hooks,
        *,
        wanted: frozenset[str] | None,
        counts: WireCounts,
    ) -> None:
        read = None if wanted is None else wanted | ALWAYS_READ
        hooks_here = replace(hooks, on_event=self._take)
        self.connection = connection_to(account, timings, hooks_here, wanted=read, counts=counts)
        self.exchange = Exchange(self.connection)
        self.rights = Rights()
        self.logged_in = False
        self.resync_asked = asyncio.Event()
        self._account, self._timings = account, timings
        self._wanted = wanted
        self._on_event = hooks.on_event
        self._buffer: deque[tuple[Message, float]] | None = deque()

    def _take(self, message: Message, received: float) -> None:
        """An event from the wire: to the buffer during a resync, else on."""
        name = message["Event"]
        if name in ALWAYS_READ:
            if name == "FullyBooted":
                self.resync_asked.set()
            if self._wanted is not None and name not in self._wanted:
                return
        if self._buffer is None:
            self._on_event(message, received)
        elif len(self._buffer) < MAX_BUFFER:
            self._buffer.append((message, received))
        else:
            self.connection.drop(Reason.RESYNC_FAILED)

    async def open(self) -> None:
        """Connect, log in, ask for the rights, set the filters. Raises ConnectFailed, AmiError."""
        account, timings = self._account, self._timings
        await self.connection.open()
        await log_in(self.exchange, account, timings.login)
        self.logged_in = True
        self.connection.listen()
        self.rights = await check_rights(self.exchange, timings.action)
        await filters.exclude(self.exchange, filters.noise(self._wanted), self.rights, timings.action)

    async def synchronise(self, read: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Run the hook with events held back, then pass those on in order. Raises ConnectFailed."""
        self.resync_asked.clear()
        self._buffer = self._buffer or deque()
        reading = asyncio.create_task(_within(seconds, read()))
        try:
            await _first(reading, self.connection.lost)
            if self.connection.lost.done():
                raise ConnectFailed(self.connection.lost.result())
            if reading.cancelled():  # by the hook itself; ours would have been raised above
                raise ConnectFailed(Reason.RESYNC_FAILED)
            reading.result()
        except ConnectFailed:
            raise
        except Exception as error:  # the hook is the gateway's: whatever it raises, the link lives on
            log.exception("AMI: the state of the PBX could not be read")
            raise ConnectFailed(Reason.RESYNC_FAILED) from error
        finally:
            await _end(reading)
        while self._buffer:
            for _ in range(min(SLICE, len(self._buffer))):
                self._on_event(*self._buffer.popleft())
            await asyncio.sleep(0)
        self._buffer = None

    async def live(self) -> bool:
        """Until the connection ends (False) or the state should be read again (True)."""
        asked = asyncio.create_task(self.resync_asked.wait())
        try:
            await _first(asked, self.connection.lost)
            return not self.connection.lost.done()
        finally:
            await _end(asked)

    async def guard(self, data_at: Callable[[], float | None]) -> None:
        """The watchdog; drops a deaf link."""
        await watch(self.exchange, self._timings, data_at)
        self.connection.drop(Reason.DEAF)


async def _within(seconds: float, work: Awaitable[None]) -> None:
    async with asyncio.timeout(seconds):
        await work


async def _first(*futures: "asyncio.Future[Any]") -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


async def _end(task: "asyncio.Future[Any]") -> None:
    """Cancel a task of ours and let it finish; its error, if any, was looked at or does not matter any more."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
