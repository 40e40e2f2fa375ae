"""The gateway's ear at the channel layer: group `gateway.<pbx id>`."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from channels.layers import BaseChannelLayer

from telephony.gateway.cancellation import heed

log = logging.getLogger(__name__)
JOIN_AGAIN: Final = 600.0  # seconds; the in-memory layer forgets members after a day
RETRY: Final = 1.0  # seconds, when the layer is away

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Readers:
    """What is done with each kind of message; quick functions."""

    on_command: Callable[[Message], None]
    on_snapshot: Callable[[str], None]  # the channel that asks for the whole state
    on_retry: Callable[[], None]  # somebody mended something on the PBX


async def listen(layer: BaseChannelLayer, pbx_id: int, readers: Readers) -> None:
    """For ever."""
    while True:
        try:
            channel = await layer.new_channel()
            await _listen(layer, f"gateway.{pbx_id}", channel, readers)
        except Exception as error:  # whatever the layer's client raises
            log.warning("the channel layer is away: %s: %s", type(error).__name__, error)
            await asyncio.sleep(RETRY)


async def _listen(layer: BaseChannelLayer, group: str, channel: str, readers: Readers) -> None:
    await layer.group_add(group, channel)
    joined = asyncio.create_task(_stay(layer, group, channel))
    try:
        while True:
            heed()
            message = await layer.receive(channel)
            try:
                _dispatch(message, readers)
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
        heed()


def _dispatch(message: Message, readers: Readers) -> None:
    match message.get("type"):
        case "gateway.command":
            readers.on_command(message)
        case "gateway.snapshot":
            readers.on_snapshot(str(message["reply"]))
        case "gateway.retry":
            readers.on_retry()
        case _:
            log.warning("a message of an unknown type came to the gateway")
