"""One hub per web process: one channel on the layer, a feed per PBX, and all browsers of this process.

The hub writes to its browsers directly. Channels' own way (a group of consumers, each woken for each message) costs a
thread hop and an encoding per browser and message: docs/adr/0005-a-hub-per-web-process.md.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from telephony.core.commands import Command, Outcome
from telephony.core.enums import OutcomeKind
from telephony.live import layer_messages
from telephony.live.command_bus import Address, CommandBus
from telephony.live.feed import Feed
from telephony.live.member import Member
from telephony.live.messages import CloseCode
from telephony.live.metrics import BAD_LAYER_MESSAGES, BEHIND, SNAPSHOTS_ASKED, SOCKETS
from telephony.live.rights import Rights
from telephony.rules import Refusal

LINGER: Final = 5.0  # seconds the hub stays connected after the last browser has left
RENEW: Final = 600.0  # seconds between renewals of the group memberships: layers let them expire
RETRY: Final = 1.0  # seconds before the layer is tried again

log = logging.getLogger(__name__)
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()


def current_hub() -> "Hub":
    """The hub of the running event loop: in a web process there is one loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


class Hub:
    """Everything live in this process. Runs while there are browsers."""

    def __init__(self) -> None:
        self.members: dict[Member, None] = {}
        self.feeds: dict[int, Feed] = {}
        self.bus = CommandBus()
        self.rights = Rights(self)
        self._layer: Any = get_channel_layer()
        self._channel = ""  # ours on the layer; empty while not connected
        self._subscribed: dict[str, float] = {}  # group → when last renewed (monotonic)
        self._runners: list[asyncio.Task[None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._linger: asyncio.TimerHandle | None = None

    # --- browsers -----------------------------------------------------------------------------------------------------
    def add(self, member: Member) -> None:
        """A browser has connected."""
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        self.members[member] = None
        SOCKETS.set(len(self.members))
        if not self._runners:
            self._runners = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]

    def remove(self, member: Member) -> None:
        """A browser has gone."""
        if self.members.pop(member, member) is None:
            SOCKETS.set(len(self.members))
        for audience in tuple(member.audiences):
            self.leave(member, audience)
        if not self.members and self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(LINGER, self._stop_if_empty)

    def join(self, member: Member, audience: str) -> None:
        """Give the audience to a browser that may read it (the caller has asked the rules)."""
        if member.pbx_id is not None:
            member.audiences[audience] = None
            self.feed(member.pbx_id).join(member, audience)

    def leave(self, member: Member, audience: str) -> None:
        """Take the audience away."""
        member.audiences.pop(audience, None)
        if member.pbx_id in self.feeds:
            self.feeds[member.pbx_id].leave(member, audience)

    def acknowledged(self, member: Member, count: int) -> bool:
        """`count` frames have arrived; one that was behind and has read everything starts afresh. False: nonsense."""
        flow = member.flow
        if not flow.ack(count, time.monotonic()):
            return False
        if flow.paused and flow.caught_up:
            flow.paused = False
            BEHIND.inc()
            if member.pbx_id is not None:
                for audience in member.audiences:
                    self.feed(member.pbx_id).show(member, audience)
        return True

    async def close_member(self, member: Member, code: CloseCode) -> None:
        """End a socket from this side."""
        self.remove(member)
        with suppress(Exception):  # it may be gone already
            await member.writer.close(code)

    # --- PBXs ---------------------------------------------------------------------------------------------------------
    def feed(self, pbx_id: int) -> Feed:
        """The feed of a PBX, started on first use."""
        feed = self.feeds.get(pbx_id)
        if feed is None:
            feed = self.feeds[pbx_id] = Feed(pbx_id, self._ask_snapshot)
            if self._channel:
                self.spawn(self._subscribe())
        return feed

    async def carry_out(self, member: Member, command: Command) -> Outcome:
        """A command of this browser, to its outcome."""
        if member.pbx_id is None:
            return Outcome(OutcomeKind.REFUSED, Refusal.NO_PBX)
        address = Address(self._layer.group_send, self._channel, self.feed(member.pbx_id))
        return await self.bus.carry_out(member.user.id, command, address)

    def _ask_snapshot(self, pbx_id: int) -> bool:
        if layer_messages.live_group(pbx_id) not in self._subscribed:
            return False
        SNAPSHOTS_ASKED.labels(str(pbx_id)).inc()
        message = layer_messages.gateway_snapshot(self._channel)
        self.spawn(self._layer.group_send(layer_messages.gateway_group(pbx_id), message))
        return True

    # --- the layer ----------------------------------------------------------------------------------------------------
    async def _listen(self) -> None:
        """Read our channel for ever; when the layer cannot be reached, try again."""
        while True:
            try:
                self._channel = await self._layer.new_channel()
                await self._subscribe()
                while True:
                    self._take(await self._layer.receive(self._channel))
            except Exception as error:
                log.warning("channel layer: %s; trying again", error)
            self._channel = ""
            self._subscribed.clear()
            await asyncio.sleep(RETRY)

    async def _subscribe(self) -> None:
        """Join the groups that are missing or due; feeds that are new ask for their first snapshot."""
        now = time.monotonic()
        groups: dict[str, Feed | None] = {layer_messages.live_group(pbx): feed for pbx, feed in self.feeds.items()}
        groups[layer_messages.RIGHTS_GROUP] = None
        for group, feed in groups.items():
            new = group not in self._subscribed
            if self._channel and (new or now - self._subscribed[group] >= RENEW or (feed is not None and feed.lost)):
                await self._layer.group_add(group, self._channel)
                self._subscribed[group] = now
                if new and feed is not None:
                    feed.tick()

    def _take(self, message: dict[str, Any]) -> None:
        kind = message.get("type")
        try:
            if kind == "live.outcome":
                self.bus.answered(*layer_messages.outcome(message))
            elif kind == "live.rights":
                self.rights.changed(message["user"])
            elif (feed := self.feeds.get(message["pbx"])) is not None:
                feed.take(message)
        except (ValueError, KeyError, TypeError, AttributeError):
            BAD_LAYER_MESSAGES.labels(str(kind)[:40]).inc()
            log.warning("a layer message of type %.40r makes no sense", kind, exc_info=True)

    async def _watch(self) -> None:
        """Once a second: silent gateways, broken sockets, memberships; now and then everybody's rights."""
        while True:
            await asyncio.sleep(1)
            for feed in self.feeds.values():
                feed.tick()
            for member in [member for member in self.members if member.broken]:
                await self.close_member(member, CloseCode.NOT_READING)
            try:
                await self._subscribe()
                await self.rights.check_if_due()
            except Exception:
                log.exception("live edge: will be tried again")

    # --- life ---------------------------------------------------------------------------------------------------------
    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run in the background, kept alive and logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("live edge: %s", error, exc_info=error)

    def _stop_if_empty(self) -> None:
        self._linger = None
        if not self.members:
            self._halt()

    def _halt(self) -> None:
        for runner in self._runners:
            runner.cancel()
        if self._channel:
            self.spawn(self._part(self._channel, tuple(self._subscribed)))
        self._runners = []
        for feed in self.feeds.values():
            feed.close()
        self.feeds.clear()
        self._subscribed.clear()
        self._channel = ""

    async def _part(self, channel: str, groups: tuple[str, ...]) -> None:
        for group in groups:
            await self._layer.group_discard(group, channel)

    async def stop(self) -> None:
        """The server is stopping: say so to every browser, end everything."""
        for member in list(self.members):
            await self.close_member(member, CloseCode.STOPPING)
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        ending = [*self._runners, *self._tasks]
        for task in ending:
            task.cancel()
        self._halt()
        await asyncio.gather(*ending, *self._tasks, return_exceptions=True)
