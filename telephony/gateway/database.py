"""The database, asked from the event loop without ever stopping it."""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections

T = TypeVar("T")
Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]

AWAY: Final = (OperationalError, InterfaceError)  # refused, gone, shutting down, disk full, locked: worth another try


class DatabaseAwayError(Exception):
    """The database did not answer, or not in time. A statement that was under way may still take effect."""


class DatabaseThread:
    """One thread with a connection of its own.

    A server that hangs stalls this thread only: `run` gives up after its patience, further calls fail at once while the
    old statement hangs. The thread is a daemon, so that a hanging server cannot keep the process from ending.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._hanging: asyncio.Future[Any] | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, function: Callable[[], T], *, patience: float) -> T:
        """The function's result. Raises DatabaseAwayError after `patience` seconds or when the server is not there."""
        if self._hanging is not None and not self._hanging.done():
            raise DatabaseAwayError("the statement before has not come back yet")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, function))
        try:
            async with asyncio.timeout(patience):  # not wait_for: in Python 3.11 it may swallow a cancellation
                return await asyncio.shield(future)
        except TimeoutError:
            self._hanging = future
            future.add_done_callback(_forget)
            raise DatabaseAwayError(f"no answer within {patience:g} s") from None
        except asyncio.CancelledError:
            future.add_done_callback(_forget)
            raise
        except AWAY as error:
            raise DatabaseAwayError(str(error).strip() or type(error).__name__) from error

    async def close(self, patience: float = 2.0) -> None:
        """End the thread and its connection; one that hangs is left behind."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, patience)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            loop, future, function = job
            result: Any = None
            failure: BaseException | None = None
            try:
                close_old_connections()
                result = function()
            except BaseException as error:  # whatever it is, the waiting coroutine gets it
                failure = error
                if isinstance(error, AWAY):
                    _drop_connections()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, failure)
            del job, function, future, result, failure
        _drop_connections()


def _drop_connections() -> None:
    with suppress(*AWAY):
        connections.close_all()


def _settle(future: "asyncio.Future[Any]", result: object, failure: BaseException | None) -> None:
    if future.done():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(result)


def _forget(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()  # looked at, so that asyncio does not complain
