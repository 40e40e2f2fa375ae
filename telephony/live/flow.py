"""Back-pressure of one browser: what it was sent, what it has acknowledged, whether it is behind.

Daphne buffers without limit for a browser that does not read, so the hub stops writing to one that does not
acknowledge, and gives it a fresh snapshot when it reads again. Pure: the clock comes from outside (monotonic seconds).
"""

from collections import deque
from typing import Final

BYTES_BEHIND: Final = 256 * 1024  # unacknowledged bytes of deltas
SECONDS_BEHIND: Final = 2.0  # without an ack that was due
SNAPSHOT_SECONDS: Final = 15.0  # the same while a snapshot is on its way
SILENCE: Final = 1.0  # after so long without a frame the next one is a probe: the page acks it at once
BYTES_LIMIT: Final = 4 * 1024 * 1024  # with answers and snapshots: more than that and the socket is closed


class Flow:
    """Counters of one socket. `paused`: deltas are withheld until everything sent has been acknowledged."""

    __slots__ = ("_due", "_last", "_patience", "_sizes", "acked", "paused", "sent", "snapshot_bytes", "unacked_bytes")

    def __init__(self) -> None:
        self.sent = 0  # frames
        self.acked = 0  # frames
        self.unacked_bytes = 0
        self.snapshot_bytes = 0  # of them in snapshots: their size is no fault of the browser
        self.paused = False
        self._sizes: deque[int] = deque()  # of unacknowledged frames; snapshots negative
        self._due = 0.0  # since when the browser owes an ack
        self._last = 0.0  # last write
        self._patience = SECONDS_BEHIND

    def admits(self, size: int, now: float) -> bool:
        """May a delta of `size` bytes be written? False pauses the browser."""
        if self.paused:
            return False
        if self._sizes:
            waited = now - self._due
            too_late = waited > self._patience and now - self._last < SILENCE
            if too_late or self.unacked_bytes - self.snapshot_bytes + size > BYTES_BEHIND:
                self.paused = True
                return False
        return True

    def wrote(self, size: int, now: float, *, snapshot: bool = False) -> None:
        """A frame was written."""
        if not self._sizes or now - self._last >= SILENCE:
            self._due = now
        self._last = now
        self.sent += 1
        self.unacked_bytes += size
        if snapshot:
            self.snapshot_bytes += size
            self._patience = SNAPSHOT_SECONDS
            size = -size
        self._sizes.append(size)

    def ack(self, count: int, now: float) -> bool:
        """The browser has received `count` frames in all. False: it cannot have."""
        if not self.acked <= count <= self.sent:
            return False
        for _ in range(count - self.acked):
            size = self._sizes.popleft()
            if size < 0:
                self.snapshot_bytes += size
                size = -size
            self.unacked_bytes -= size
        if count > self.acked:
            self.acked = count
            self._due = now
            if not self.snapshot_bytes:
                self._patience = SECONDS_BEHIND
        return True

    @property
    def caught_up(self) -> bool:
        """Everything written has been acknowledged."""
        return not self._sizes

    @property
    def hopeless(self) -> bool:
        """So much is unread that the socket must go."""
        return self.unacked_bytes > BYTES_LIMIT
