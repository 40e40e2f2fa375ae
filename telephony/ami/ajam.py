"""AMI over HTTP (AJAM): the same manager interface behind Asterisk's web server, port 8088, or 8089 with TLS.

Each action is a POST to `<prefix>/rawman`; the answer is its response and the events of its list, in the text form of
AMI. The first answer brings the cookie `mansession_id`; the session it names lives until `httptimeout` (60 s) passes
without a request. Events wait at the PBX, in order and none lost, until `WaitEvent` fetches them: one such request is
always on its way, and other actions of the same session are answered meanwhile. What a real PBX does: docs/adr/0008.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Final

from telephony.ami import actions
from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.actions import Action, encode_form
from telephony.ami.ajam_http import CONNECTIONS, HttpFailed, HttpSession
from telephony.ami.client import LinkManager
from telephony.ami.dial import ConnectFailed, dial
from telephony.ami.errors import ActionFailed, ActionTimeout, LinkLost
from telephony.ami.exchange import Exchange
from telephony.ami.pending import MARKER, Answer, PendingAction
from telephony.ami.reasons import Reason
from telephony.ami.routing import Hooks, route
from telephony.ami.wire import Message, WireCounts, WireParser

log = logging.getLogger(__name__)

POLL: Final = "poll"  # ActionID of each WaitEvent
COMPLETE: Final = "WaitEventComplete"
PAUSE: Final = 0.05  # seconds, at least, from one poll that brought nothing to the next


class AjamConnection:
    """One HTTP session. A request that fails ends it: an answer that is lost may have carried events."""

    def __init__(
        self,
        account: AmiAccount,
        timings: LinkTimings,
        hooks: Hooks,
        *,
        wanted: frozenset[str] | None,
        counts: WireCounts,
    ) -> None:
        self.lost: asyncio.Future[Reason] = asyncio.get_running_loop().create_future()
        self._account, self._timings, self._hooks = account, timings, hooks
        self._wanted, self._counts = wanted, counts
        self._http: HttpSession | None = None
        self._waiting: dict[str, PendingAction] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(CONNECTIONS - 1)  # one is the poll's
        self._to_leave = False  # logged in and not logged off

    # --- Its life ---------------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Ask for a challenge, which takes no log-in and tells nothing: only AMI answers. Raises ConnectFailed."""
        self._http = HttpSession(self._account, self._timings.connect)
        try:
            await Exchange(self).send(actions.challenge(), self._timings.connect + self._timings.greeting)
        except ActionFailed:  # AMI all the same
            pass
        except ActionTimeout as error:
            raise ConnectFailed(Reason.SILENT) from error
        except LinkLost as error:
            raise ConnectFailed(await self._who_is_there(error.reason)) from error

    async def _who_is_there(self, reason: Reason) -> Reason:
        """No HTTP came about: what does a client of AMI over TCP find there?"""
        in_tls = reason is Reason.CONNECT_TIMEOUT and self._account.tls  # or in the handshake
        if reason not in {Reason.LOST, Reason.DEAF} and not in_tls:
            return reason
        visitor = LinkManager(_DEAF_EARS, wanted=frozenset(), counts=WireCounts())
        try:
            await dial(visitor, self._account, self._timings)
        except ConnectFailed as found:
            return Reason.HTTP_ERROR if found.reason is Reason.HTTP_SERVER else found.reason
        finally:
            await visitor.hang_up(Reason.CLOSED)
        return Reason.AMI_PORT

    def listen(self) -> None:
        """Logged in: poll from now on."""
        self._to_leave = True
        self._start(self._poll())

    def drop(self, reason: Reason) -> None:
        """End the session on our side; harmless at any moment and twice."""
        if self.lost.done():
            return
        self.lost.set_result(reason)
        waiting = list(self._waiting.values())
        self._waiting.clear()
        for pending in waiting:
            pending.fail(LinkLost(reason))
        for task in self._tasks:
            task.cancel()

    async def hang_up(self, reason: Reason) -> None:
        """Drop, log off if that was not done (the PBX would keep the session for a minute), close the connections."""
        self.drop(reason)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is None:
            return
        if self._to_leave:
            await self._say_goodbye(self._http)
        await self._http.close()

    async def _say_goodbye(self, http: HttpSession) -> None:
        try:
            async with asyncio.timeout(self._timings.goodbye):
                await http.post(encode_form(actions.logoff(), POLL), feed=lambda data: None, patience=None)
        except (HttpFailed, TimeoutError) as error:
            log.debug("AJAM %s: no goodbye: %s", self._account.host, error)

    # --- Actions ----------------------------------------------------------------------------------------------------
    def submit(self, action: Action, answer: Answer) -> PendingAction:
        """Send an action now, or raise LinkLost."""
        if self.lost.done() or self._http is None:
            raise LinkLost(self.lost.result() if self.lost.done() else Reason.LOST)
        pending = PendingAction(action, answer, encode_form)
        self._waiting[pending.id] = pending
        if action.name == "Logoff":
            self._to_leave = False
        self._start(self._ask(self._http, pending))
        return pending

    def forget(self, pending: PendingAction) -> None:
        """Stop waiting for it."""
        self._waiting.pop(pending.id, None)

    async def _ask(self, http: HttpSession, pending: PendingAction) -> None:
        parser = WireParser(wanted=self._wanted, marker=MARKER.encode(), counts=self._counts)
        answered = False

        def feed(data: bytes) -> None:
            nonlocal answered
            for message, received in self._read(parser, data):
                answered = True
                route(message, received, self._waiting, self._hooks)

        async with self._turns:
            if pending.id in self._waiting:  # else its caller has given up meanwhile: it is not sent at all
                await http.post(pending.wire, feed=feed, patience=None)
                if not answered:  # a page of somebody else
                    self.drop(Reason.AJAM_MISSING)

    # --- Events -----------------------------------------------------------------------------------------------------
    async def _poll(self) -> None:
        """Fetch events for ever. A poll that does not end in time is a deaf PBX; one that says no is a lost session."""
        wanted = None if self._wanted is None else self._wanted | {COMPLETE}
        parser = WireParser(wanted=wanted, counts=self._counts)
        seconds = max(1, round(self._timings.ping_interval))
        form = encode_form(actions.wait_event(seconds), POLL)
        while self._http is not None:
            began = time.monotonic()
            seen: list[str] = []

            def feed(data: bytes, seen: list[str] = seen) -> None:
                for message, received in self._read(parser, data):
                    seen.append(message.get("Event", ""))
                    if message.get("ActionID") != POLL:
                        route(message, received, self._waiting, self._hooks)

            parser.marker = MARKER.encode() if self._waiting else b""
            await self._http.post(form, feed=feed, patience=seconds + self._timings.ping_deadline)
            if COMPLETE not in seen:  # PBX restarted, session timed out: "Permission denied", to somebody unknown
                self.drop(Reason.LOST)
            elif len(seen) == len(("", COMPLETE)):  # the PBX could not wait, or what woke it is filtered out
                await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - began)))

    def _read(self, parser: WireParser, data: bytes) -> list[tuple[Message, float]]:
        received = time.time()
        self._hooks.on_data(data, received)
        return [(message, received) for message in parser.feed(data)]

    # --- Work in the background -------------------------------------------------------------------------------------
    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except HttpFailed as failed:  # 503 to who is logged in: "Shutdown in progress"
            self.drop(Reason.LOST if self._to_leave and failed.reason is Reason.HTTP_ERROR else failed.reason)
        except Exception:
            log.exception("AJAM %s: a fault of ours", self._account.host)
            self.drop(Reason.LOST)


def _ignore(*args: object) -> None:
    """Nobody wants to know."""


_DEAF_EARS: Final = Hooks(on_event=_ignore, on_data=_ignore, on_orphan=_ignore)
