"""One PBX, live: link → reducer → facts and views; commands the other way. Exists while its lease is held."""

import asyncio
import logging
import time
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from channels.layers import BaseChannelLayer

from telephony.ami.errors import AmiError
from telephony.ami.link import AmiLink
from telephony.ami.wire import Message
from telephony.core.changes import CallChanged, CallEnded, CallMerged, CallStarted, Change
from telephony.core.enums import LinkState
from telephony.core.reasons import LinkReason
from telephony.core.reducer import Reducer
from telephony.core.state import PbxState
from telephony.core.summaries import summary_of
from telephony.core.summary import CallSummary
from telephony.core.sync import GRACE
from telephony.gateway.acts import Acts
from telephony.gateway.configuration import PbxConfiguration
from telephony.gateway.database import DatabaseThread
from telephony.gateway.inbox import Inbox
from telephony.gateway.links import Duty, Links
from telephony.gateway.mailbox import Readers, listen
from telephony.gateway.names import Names
from telephony.gateway.phones import Phones
from telephony.gateway.publisher import Publisher
from telephony.gateway.recorder import Recorder
from telephony.gateway.view import LINK, View

log = logging.getLogger(__name__)
RESYNC_PAUSE: Final = 5.0  # seconds between two re-readings of the state after errors of ours


@dataclass(slots=True)
class GatewayCounters:
    """Since the gateway was made."""

    events: int = 0
    reducer_errors: int = 0
    drift: int = 0  # things reconciliation had to mend
    reconciled: int = 0  # reconciliations
    reconciled_at: float | None = None  # seconds since the epoch


