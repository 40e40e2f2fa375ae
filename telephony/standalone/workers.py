"""The django-q cluster as a child process in a session of its own, so that Ctrl-C reaches it through us only."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from typing import Final

from django.conf import settings

log = logging.getLogger("astpanel.workers")
PATIENCE: Final = 3.0  # seconds from SIGTERM to SIGKILL
STEADY: Final = 30.0  # seconds; a cluster that lives shorter than that is not worth an endless row of restarts
RESTARTS: Final = 3


class Workers:
    """Starts `manage.py qcluster`, again if it dies, not for ever if it dies at once."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._last_words: deque[str] = deque(maxlen=20)
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Of the cluster's first process."""
        return self._process.pid if self._process else None

    async def run(self) -> None:
        """Until `stop`, or until it has died too often: then says why and returns."""
        failures = 0
        while not self._stopping and failures < RESTARTS:
            began = time.monotonic()
            code = await self._once()
            if self._stopping:
                return
            failures = failures + 1 if time.monotonic() - began < STEADY else 1
            words = "\n".join(self._last_words)
            log.error("the workers ended by themselves (exit code %s). Their last words:\n%s", code, words)
            await asyncio.sleep(failures)
        if not self._stopping:
            log.error("the workers died %d times in a row and are not started again: tasks will wait", failures)

    async def _once(self) -> int:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - PIPE
        async for line in self._process.stdout:
            text = line.decode(errors="replace").rstrip()
            self._last_words.append(text)
            log.debug("%s", text)
        return await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM to the cluster, which ends its workers; SIGKILL to whatever is left after a while."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
