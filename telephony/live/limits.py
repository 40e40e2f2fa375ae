"""How often a user may ask. Pure: the clock comes from outside (monotonic seconds)."""

from collections import deque
from typing import Final

COMMANDS: Final = (20, 10.0)  # per user and process: so many in so many seconds
MESSAGES: Final = (100, 10.0)  # per socket, acks not counted: they cannot outnumber the frames sent
JOINS: Final = (20, 10.0)  # per socket: each may cost a snapshot


class RateLimit:
    """At most `count` within any `seconds`."""

    __slots__ = ("_count", "_seconds", "_times")

    def __init__(self, limit: tuple[int, float]) -> None:
        self._count, self._seconds = limit
        self._times: deque[float] = deque()

    def take(self, now: float) -> bool:
        """Use one; False: none left at the moment."""
        while self._times and now - self._times[0] >= self._seconds:
            self._times.popleft()
        if len(self._times) >= self._count:
            return False
        self._times.append(now)
        return True

    @property
    def last_used(self) -> float:
        """When it was last used; 0 if never."""
        return self._times[-1] if self._times else 0.0
