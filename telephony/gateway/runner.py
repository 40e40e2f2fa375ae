"""One PBX in this process: waits for the lease, is its gateway while it holds it, stands by again when replaced."""

import asyncio
import logging
import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from channels.layers import BaseChannelLayer
from django.conf import settings

from telephony.gateway.configuration import PbxConfiguration
from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from telephony.gateway.gateway import Gateway
from telephony.gateway.lease import RENEW_EVERY, Lease, LeaseLostError, holder_name, take
from telephony.gateway.recorder import Recorder
from telephony.gateway.spool import Spool

log = logging.getLogger(__name__)
ASK_EVERY: Final = 1.0  # seconds between two looks at a lease that somebody else holds
LEASE_PATIENCE: Final = 4.0  # seconds for one statement
RELEASE_PATIENCE: Final = 1.0  # seconds; a lease that is not released runs out by itself
AFTER_A_FAILURE: Final = 1.0  # seconds
WRITE_AT_STOP: Final = 5.0  # seconds for the last facts; what is left then goes to the spool


class Runner:
    """`run` until it is cancelled, then everything is put away in order."""

    def __init__(self, configuration: PbxConfiguration, layer: BaseChannelLayer) -> None:
        self.configuration = configuration
        self.holder = holder_name()
        self.gateway: Gateway | None = None
        self._layer = layer
        self._leases = DatabaseThread(f"lease-{configuration.id}")
        self._facts = DatabaseThread(f"facts-{configuration.id}")
        self._reads = DatabaseThread(f"reads-{configuration.id}")
        spool = Spool(Path(settings.VAR_DIR) / "spool", configuration.id, self.holder.rsplit(":", 1)[-1])
        self.recorder = Recorder(configuration.id, self._facts, spool)
        self._lost = asyncio.Event()
        self.recorder.on_lease_lost = self._lost.set
        self._renewed = True

    def reconfigure(self, configuration: PbxConfiguration) -> None:
        """The row changed; the lease stays."""
        self.configuration = configuration
        if self.gateway is not None:
            self.gateway.reconfigure(configuration)

    async def run(self) -> None:
        """Stand by, serve, stand by …"""
        recording = asyncio.create_task(self.recorder.run())
        lease: Lease | None = None
        try:
            while True:
                await self.recorder.load_spool()
                lease = await self._acquire()
                await self._serve(lease)
                await self._let_go(lease)
                lease = None
        finally:
            recording.cancel()
            await asyncio.gather(recording, return_exceptions=True)
            await asyncio.shield(self._put_away(lease))

    async def _acquire(self) -> Lease:
        waiting = False
        while True:
            try:
                lease = await self._leases.run(
                    partial(take, self.configuration.id, self.holder), patience=LEASE_PATIENCE
                )
            except DatabaseAwayError as error:
                if not waiting:
                    log.warning("PBX %s: waiting for the database: %s", self.configuration.name, error)
                lease = None
            if lease is not None:
                log.info("PBX %s: we are its gateway, epoch %d", self.configuration.name, lease.epoch)
                return lease
            if not waiting:
                log.info("PBX %s: standing by", self.configuration.name)
            waiting = True
            await asyncio.sleep(ASK_EVERY)

    async def _serve(self, lease: Lease) -> None:
        """Until the lease is lost. A part that breaks is logged, and everything begins anew."""
        self._lost.clear()
        self.recorder.lease = lease
        gateway = self.gateway = Gateway(
            self.configuration,
            epoch=lease.name,
            layer=self._layer,
            recorder=self.recorder,
            reads=self._reads,
            reconcile_every=settings.RECONCILE_SECONDS,
        )
        work = asyncio.create_task(gateway.run())
        renewing = asyncio.create_task(self._renew(lease, gateway))
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({work, renewing, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            replaced = self._lost.is_set()
            for task in (work, renewing, lost):
                task.cancel()
            ended = await asyncio.gather(work, renewing, lost, return_exceptions=True)
            await gateway.close(tell=not replaced)
            self.gateway = None
            for error in ended:
                if isinstance(error, Exception):
                    log.error("PBX %s: the gateway broke", self.configuration.name, exc_info=error)

    async def _renew(self, lease: Lease, gateway: Gateway) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await self._leases.run(partial(lease.renew, self._status(gateway)), patience=LEASE_PATIENCE)
            except LeaseLostError:
                self.recorder.lose()
                return
            except DatabaseAwayError as error:
                if self._renewed:
                    log.error("PBX %s: the lease is not renewed: %s", self.configuration.name, error)
                self._renewed = False
                continue
            self._renewed = True

    async def _let_go(self, lease: Lease) -> None:
        if self._lost.is_set():
            log.warning("PBX %s: another gateway has taken over from epoch %d", self.configuration.name, lease.epoch)
            return
        self.recorder.lease = None
        with suppress(DatabaseAwayError):
            await self._leases.run(partial(lease.release, {}), patience=LEASE_PATIENCE)
        await asyncio.sleep(AFTER_A_FAILURE)

    async def _put_away(self, lease: Lease | None) -> None:
        await self.recorder.stop(WRITE_AT_STOP)
        if lease is not None:
            with suppress(DatabaseAwayError):
                await self._leases.run(partial(lease.release, {}), patience=RELEASE_PATIENCE)
        await asyncio.gather(*(database.close() for database in (self._facts, self._reads, self._leases)))

    def _status(self, gateway: Gateway) -> dict[str, Any]:
        return {**gateway.status(), "at": time.time(), "pid": os.getpid()}
