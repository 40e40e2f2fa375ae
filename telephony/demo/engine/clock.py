"""Time for the demo PBX: the event loop's, or one that a test turns by hand."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol

Act = Callable[[], None]


class Timer(Protocol):
    """Something that will happen unless cancelled."""

    def cancel(self) -> None:
        """Do not let it happen."""


class Clock(Protocol):
    """All that the engine knows of time."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def later(self, seconds: float, act: Act) -> Timer:
        """Call `act` after so many seconds."""


class LoopClock:
    """The running event loop's time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def later(self, seconds: float, act: Act) -> Timer:
        """Call `act` after so many seconds."""
        return self._loop.call_later(seconds, act)


class _HandTimer:
    def __init__(self, act: Act) -> None:
        self.act: Act | None = act

    def cancel(self) -> None:
        self.act = None


class HandClock:
    """Stands still until `advance`: an hour of calls passes in a moment, and always in the same order."""

    def __init__(self, start: float = 1_763_800_000.0) -> None:
        self._now = start
        self._count = itertools.count()
        self._heap: list[tuple[float, int, _HandTimer]] = []

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now

    def later(self, seconds: float, act: Act) -> Timer:
        """Call `act` after so many seconds."""
        timer = _HandTimer(act)
        heapq.heappush(self._heap, (self._now + seconds, next(self._count), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass; whatever is due happens at its own moment."""
        end = self._now + seconds
        while self._heap and self._heap[0][0] <= end:
            due, _, timer = heapq.heappop(self._heap)
            self._now = max(self._now, due)
            if timer.act:
                timer.act()
        self._now = end
