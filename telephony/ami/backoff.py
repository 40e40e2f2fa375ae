"""How long to wait before the next attempt."""

from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class Backoff:
    """Doubles from `first` to `longest` seconds; each wait is between half of that and all of it, never under `first`.

    The jitter keeps many gateways from knocking at a restarted PBX in the same moment.
    """

    first: float
    longest: float
    random: Random
    _failures: int = 0

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        ceiling = min(self.longest, self.first * 2.0 ** min(self._failures, 60))
        self._failures += 1
        return max(self.first, self.random.uniform(ceiling / 2, ceiling))

    def reset(self) -> None:
        """It worked: begin from `first` again."""
        self._failures = 0
