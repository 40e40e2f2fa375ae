"""The portal while it runs: starts its parts, waits for the signal, stops them within seconds."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from typing import Any, Final

from telephony.demo.face.server import AmiServer
from telephony.gateway import service
from telephony.standalone.parts import keep
from telephony.standalone.web import WebServer
from telephony.standalone.workers import Workers

log = logging.getLogger("astpanel.run")
READY_PATIENCE: Final = 10.0  # seconds to wait for the first log-in to the demo PBX
STOP_PATIENCE: Final = 4.0  # seconds for everything to end


class Portal:
    """`run` is one task in the loop that the web server's reactor turns; at its end the reactor ends."""

    def __init__(self, web: WebServer, demo: AmiServer | None, ready: Callable[[int], None]) -> None:
        self.web, self.demo, self._ready = web, demo, ready
        self.workers = Workers()
        self.failure = ""  # why the portal ended, if nobody asked it to
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    async def run(self) -> None:
        """From the first listening to the last good-bye."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        try:
            await self.web.listening.wait()
            if self.web.failed:
                self.failure = self.web.failed
                return
            self._tasks = [
                asyncio.create_task(keep("gateway", lambda: service.run(self._stop), self._stop)),
                asyncio.create_task(self.workers.run()),
            ]
            await self._until_linked()
            if not self._stop.is_set():
                self._ready(self.web.port)
            await self._stop.wait()
        except Exception:
            log.exception("the portal broke")
            self.failure = "the portal broke, see above"
        finally:
            await self._end()

    async def _until_linked(self) -> None:
        """The page is worth opening once the gateway has logged in; a real PBX may take its time."""
        end = time.monotonic() + READY_PATIENCE
        while self.demo and not self._stop.is_set() and time.monotonic() < end:
            if any(session.account for session in self.demo.sessions):
                return
            await asyncio.sleep(0.05)

    async def _end(self) -> None:
        self._stop.set()
        ends = [self.web.stop_listening(), self.web.say_goodbye(), self.workers.stop(), *self._tasks]
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                for result in await asyncio.gather(*ends, return_exceptions=True):
                    if isinstance(result, Exception):
                        log.error("while stopping: %r", result)
                if self.demo:
                    await self.demo.stop()
        except TimeoutError:
            log.error("not everything ended within %g s", STOP_PATIENCE)
        self.web.end()
