"""A part of the portal that must not end: if it does, says which and why, and starts it again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

log = logging.getLogger("astpanel.run")
PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each new start


async def keep(name: str, start: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run `start()` until `stop` is set, however often it breaks."""
    for failures in range(1_000_000):
        try:
            await start()
        except Exception:
            log.exception("%s broke", name)
        if stop.is_set():
            return
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        log.error("%s ended; starting it again in %g s", name, pause)
        try:
            async with asyncio.timeout(pause):  # not wait_for: in Python 3.11 it may swallow a cancellation
                await stop.wait()
        except TimeoutError:
            continue
        return
