"""Everybody in this process who watches a job, and one look at the database for all of them.

The worker is another process, and in the embedded default the channel layer ends at the process: so the rows are read,
by their keys, while somebody watches and not otherwise.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import DatabaseError

from astpanel.jobs.models import Job

EVERY: Final = 0.5  # seconds between two looks
Told = Callable[[Job | None], Awaitable[None]]  # None: the job is gone

log = logging.getLogger(__name__)


class Watching:
    """Of one event loop."""

    def __init__(self) -> None:
        self._watchers: dict[Told, int] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, job_id: int, told: Told) -> None:
        """`told` is awaited with the job's row after each look, until `remove`."""
        self._watchers[told] = job_id
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    def remove(self, told: Told) -> None:
        """Nobody is there any more; after the last one the looking ends by itself."""
        self._watchers.pop(told, None)

    async def _look(self) -> None:
        while self._watchers:
            watchers = dict(self._watchers)
            try:
                jobs = await database_sync_to_async(_read)(set(watchers.values()))
            except DatabaseError:
                log.warning("the jobs could not be read", exc_info=True)
            else:
                await asyncio.gather(*(self._tell(told, jobs.get(job_id)) for told, job_id in watchers.items()))
            await asyncio.sleep(EVERY)

    async def _tell(self, told: Told, job: Job | None) -> None:
        if told not in self._watchers:
            return
        try:
            await told(job)
        except Exception:  # servers differ in what they raise on a closed socket; the others go on
            log.info("a watcher of a job is gone", exc_info=True)
            self.remove(told)


def _read(ids: set[int]) -> dict[int, Job]:
    return Job.objects.defer("args", "result").in_bulk(ids)


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Watching] = WeakKeyDictionary()


def current_watching() -> Watching:
    """The one of the running loop."""
    return _of_loops.setdefault(asyncio.get_running_loop(), Watching())
