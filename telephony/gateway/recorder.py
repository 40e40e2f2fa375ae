"""Facts → database: batched, repeated until they are in, buffered while the database is away, never dropped."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from telephony.core.summary import CallSummary
from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from telephony.gateway.facts import Fact, Folded, key
from telephony.gateway.lease import Lease, LeaseLostError
from telephony.gateway.spool import Spool
from telephony.services import ActionFact, close_vanished, journal_actions, record_calls

log = logging.getLogger(__name__)
BATCH: Final = 50  # facts in one transaction
GATHER: Final = 0.1  # seconds: what comes within is written together
PATIENCE: Final = 30.0  # seconds for one transaction
RETRY_FIRST: Final = 0.25
RETRY_MAX: Final = 5.0


@dataclass(frozen=True, slots=True)
class RecorderCounters:
    """Since the recorder was made."""

    written: int = 0  # facts
    retries: int = 0  # transactions that failed because the database was away
    rejected: int = 0  # facts the database refused for good; kept in the spool folder


@dataclass(frozen=True, slots=True)
class _Sweep:
    """A login happened: running rows that are not among `live` are over."""

    live: tuple[CallSummary, ...]
    at: float


class Recorder:
    """The buffer and the one writer of a PBX's facts. Give it facts at any time, whatever the database does.

    With a lease it writes everything, guarded. Without one (lost, or not yet taken) it still delivers *ended* calls and
    acts, which only this gateway saw: `record_calls` never lets them replace the end of a call that another one wrote.
    """

    def __init__(self, pbx_id: int, database: DatabaseThread, spool: Spool, *, spool_after: float = 10.0) -> None:
        self.pbx_id = pbx_id
        self.counters = RecorderCounters()
        self.lease: Lease | None = None
        self.summarise: Callable[[str], CallSummary | None] = lambda _linkedid: None
        self.on_lease_lost: Callable[[], None] = lambda: None
        self.on_recorded: Callable[[Mapping[str, str]], None] = lambda _latest: None
        """Ended calls are in the database: extension → linkedid of its newest one among them."""
        self._database = database
        self._spool = spool
        self._spool_after = spool_after
        self._pending: dict[str, Fact] = {}
        self._unspooled: dict[str, Fact] = {}
        self._running: dict[str, None] = {}  # an ordered set of calls whose row of a running call is due
        self._sweep: _Sweep | None = None
        self._claimed: tuple[Path, ...] = ()
        self._spooled = False
        self._in_flight = False  # a batch is being written
        self._batch = BATCH
        self._away_since: float | None = None
        self._spooled_at = 0.0
        self._due = asyncio.Event()

    # --- What happened ---------------------------------------------------------------------------------------------
    def running(self, linkedid: str) -> None:
        """The call's row should say what is known of it now."""
        self._running[linkedid] = None
        self._due.set()

    def ended(self, summary: CallSummary) -> None:
        """A call is over."""
        self._running.pop(summary.linkedid, None)
        self._put(summary)

    def folded(self, linkedid: str) -> None:
        """A call was found to be a part of another."""
        self._running.pop(linkedid, None)
        self._put(Folded(linkedid))

    def acted(self, action: ActionFact) -> None:
        """A user's command has its outcome."""
        self._put(action)

    def logged_in(self, live: tuple[CallSummary, ...], at: float) -> None:
        """The PBX has told which calls live: others that the database believes to run are over."""
        self._sweep = _Sweep(live, at)
        for summary in live:
            self._running[summary.linkedid] = None
        self._due.set()

    @property
    def buffered(self) -> int:
        """Facts that are not in the database yet."""
        return len(self._pending)

    @property
    def away_since(self) -> float | None:
        """`time.monotonic()` of the first failure in a row, None while the database answers."""
        return self._away_since

    def _put(self, fact: Fact) -> None:
        self._pending.pop(key(fact), None)  # to the end: order of happening
        self._pending[key(fact)] = self._unspooled[key(fact)] = fact
        self._due.set()

    # --- Writing ---------------------------------------------------------------------------------------------------
    async def load_spool(self) -> None:
        """Take over what earlier gateways could not write."""
        spooled = await asyncio.to_thread(self._spool.load)
        for fact in spooled.facts:
            if key(fact) not in self._pending:
                self._put(fact)
        self._claimed += spooled.paths
        if spooled.facts:
            log.warning("%d facts were left in the spool by an earlier gateway", len(spooled.facts))

    async def run(self) -> None:
        """Write for ever; cancel it, then call `stop`."""
        retry = RETRY_FIRST
        while True:
            await self._due.wait()
            await asyncio.sleep(GATHER)
            if await self.write_once():
                retry = RETRY_FIRST
                continue
            await asyncio.sleep(retry)
            retry = min(retry * 2, RETRY_MAX)

    async def stop(self, patience: float) -> None:
        """Write what is left for at most `patience` seconds; the rest goes to the spool."""
        end = time.monotonic() + patience
        while self._has_work() and (left := end - time.monotonic()) > 0:
            if not await self.write_once(patience=left):
                await asyncio.sleep(min(RETRY_FIRST, left))
        if not self._has_work():
            return
        for linkedid in list(self._running) if self.lease else ():
            if (summary := self.summarise(linkedid)) is not None:
                self._put(summary)
        await self._spool_pending()
        log.warning("the database is away: %d facts are kept in %s", len(self._pending), self._spool.path)

    async def write_once(self, patience: float = PATIENCE) -> bool:
        """At most one batch; False when the database is away. Wakes itself up again while something is left."""
        self._due.clear()
        lease = self.lease
        batch = dict(islice(self._pending.items(), self._batch))
        running = list(islice(self._running, self._batch)) if lease else []
        for linkedid in running:  # marked again while we write: due again
            del self._running[linkedid]
        live = [summary for linkedid in running if (summary := self.summarise(linkedid)) is not None]
        self._in_flight = True
        try:
            await self._close_vanished(lease, patience)
            await self._database.run(partial(self._write, lease, list(batch.values()), live), patience=patience)
        except (asyncio.CancelledError, DatabaseAwayError) as error:
            self._running = dict.fromkeys(running) | self._running
            self._due.set()
            if isinstance(error, asyncio.CancelledError):
                raise
            await self._away(error)
            return False
        except LeaseLostError:
            self.lose()
            return True
        except Exception as error:  # whatever it is, trying the same again would only stop the others
            await self._refused(list(batch.values()), running, error)
            return True
        finally:
            self._in_flight = False
        self._written(batch)
        await self._back()
        return True

    async def _close_vanished(self, lease: Lease | None, patience: float) -> None:
        """Before anything else, so that the rows of calls younger than the login are not there yet."""
        if lease is None or (sweep := self._sweep) is None:
            return
        close = partial(close_vanished, pbx_id=self.pbx_id, live=sweep.live, at=sweep.at, guard=lease.guard)
        gone = await self._database.run(close, patience=patience)
        if gone.interrupted or gone.folded:
            log.info("calls that ended unseen: %d interrupted, %d folded into others", gone.interrupted, gone.folded)
        if self._sweep is sweep:
            self._sweep = None
        if gone.latest:
            self.on_recorded(gone.latest)

    def _write(self, lease: Lease | None, facts: list[Fact], live: list[CallSummary]) -> None:
        """In the database's thread."""
        ended = [fact for fact in facts if isinstance(fact, CallSummary)]
        folded = [fact.linkedid for fact in facts if isinstance(fact, Folded)]
        if live or ended or folded:
            guard = lease.guard if lease else None
            record_calls(pbx_id=self.pbx_id, calls=[*live, *ended], folded=folded, guard=guard)
        if actions := [fact for fact in facts if isinstance(fact, ActionFact)]:
            journal_actions(pbx_id=self.pbx_id, actions=actions)

    def _written(self, batch: dict[str, Fact]) -> None:
        for name, fact in batch.items():
            if self._pending.get(name) is fact:  # not replaced by something newer meanwhile
                del self._pending[name]
                self._unspooled.pop(name, None)
        self._batch = BATCH
        self.counters = replace(self.counters, written=self.counters.written + len(batch))
        if self._has_work():
            self._due.set()
        ended = [fact for fact in batch.values() if isinstance(fact, CallSummary) and fact.ended is not None]
        if latest := {who.number: call.linkedid for call in ended for who in call.participants if who.is_extension}:
            self.on_recorded(latest)

    def _has_work(self) -> bool:
        return bool(self._pending or (self.lease and (self._running or self._sweep)))

    @property
    def idle(self) -> bool:
        """Everything that is known is in the database."""
        return not self._in_flight and not self._has_work()

    def lose(self) -> None:
        """Another gateway has taken over: nothing more about running calls."""
        if self.lease is None:
            return
        self.lease = None
        self._running.clear()
        self._sweep = None
        self._due.set()
        self.on_lease_lost()

    # --- Trouble ---------------------------------------------------------------------------------------------------
    async def _away(self, error: DatabaseAwayError) -> None:
        now = time.monotonic()
        self.counters = replace(self.counters, retries=self.counters.retries + 1)
        if self._away_since is None:
            self._away_since = self._spooled_at = now
            log.error("the database is away, facts are buffered: %s", error)
        elif now - self._spooled_at >= self._spool_after:
            self._spooled_at = now
            await self._spool_pending()

    async def _back(self) -> None:
        if self._away_since is not None:
            log.warning("the database is back after %.0f s", time.monotonic() - self._away_since)
            self._away_since = None
        if not self._pending and (self._spooled or self._claimed):
            claimed, self._claimed, self._spooled = self._claimed, (), False
            await asyncio.to_thread(self._clear_files, claimed)

    def _clear_files(self, claimed: tuple[Path, ...]) -> None:
        self._spool.clear()
        for path in claimed:
            path.unlink(missing_ok=True)

    async def _spool_pending(self) -> None:
        facts, self._unspooled = self._unspooled, {}
        if not facts:
            return
        try:
            await asyncio.to_thread(self._spool.append, list(facts.values()))
            self._spooled = True
        except OSError as error:
            self._unspooled = facts | self._unspooled
            log.error("facts cannot be kept on disk: %s: %s", self._spool.path, error.strerror)

    async def _refused(self, batch: list[Fact], running: list[str], error: Exception) -> None:
        """A transaction failed for a reason that will not go away: find the culprit one by one, set it aside."""
        log.warning("the database refuses a batch of %d: %s", len(batch) + len(running), type(error).__name__)
        self._due.set()
        self._sweep = None
        if running:  # left out from now on: their ends will be written all the same
            return
        if len(batch) > 1:
            self._batch = max(1, len(batch) // 2)
            return
        for fact in batch:
            self._pending.pop(key(fact), None)
            self._unspooled.pop(key(fact), None)
            self.counters = replace(self.counters, rejected=self.counters.rejected + 1)
            await asyncio.to_thread(self._spool.reject, fact, f"{type(error).__name__}: {error}")