class Gateway:
    """`run` works until it is cancelled; then `close`."""

    def __init__(  # noqa: PLR0913 - all by name: what it is made of
        self,
        configuration: PbxConfiguration,
        *,
        epoch: str,
        layer: BaseChannelLayer,
        recorder: Recorder,
        reads: DatabaseThread,
        reconcile_every: float,
    ) -> None:
        self.pbx_id = configuration.id
        self.dial_context = configuration.dial_context
        self.counters = GatewayCounters()
        self.links = Links(configuration, on_event=self._on_event, on_changed=self._on_link, resync=self._resync)
        self.link = self.links.listen
        self.acts = Acts(self.links)
        self.names = Names(
            self.pbx_id,
            reads,
            on_found=self._on_names,
            on_changed=self._on_directory,
            live=lambda: bool(self.state.calls),
        )
        self.view = View(lambda: self.state, self._link_value, self.names.contact)
        self.publisher = Publisher(
            layer, self.pbx_id, epoch, refresh=self.view.refresh, data_at=lambda: self.link.data_at
        )
        self.phones = Phones(self.pbx_id, self.links, reads)
        self.inbox = Inbox(self, layer, reads, recorder.acted)
        self._reducer = Reducer()
        self._recorder = recorder
        self._layer = layer
        self._reconcile_every = reconcile_every
        self._answered: set[str] = set()  # live calls whose answer is in the database, or on its way
        self._distrusted = False  # an error of ours may have left the state half changed
        self._resync_due = 0.0  # monotonic time of the re-reading that was asked for last
        self._stopped: LinkReason | None = None
        recorder.summarise = self._summarise
        recorder.on_recorded = self._on_recorded

    @property
    def state(self) -> PbxState:
        """As the reducer sees the PBX now."""
        return self._reducer.state

    def reconfigure(self, configuration: PbxConfiguration) -> None:
        """The administrator changed the PBX's row."""
        self.dial_context = configuration.dial_context
        self.links.reconfigure(configuration)

    # --- Life ------------------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Everything at once; raises if a part of it ends, which none should."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.publisher.run())
            tasks.create_task(self.names.run())
            tasks.create_task(self.phones.run())
            tasks.create_task(self._reconcile_for_ever())
            tasks.create_task(
                listen(
                    self._layer,
                    self.pbx_id,
                    Readers(self.inbox.take, self.publisher.send_snapshot, self.links.retry),
                )
            )
            tasks.create_task(self.links.run())
            self.publisher.changed()

    async def close(self, *, tell: bool) -> None:
        """Answer what is under way, leave the PBX. `tell`: pages learn at once that the gateway stops."""
        await self.inbox.close()
        await self.acts.close()
        await self.links.close()
        if tell:
            self._stopped = LinkReason.GATEWAY_STOPPED
            self.view.mark([LINK])
            await self.publisher.flush()

    # --- From the PBX ----------------------------------------------------------------------------------------------
    def _on_event(self, message: Message, received: float) -> None:
        self.counters.events += 1
        if self.phones.observe(message):
            return
        self.acts.observe(message)
        try:
            if changes := self._reducer.apply(message, received):
                self._take(changes)
        except Exception:
            self._broken(message.get("Event", ""))

    def _take(self, changes: list[Change]) -> None:
        for change in changes:
            match change:
                case CallStarted(call_id):
                    self._recorder.running(call_id)
                case CallChanged(call_id):
                    self._note_answer(call_id)
                case CallEnded(call_id, summary):
                    self._answered.discard(call_id)
                    self._recorder.ended(summary)
                case CallMerged(call_id):
                    self._answered.discard(call_id)
                    self._recorder.folded(call_id)
        self.view.changes(changes)
        self.publisher.changed()

    def _note_answer(self, call_id: str) -> None:
        """A crash must not forget when a running call was answered: its row says so as soon as it is."""
        if call_id in self._answered:
            return
        call = self.state.calls.get(call_id)
        if call is not None and call.answered is not None:
            self._answered.add(call_id)
            self._recorder.running(call_id)

    def _summarise(self, call_id: str) -> CallSummary | None:
        call = self.state.calls.get(call_id)
        return summary_of(call) if call is not None and call.announced else None

    def _on_link(self) -> None:
        self.phones.link_changed()
        self.view.mark([LINK])
        self.publisher.changed()

    def _on_recorded(self, latest: Mapping[str, str]) -> None:
        self.view.recorded(latest, time.time())
        self.publisher.changed()

    def _on_names(self, marks: set[Hashable]) -> None:
        self.view.mark(marks)
        self.publisher.changed()

    def _on_directory(self) -> None:
        self.view.people()
        self.publisher.changed()

    def _link_value(self) -> dict[str, Any]:
        status = self.link.status
        if self._stopped is not None:
            state, reason = LinkState.DOWN, str(self._stopped)
        else:
            state, reason = status.state, str(status.reason)
        return {
            "state": state,
            "reason": reason,
            "since": status.since,
            "data_at": status.data_at,
            "drift": self.counters.drift,
            "commands": str(self.links.trouble(Duty.CONTROL)),
        }

    # --- The whole state -------------------------------------------------------------------------------------------
    async def _resync(self, link: AmiLink) -> None:
        snapshot = await self.links.snapshot()
        at = time.time()
        if self._distrusted:
            self._distrusted = False
            self._reducer = Reducer()
            self._answered.clear()
        try:
            self._take(self._reducer.load(snapshot, at))
        except Exception:
            self._distrusted = True
            self.counters.reducer_errors += 1
            log.exception("PBX %d: its state could not be taken over", self.pbx_id)
            raise
        live = tuple(summary_of(call) for call in self.state.calls.values() if call.announced)
        self._recorder.logged_in(live, at)
        self.phones.read_all()
        self.view.everything()
        self.publisher.changed()

    def _broken(self, event: str) -> None:
        """A defect of ours: say which event it was, forget the half-changed state and read it anew, not too often."""
        self.counters.reducer_errors += 1
        self._distrusted = True
        log.exception("PBX %d: event %.40s broke the reducer", self.pbx_id, event)
        now = time.monotonic()
        if now >= self._resync_due:
            pause = max(0.0, self._resync_due + RESYNC_PAUSE - now)
            self._resync_due = now + pause
            asyncio.get_running_loop().call_later(pause, self.link.request_resync)

    async def _reconcile_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._reconcile_every)
            if self.link.status.state is not LinkState.UP:
                continue
            with suppress(AmiError):  # the link says so itself
                await self.reconcile()
                if self._reducer.suspects:
                    await asyncio.sleep(GRACE + 0.5)
                    await self.reconcile()
            self.view.everything()  # names may have been changed past the product
            self.publisher.changed()

    async def reconcile(self) -> int:
        """Compare with the PBX's lists; → how many things differed."""
        if self._distrusted:
            self.link.request_resync()
            return 0
        snapshot = await self.links.snapshot()
        try:
            changes, drift = self._reducer.reconcile(snapshot, time.time())
            self._take(changes)
        except Exception:
            self._broken("(reconciliation)")
            return 0
        self.counters.drift += drift
        self.counters.reconciled += 1
        self.counters.reconciled_at = time.time()
        if drift:
            log.warning("PBX %d: reconciliation mended %d differences", self.pbx_id, drift)
            self.view.mark([LINK])
            self.publisher.changed()
        return drift

    def status(self) -> dict[str, Any]:
        """What `run_gateway --status` prints: JSON."""
        status = self.link.status
        return {
            "link": {
                "state": status.state,
                "reason": status.reason,
                "since": status.since,
                "data_at": status.data_at,
                "version": status.version,
                "missing": list(self.links.missing),
                "commands": self.links.trouble(Duty.CONTROL),
                "phones": self.links.trouble(Duty.PHONE),
            },
            "accounts": self.links.status(),
            "wire": asdict(status.counters),
            "gateway": asdict(self.counters),
            "calls": sum(1 for call in self.state.calls.values() if call.announced),
            "extensions": len(self.state.extensions),
            "buffered": self._recorder.buffered,
            "recorder": asdict(self._recorder.counters),
            "published": self.publisher.seq,
            "layer_failures": self.publisher.failures,
            "bad_commands": self.inbox.bad,
            "view_errors": self.view.errors,
        }
