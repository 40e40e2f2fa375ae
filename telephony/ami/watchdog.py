"""Finds a link that is deaf: TCP still says connected, but nothing answers any more."""

import asyncio
from collections.abc import Callable
from typing import Final

from telephony.ami import actions
from telephony.ami.account import LinkTimings
from telephony.ami.errors import ActionTimeout, AmiError
from telephony.ami.exchange import Exchange

PATIENCE: Final = 3  # unanswered pings in a row while other bytes still come (a huge list in front of the answer)


async def watch(exchange: Exchange, timings: LinkTimings, data_at: Callable[[], float | None]) -> None:
    """Ping until the link is deaf; then return. The end of the connection ends it too (AmiError is not passed on)."""
    unanswered = 0
    while True:
        await asyncio.sleep(timings.ping_interval)
        before = data_at()
        try:
            await exchange.send(actions.ping(), timings.ping_deadline)
            unanswered = 0
        except ActionTimeout:
            unanswered += 1
            if data_at() == before or unanswered >= PATIENCE:
                return
        except AmiError:
            return
