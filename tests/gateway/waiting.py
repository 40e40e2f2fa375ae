"""Waiting for a condition inside the event loop."""

import asyncio
import time
from collections.abc import Callable

import pytest


async def until(condition: Callable[[], bool], what: str, patience: float = 60.0) -> None:
    """Return as soon as the condition holds; fail naming `what` when it does not in time."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {patience:g} s")
        await asyncio.sleep(0.01)


async def until_read(read: Callable[[], object], expected: object, patience: float = 60.0) -> None:
    """Until `read`, called in a thread (it may ask the database), gives `expected`; then the two are compared."""
    end = time.monotonic() + patience
    found = await asyncio.to_thread(read)
    while found != expected and time.monotonic() < end:
        await asyncio.sleep(0.02)
        found = await asyncio.to_thread(read)
    assert found == expected
