"""One PBX in this process: the replica of what its gateway publishes, and the browsers that read it.

Changes within a window of 50 ms go out as one frame per audience, encoded once; the first change after silence goes at
once, and a beat breaks no silence. A gateway that is not heard for 6 s is shown as a lost link. All times here are
monotonic seconds unless said.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from telephony.core.enums import LinkState
from telephony.core.reasons import LinkReason
from telephony.live import layer_messages, messages
from telephony.live.audiences import OFFICE
from telephony.live.frames import Frame
from telephony.live.layer_messages import Beat, Published
from telephony.live.member import Member
from telephony.live.replica import Audiences, Replica, State

WINDOW: Final = 0.05  # seconds in which changes are merged
GATEWAY_LOST: Final = 6.0  # seconds without a beat
PATIENCE: Final = 1.5  # seconds a new reader waits for a first snapshot before being told there is none
ASK_AGAIN: Final = 1.0  # seconds between two requests for a snapshot

log = logging.getLogger(__name__)


class Feed:
    """Reader of `live.<pbx id>` and writer to its own browsers. `ask` requests a snapshot: False = not now."""

    def __init__(self, pbx_id: int, ask: Callable[[int], bool]) -> None:
        self.pbx_id = pbx_id
        self.replica = Replica()
        self.readers: dict[str, dict[Member, None]] = {}  # audience → its browsers
        self._ask = ask
        self._asked = 0.0
        self._loop = asyncio.get_running_loop()
        self._heard = time.monotonic()  # when the replica was last known to be right
        self._created = self._heard
        self._link: dict[str, Any] | None = None  # shown instead of the gateway's own word while that is missing
        self._pending: Audiences = {}
        self._news = False  # what is pending is more than the age of the data
        self._window: asyncio.TimerHandle | None = None
        self._snapshots: dict[str, tuple[int, Frame]] = {}  # seq and frame, encoded once until the audience changes

    # --- from the gateway ---------------------------------------------------------------------------------------------
    def take(self, message: dict[str, Any]) -> None:
        """One layer message; raises ValueError, KeyError or TypeError if it makes no sense."""
        match message["type"]:
            case "live.delta":
                self._take_delta(layer_messages.published(message))
            case "live.beat":
                self._take_beat(layer_messages.beat(message))
            case "live.snapshot":
                self._take_snapshot(layer_messages.published(message))
            case other:
                raise ValueError(f"unknown type {other!r:.40}")

    def _take_delta(self, message: Published) -> None:
        """A change, or proof of a gap."""
        changed = self.replica.delta(message.epoch, message.seq, message.body)
        if changed is None:
            self._ask_soon()
        else:
            self._is_right(changed)

    def _take_beat(self, beat: Beat) -> None:
        """The gateway lives; `data_at` moves on in silence too, so pages can show the data's age."""
        if not self.replica.beat(beat.epoch, beat.seq):
            self._ask_soon()
            return
        link = self.replica.state(OFFICE).get("link")
        changed: Audiences = {}
        if isinstance(link, dict) and link.get("data_at") != beat.data_at:
            link = self.replica.audiences[OFFICE]["link"] = {**link, "data_at": beat.data_at}
            changed = {OFFICE: {"link": link}}
        self._is_right(changed, news=False)

    def _take_snapshot(self, message: Published) -> None:
        """The gateway's answer: within an epoch only what differs goes out, else everybody gets a fresh snapshot."""
        epoch = self.replica.epoch
        changed = self.replica.snapshot(message.epoch, message.seq, message.body)
        if changed is None:
            self._ask_soon()
        elif epoch == self.replica.epoch:
            self._is_right(changed)
        else:
            self._heard, self._link = time.monotonic(), None
            self._pending.clear()
            self._news = False
            self._snapshots.clear()
            self._show_all()

    def tick(self) -> None:
        """Once a second: notice a silent gateway, ask again, let nobody wait for ever for a first snapshot."""
        now = time.monotonic()
        if self.replica.stale:
            self._ask_soon()
            if not self.replica.epoch and self._link is None and now - self._created >= PATIENCE:
                self._set_link(LinkState.CONNECTING, "")
                self._show_all()
        if now - self._heard >= GATEWAY_LOST and not self.lost:
            self._set_link(LinkState.DOWN, LinkReason.GATEWAY_LOST)
            self._publish({OFFICE: {"link": self._link}})

    @property
    def lost(self) -> bool:
        """The gateway has fallen silent."""
        return self._link is not None and self._link["reason"] == LinkReason.GATEWAY_LOST

    @property
    def link(self) -> dict[str, Any]:
        """The value of the key `link` as pages see it; empty if nothing is known."""
        return self._link or self.replica.state(OFFICE).get("link") or {}

    def _set_link(self, state: LinkState, reason: str) -> None:
        known = self.replica.state(OFFICE).get("link") or {"data_at": None, "drift": 0}
        self._link = {**known, "state": state, "reason": reason, "since": time.time()}

    def _ask_soon(self) -> None:
        now = time.monotonic()
        if now - self._asked >= ASK_AGAIN and self._ask(self.pbx_id):
            self._asked = now

    def _is_right(self, changed: Audiences, *, news: bool = True) -> None:
        self._heard = time.monotonic()
        if self._link is not None:
            self._link, news = None, True
            changed = {**changed, OFFICE: {**changed.get(OFFICE, {}), "link": self.link or None}}
        if changed:
            self._publish(changed, news=news)

    # --- to the browsers ----------------------------------------------------------------------------------------------
    def join(self, member: Member, audience: str) -> None:
        """Start reading, or ask for a fresh snapshot."""
        self.readers.setdefault(audience, {})[member] = None
        self.show(member, audience)

    def leave(self, member: Member, audience: str) -> None:
        """Stop reading."""
        readers = self.readers.get(audience, {})
        readers.pop(member, None)
        if not readers:
            self.readers.pop(audience, None)

    def show(self, member: Member, audience: str) -> None:
        """Send a snapshot of an audience, unless nothing is known yet: then it follows."""
        if self.replica.epoch or self._link is not None:
            member.show(self._snapshot(audience), time.monotonic())

    def close(self) -> None:
        """No more frames."""
        self.readers.clear()
        self._pending.clear()
        if self._window is not None:
            self._window.cancel()

    def _show_all(self) -> None:
        for audience, readers in self.readers.items():
            for member in readers:
                self.show(member, audience)

    def _snapshot(self, audience: str) -> Frame:
        seq, frame = self._snapshots.get(audience, (0, None))
        if frame is None or seq != self.replica.seq:  # a page takes a falling seq for a sign of loss
            state: State = self.replica.state(audience)
            if audience == OFFICE and self._link is not None:
                state = {**state, "link": self._link}
            frame = messages.snapshot(audience, self.replica.epoch, self.replica.seq, state)
            self._snapshots[audience] = (self.replica.seq, frame)
        return frame

    def _publish(self, changed: Audiences, *, news: bool = True) -> None:
        for audience, values in changed.items():
            self._snapshots.pop(audience, None)
            if audience in self.readers:
                self._pending.setdefault(audience, {}).update(values)
                self._news |= news
        if self._window is None and self._pending:
            self._flush()

    def _flush(self) -> None:
        """Send what is pending and open the next window; a server that is busy sending merges for longer.

        Behind a beat there is no window: the beat comes every 2 s, and would delay every change that follows it.
        """
        began = self._loop.time()
        pending, self._pending = self._pending, {}
        news, self._news = self._news, False
        for audience, changed in pending.items():
            readers = self.readers.get(audience)
            if readers:
                self._send(messages.delta(audience, self.replica.epoch, self.replica.seq, changed), readers)
        if news:
            took = self._loop.time() - began
            self._window = self._loop.call_at(began + max(WINDOW, 2 * took), self._window_over)

    def _window_over(self) -> None:
        self._window = None
        if self._pending:
            self._flush()

    @staticmethod
    def _send(frame: Frame, readers: dict[Member, None]) -> None:
        now = time.monotonic()
        for member in readers:
            try:
                member.offer(frame, now)
            except Exception:
                if not member.broken:
                    member.broken = True
                    log.exception("writing to a browser of user %s failed", member.user.id)
