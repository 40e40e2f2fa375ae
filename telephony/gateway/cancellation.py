"""A task that was told to end must end, whatever a library made of the CancelledError."""

import asyncio


def heed() -> None:
    """Raise CancelledError if the running task was cancelled. For loops that go on after a call into the layer.

    redis-py writes by `asyncio.wait_for`, which before Python 3.12 returns as if nothing had been asked when its work
    is done in the same moment. A loop that sleeps next would never hear of it, and the gateway would not stop.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
