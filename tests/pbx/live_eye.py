"""The eye that is the product's own: AmiLink and its re-sync, seen by the same scenarios as the recorder."""

import asyncio
import threading
import time

from telephony.ami.link import AmiLink
from telephony.ami.resync import load_snapshot
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message
from telephony.core.enums import LinkState
from telephony.core.recording import LinkDownStep
from telephony.core.reducer import WANTED_EVENTS
from telephony.core.snapshot import PbxSnapshot
from tests.pbx.asterisk import Asterisk
from tests.pbx.recorder import Recorder
from tests.pbx.ways import account

SECONDS = 60.0  # for a log-in, also after a restart of the PBX


class LiveEye(Recorder):
    """A link in a thread of its own; what it passes on becomes the steps."""

    def __init__(self, pbx: Asterisk, by: str = "ami") -> None:
        super().__init__(pbx)
        self._account = account(pbx, by, "astpanel-listen")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="live eye", daemon=True)
        self._thread.start()
        self._link: AmiLink | None = None
        self._seen_logins = 0

    def connect(self) -> None:
        """Start the link, or wait until it is back by itself; returns when it is up."""
        if self._link is None:
            self._seen_logins = 0
            self._link = AmiLink(
                self._account,
                on_event=self._event,
                on_status=self._status,
                resync=self._resync,
                wanted=WANTED_EVENTS,
            )
            asyncio.run_coroutine_threadsafe(self._link.run(), self._loop)
        with self._news:
            if not self._news.wait_for(self._is_up_again, timeout=SECONDS):
                raise TimeoutError(f"the link is not up: {self._link.status}")
            self._seen_logins = self._link.status.counters.logins

    def disconnect(self) -> None:
        """Our side ends the link."""
        if self._link is not None:
            link, self._link = self._link, None
            asyncio.run_coroutine_threadsafe(link.close(), self._loop).result(SECONDS)

    def pbx_lost(self) -> None:
        """Nothing to do: the link sees it by itself and comes back by itself."""

    def close(self) -> None:
        """End the link and its thread."""
        self.disconnect()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    def _is_up_again(self) -> bool:
        status = self._link.status if self._link else LinkStatus(LinkState.DOWN)
        return status.state is LinkState.UP and status.counters.logins > self._seen_logins

    def _snapshot(self) -> PbxSnapshot:
        if self._link is None:
            raise RuntimeError("not connected")
        return asyncio.run_coroutine_threadsafe(load_snapshot(self._link), self._loop).result(SECONDS)

    async def _resync(self, link: AmiLink) -> None:
        self._begin(await load_snapshot(link))

    def _event(self, message: Message, received: float) -> None:
        self._take(received, message)

    def _status(self, status: LinkStatus) -> None:
        with self._news:
            if status.state is LinkState.DOWN and self._first is not None:
                self._steps.append(LinkDownStep(time.time()))
            self._news.notify_all()
