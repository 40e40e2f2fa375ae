"""All gateways of this process: one runner for each enabled PBX; follows what the administrator changes."""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from typing import Final

from channels.layers import BaseChannelLayer, get_channel_layer

from telephony.gateway.configuration import PbxConfiguration, enabled_pbxs
from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from telephony.gateway.runner import Runner

log = logging.getLogger(__name__)
LOOK_EVERY: Final = 3.0  # seconds between two looks at the Pbx rows
PATIENCE: Final = 5.0


async def run(stop: asyncio.Event, *, pbx_names: Collection[str] = ()) -> None:
    """Be the gateway of every enabled PBX (or of those named) until `stop` is set; then stop cleanly.

    Runs in `manage.py run_gateway`, or as a task in the web server's event loop. Needs the database only to begin.
    """
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("CHANNEL_LAYERS has no default layer")
    service = _Service(layer, pbx_names)
    try:
        while not stop.is_set():
            await service.follow()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await stop.wait()
    finally:
        await asyncio.shield(service.close())


class _Service:
    def __init__(self, layer: BaseChannelLayer, pbx_names: Collection[str]) -> None:
        self._layer = layer
        self._pbx_names = pbx_names
        self._database = DatabaseThread("pbxs")
        self._running: dict[int, tuple[Runner, asyncio.Task[None]]] = {}
        self._away = False

    async def follow(self) -> None:
        """Start, change and stop runners as the rows say; while the database is away everything stays as it is."""
        try:
            wanted = await self._database.run(partial(enabled_pbxs, self._pbx_names), patience=PATIENCE)
        except DatabaseAwayError as error:
            if not self._away:
                log.warning("the list of PBXs cannot be read: %s", error)
            self._away = True
            return
        except Exception:  # a wrong field key, a missing migration: say it, keep what runs, look again
            log.exception("the list of PBXs cannot be read")
            return
        self._away = False
        await self._stop([pbx_id for pbx_id in self._running if pbx_id not in wanted])
        for configuration in wanted.values():
            self._start_or_change(configuration)

    def _start_or_change(self, configuration: PbxConfiguration) -> None:
        runner, task = self._running.get(configuration.id, (None, None))
        if runner is None or task is None or task.done():
            if task is not None and not task.cancelled() and (error := task.exception()):
                log.error("PBX %s: the gateway broke and starts again", configuration.name, exc_info=error)
            runner = Runner(configuration, self._layer)
            self._running[configuration.id] = (runner, asyncio.create_task(runner.run()))
        elif runner.configuration != configuration:
            log.info("PBX %s: its settings have changed", configuration.name)
            runner.reconfigure(configuration)

    async def close(self) -> None:
        """Stop them all at the same time."""
        await self._stop(list(self._running))
        await self._database.close()

    async def _stop(self, pbx_ids: list[int]) -> None:
        tasks = [self._running.pop(pbx_id)[1] for pbx_id in pbx_ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
