"""One AMI link → a recording, written line by line: what support needs to see a call again on another machine.

Only events that the reducer understands are kept, and the answers of the list actions. Log-ins and other actions are
not events, so that no secret can get in.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.errors import AmiError
from telephony.ami.link import AmiLink
from telephony.ami.resync import load_snapshot
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message
from telephony.core.enums import LinkState
from telephony.core.masking import Mask
from telephony.core.recording import (
    EventStep,
    Header,
    LinkDownStep,
    LoginStep,
    ReconcileStep,
    Step,
    format_header,
    format_step,
)
from telephony.core.reducer import WANTED_EVENTS

log = logging.getLogger(__name__)


class SessionRecorder:
    """Runs a link of its own and writes what it sees.

    write(line): called in the event loop with each line, without its line feed; the header comes first.
    on_status(status): each change of the link, for the person who watches.
    mask: numbers and names are replaced consistently before anything is written.
    reconcile_every: seconds between two comparisons with the list actions; 0 = never.
    """

    def __init__(  # noqa: PLR0913 - all by name
        self,
        account: AmiAccount,
        *,
        write: Callable[[str], None],
        name: str,
        story: str = "",
        mask: Mask | None = None,
        on_status: Callable[[LinkStatus], None] | None = None,
        reconcile_every: float = 30.0,
        timings: LinkTimings | None = None,
    ) -> None:
        self.steps = 0  # written after the header
        self.begun = False  # the header is written
        self._write, self._name, self._story, self._mask = write, name, story, mask
        self._on_status = on_status
        self._reconcile_every = reconcile_every
        self._was_up = self._ending = False
        self._over = asyncio.Event()  # denied: trying again would only lock the account
        self._link = AmiLink(
            account,
            on_event=self._event,
            on_status=self._status,
            resync=self._resync,
            wanted=WANTED_EVENTS,
            timings=timings,
        )
        self.status = self._link.status  # the last before the end

    async def run(self, stop: asyncio.Event) -> None:
        """Record until `stop` is set, or until the PBX denies the log-in."""
        link = asyncio.create_task(self._link.run())
        looks = asyncio.create_task(self._reconcile_for_ever())
        ends = [asyncio.create_task(event.wait()) for event in (stop, self._over)]
        try:
            await asyncio.wait({link, looks, *ends}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ending = True  # the end of our own connection is no part of the recording
            for task in (looks, *ends):
                task.cancel()
            await self._link.close()
            await asyncio.gather(link, looks, *ends, return_exceptions=True)

    async def _resync(self, link: AmiLink) -> None:
        snapshot = await load_snapshot(link)
        if self.begun:
            self._step(LoginStep(time.time(), snapshot))
            return
        version = link.rights.version
        header = Header(name=self._name, asterisk=version, story=self._story, at=time.time(), snapshot=snapshot)
        self._write(format_header(self._mask.header(header) if self._mask else header))
        self.begun = True

    async def _reconcile_for_ever(self) -> None:
        while self._reconcile_every > 0:
            await asyncio.sleep(self._reconcile_every)
            if self._link.status.state is LinkState.UP:
                try:
                    snapshot = await load_snapshot(self._link)
                except AmiError as error:
                    log.info("no comparison this time: %s", error)
                else:
                    self._step(ReconcileStep(time.time(), snapshot))
        await asyncio.Event().wait()

    def _event(self, message: Message, received: float) -> None:
        self._step(EventStep(round(received, 6), dict(message)))

    def _status(self, status: LinkStatus) -> None:
        if self._ending:
            return
        self.status = status
        if status.state is LinkState.UP:
            self._was_up = True
        elif self._was_up and status.state in {LinkState.DOWN, LinkState.DENIED, LinkState.CONNECTING}:
            self._was_up = False
            self._step(LinkDownStep(status.since))
        if status.state is LinkState.DENIED:
            self._over.set()
        if self._on_status is not None:
            self._on_status(status)

    def _step(self, step: Step) -> None:
        self._write(format_step(self._mask.step(step) if self._mask else step))
        self.steps += 1
