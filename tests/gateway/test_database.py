"""The database's thread: results, errors, patience, and cancellation at any moment."""

import asyncio
import threading
import time

import pytest
from django.db import OperationalError

from telephony.gateway.database import DatabaseAwayError, DatabaseThread
from tests.gateway.waiting import until


async def test_results_and_errors_come_back() -> None:
    database = DatabaseThread("test")
    assert await database.run(lambda: 42, patience=60) == 42

    def fails() -> None:
        raise LookupError("no such thing")

    def away() -> None:
        raise OperationalError("connection refused")

    with pytest.raises(LookupError, match="no such thing"):
        await database.run(fails, patience=60)
    with pytest.raises(DatabaseAwayError, match="connection refused"):
        await database.run(away, patience=60)
    await database.close()


async def test_a_statement_that_hangs_is_given_up_and_the_next_fails_at_once() -> None:
    database, release = DatabaseThread("test"), threading.Event()
    with pytest.raises(DatabaseAwayError, match=r"no answer within 0\.1 s"):
        await database.run(release.wait, patience=0.1)
    began = time.monotonic()
    with pytest.raises(DatabaseAwayError, match="has not come back yet"):
        await database.run(lambda: 42, patience=60)
    assert time.monotonic() - began < 30
    release.set()
    await until(lambda: database._hanging is not None and database._hanging.done(), "the statement to come back")
    assert await database.run(lambda: 42, patience=60) == 42
    await database.close()


async def test_a_cancellation_is_never_swallowed() -> None:
    """Also when it comes in the very moment of the result, as at a stop in the middle of a write."""
    database = DatabaseThread("test")

    async def work() -> None:
        while True:
            await database.run(lambda: None, patience=60)

    for turns in range(300):
        task = asyncio.create_task(work())
        for _ in range(turns % 7 + 1):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=60)
        assert [other.cancelled() for other in done] == [True]
    await database.close()
