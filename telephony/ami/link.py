"""One PBX, one link: connects, logs in, reads the state, then passes every event on; for ever, whatever happens."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from random import Random
from typing import TypeVarTuple, Unpack

from telephony.ami import actions
from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.actions import Action
from telephony.ami.backoff import Backoff
from telephony.ami.dial import ConnectFailed
from telephony.ami.errors import ActionTimeout, AmiError, LinkDown, LinkLost
from telephony.ami.exchange import Exchange
from telephony.ami.reasons import Reason
from telephony.ami.rights import Rights
from telephony.ami.routing import Hooks
from telephony.ami.session import Session
from telephony.ami.status import LinkCounters, LinkStatus
from telephony.ami.wire import Message, WireCounts
from telephony.core.enums import LinkState

log = logging.getLogger(__name__)

A = TypeVarTuple("A")
OnEvent = Callable[[Message, float], None]
OnStatus = Callable[[LinkStatus], None]
Resync = Callable[["AmiLink"], Awaitable[None]]
Tap = Callable[[bytes, float], None]


class AmiLink:
    """A link to one Asterisk.

    on_event(message, received): every wanted event in order; `received` = when its bytes came, seconds since the epoch.
    on_status(status): each change of state or reason.
    resync(link): awaited after every login (state RESYNC). Events that come meanwhile are buffered and passed to
    `on_event` after it returns, then the state is UP. It uses `link.collect` (see `resync.load_snapshot`). If it
    raises, the connection is dropped and the link tries again.
    wanted: names of the events to pass on; None = all. Others are dropped before decoding.
    tap(data, received): every byte as it comes (the recorder).

    Callbacks are plain quick functions, called in the event loop; what they raise is logged and counted.
    """

    def __init__(  # noqa: PLR0913 - all by name; most have a default
        self,
        account: AmiAccount,
        *,
        on_event: OnEvent,
        on_status: OnStatus | None = None,
        resync: Resync | None = None,
        wanted: frozenset[str] | None = None,
        timings: LinkTimings | None = None,
        tap: Tap | None = None,
    ) -> None:
        self.account = account
        self.rights = Rights()
        self._on_event, self._on_status, self._resync, self._tap = on_event, on_status, resync, tap
        self._wanted = wanted
        self._timings = timings or LinkTimings()
        self._backoff = Backoff(self._timings.backoff_first, self._timings.backoff_max, Random())
        self._session: Session | None = None
        self._work: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()  # a new account: do not wait
        self._closing = False
        self._state, self._reason, self._since = LinkState.CONNECTING, Reason.NONE, time.time()
        self._data_at: float | None = None
        self._wire = WireCounts()
        self._orphans = self._callback_errors = self._attempts = self._logins = self._drops = 0

    # --- How it stands ------------------------------------------------------------------------------------------------
    @property
    def status(self) -> LinkStatus:
        """Now."""
        return LinkStatus(
            state=self._state,
            reason=self._reason,
            since=self._since,
            data_at=self._data_at,
            version=self.rights.version,
            ami_version=self.rights.ami_version,
            missing=self.rights.missing,
            counters=LinkCounters(
                **asdict(self._wire),
                orphans=self._orphans,
                callback_errors=self._callback_errors,
                attempts=self._attempts,
                logins=self._logins,
                drops=self._drops,
            ),
        )

    @property
    def data_at(self) -> float | None:
        """Seconds since the epoch of the last byte from the PBX; None before the first."""
        return self._data_at

    # --- Actions ------------------------------------------------------------------------------------------------------
    async def send(self, action: Action, deadline: float | None = None) -> Message:
        """The response to one action, waited for at most `deadline` seconds from now.

        Raises ActionFailed, ActionTimeout, LinkDown (nothing was sent), LinkLost, UnsafeValue.
        """
        return await self._exchange().send(action, deadline or self._timings.action)

    async def originate(self, action: Action, deadline: float | None = None) -> Message:
        """Send an Originate and wait for its OriginateResponse: the first leg was answered, else ActionFailed.

        `message["Reason"]`: 0 no such extension or unreachable, 1 no answer, 3 rang out, 4 answered, 5 busy,
        8 congestion.
        """
        return await self._exchange().originate(action, deadline or self._timings.collect)

    async def collect(self, action: Action, deadline: float | None = None) -> tuple[Message, ...]:
        """The events of a list action without the Complete line. Raises as `send`."""
        return await self._exchange().collect(action, deadline or self._timings.collect)

    def _exchange(self) -> Exchange:
        session = self._session
        if session is None or not session.logged_in or session.connection.lost.done():
            raise LinkDown(self._reason or Reason.LOST)
        return session.exchange

    # --- Life ---------------------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Work until `close()`. Reconnects after 1–30 s; a denied login waits for `reconfigure()` or `retry()`."""
        if self._closing or self._work is not None:
            return
        self._work = asyncio.create_task(self._for_ever())
        try:
            await asyncio.wait({self._work})
        finally:
            await self.close()

    def request_resync(self) -> None:
        """Run the resync hook again as soon as possible (a reload of the PBX, too much drift). Nothing while not up."""
        if self._session is not None and self._state is LinkState.UP:
            self._session.resync_asked.set()

    def reconfigure(self, account: AmiAccount) -> None:
        """Use another account from now on: drops the connection and tries at once, also after a denied login."""
        self.account = account
        self._backoff.reset()
        self._changed.set()
        if self._session is not None:
            self._session.connection.drop(Reason.CLOSED)

    def retry(self) -> None:
        """Something was mended: try again at once, also after a denied login. Nothing while connected."""
        if self._state not in {LinkState.UP, LinkState.RESYNC}:
            self._backoff.reset()
            self._changed.set()

    async def close(self) -> None:
        """Log off and stop, at any moment; waits until `run()` has ended. Pending actions fail with LinkLost."""
        self._closing = True
        work = self._work
        if work is not None and not work.done():
            work.cancel()
            if asyncio.current_task() is not work:
                await asyncio.wait({work})
        self._set(LinkState.DOWN, Reason.CLOSED)

    async def _for_ever(self) -> None:
        while not self._closing:
            self._changed.clear()
            reason = await self._once()
            if not self._closing:
                await self._wait(reason)

    async def _once(self) -> Reason:
        """One connection from dialling to its end, and why it ended."""
        self._attempts += 1
        hooks = Hooks(on_event=self._deliver, on_data=self._data, on_orphan=self._orphan)
        session = self._session = Session(self.account, self._timings, hooks, wanted=self._wanted, counts=self._wire)
        try:
            await session.open()
            return await self._serve(session)
        except (ConnectFailed, LinkLost) as error:
            return error.reason
        except AmiError as error:
            log.warning("AMI %s: %s", self.account.host, error)
            return Reason.LOGIN_TIMEOUT if isinstance(error, ActionTimeout) else Reason.LOGIN_REFUSED
        except Exception:
            log.exception("AMI %s: a fault of ours; the link starts again", self.account.host)
            return Reason.LOST
        finally:
            await self._leave(session)

    async def _serve(self, session: Session) -> Reason:
        """From the login on: read the state, be live, read it again when asked."""
        self._logins += 1
        self.rights = session.rights
        guard = asyncio.create_task(session.guard(lambda: self._data_at))
        up_at = math.inf
        try:
            again = True
            while again:
                self._set(LinkState.RESYNC, self._reason)
                await session.synchronise(self._read_state, self._timings.resync)
                self._set(LinkState.UP, Reason.NONE)
                up_at = min(up_at, time.monotonic())
                again = await session.live()
            return session.connection.lost.result()
        finally:
            guard.cancel()
            self._drops += not self._closing
            if time.monotonic() - up_at >= self._timings.steady:
                self._backoff.reset()

    async def _read_state(self) -> None:
        if self._resync is not None:
            await self._resync(self)

    async def _leave(self, session: Session) -> None:
        """Say goodbye if that is still possible, and close the socket."""
        if self._closing and session.logged_in:
            with contextlib.suppress(AmiError):
                await session.exchange.send(actions.logoff(), self._timings.goodbye)
        await session.connection.hang_up(Reason.CLOSED)

    async def _wait(self, reason: Reason) -> None:
        """Until the next attempt is due. Denied: until somebody changes the account, so as not to get it locked out."""
        if reason is Reason.DENIED:
            self._set(LinkState.DENIED, reason)
            await self._changed.wait()
            return
        self._set(LinkState.DOWN if self._logins else LinkState.CONNECTING, reason)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._backoff.next()):
                await self._changed.wait()

    # --- What comes from the connection -------------------------------------------------------------------------------
    def _data(self, data: bytes, received: float) -> None:
        self._data_at = received
        if self._tap is not None:
            self._call(self._tap, data, received)

    def _deliver(self, message: Message, received: float) -> None:
        try:
            self._on_event(message, received)
        except Exception:
            self._failed()

    def _orphan(self) -> None:
        self._orphans += 1

    def _set(self, state: LinkState, reason: Reason) -> None:
        if (state, reason) == (self._state, self._reason):
            return
        if state is not self._state:
            self._since = time.time()
        self._state, self._reason = state, reason
        if self._on_status is not None:
            self._call(self._on_status, self.status)

    def _call(self, callback: Callable[[Unpack[A]], None], *args: *A) -> None:
        try:
            callback(*args)
        except Exception:
            self._failed()

    def _failed(self) -> None:
        self._callback_errors += 1
        log.exception("AMI %s: a callback raised", self.account.host)
