"""The gateway's ear at the channel layer: group `gateway.<pbx id>`."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from channels.layers import BaseChannelLayer

log = logging.getLogger(__name__)
JOIN_AGAIN: Final = 600.0  # seconds; the in-memory layer forgets members after a day
RETRY: Final = 1.0  # seconds, when the layer is away

Message = dict[str, Any]


async def listen(
    layer: BaseChannelLayer, pbx_id: int, *, on_command: Callable[[Message], None], on_snapshot: Callable[[str], None]
) -> None:
    """For ever. `on_snapshot` gets the channel that asks for the whole state. Both callbacks are quick."""
    while True:
        try:
            channel = await layer.new_channel()
            await _listen(layer, f"gateway.{pbx_id}", channel, on_command, on_snapshot)
        except Exception as error:  # whatever the layer's client raises
            log.warning("the channel layer is away: %s: %s", type(error).__name__, error)
            await asyncio.sleep(RETRY)


async def _listen(
    layer: BaseChannelLayer,
    group: str,
    channel: str,
    on_command: Callable[[Message], None],
    on_snapshot: Callable[[str], None],
) -> None:
    await layer.group_add(group, channel)
    joined = asyncio.create_task(_stay(layer, group, channel))
    try:
        while True:
            message = await layer.receive(channel)
            try:
                _dispatch(message, on_command, on_snapshot)
            except Exception:
                log.exception("a message to the gateway was not understood")
    finally:
        joined.cancel()
        with suppress(Exception):  # the layer may be away; then it has forgotten us anyway
            async with asyncio.timeout(RETRY):
                await layer.group_discard(group, channel)


async def _stay(layer: BaseChannelLayer, group: str, channel: str) -> None:
    while True:
        await asyncio.sleep(JOIN_AGAIN)
        with suppress(Exception):  # tried again later
            await layer.group_add(group, channel)


def _dispatch(message: Message, on_command: Callable[[Message], None], on_snapshot: Callable[[str], None]) -> None:
    if message.get("type") == "gateway.command":
        on_command(message)
    elif message.get("type") == "gateway.snapshot":
        on_snapshot(str(message["reply"]))
    else:
        log.warning("a message of an unknown type came to the gateway")
