"""How often a client may ask: so many requests in each minute of the clock, counted by all processes together.

Counted in the cache (Redis where there is one, else within the process). A cache that is away limits nobody: losing
Redis must not close the interface that a dialplan waits for.
"""

import logging
from typing import Final, NamedTuple

from django.core.cache import cache

log = logging.getLogger(__name__)
WINDOW: Final = 60  # seconds
WRONG_TOKENS: Final = 30  # a minute from one address


class Allowance(NamedTuple):
    """`retry_after`: seconds until the next minute begins."""

    allowed: bool
    retry_after: int


def take(key: str, limit: int, now: float) -> Allowance:
    """One more request. `now`: seconds since the epoch."""
    window, passed = divmod(now, WINDOW)
    return Allowance(_add(_name(key, window)) <= limit, int(WINDOW - passed) or 1)


def used_up(key: str, limit: int, now: float) -> bool:
    """Has the key no request left in this minute? Counts nothing."""
    try:
        return int(cache.get(_name(key, now // WINDOW), 0)) >= limit
    except Exception:  # as in _add: whatever the cache's client raises
        log.warning("the cache is away: requests are not limited", exc_info=True)
        return False


def _name(key: str, window: float) -> str:
    return f"api:{key}:{int(window)}"


def _add(name: str) -> int:
    try:
        cache.add(name, 0, timeout=2 * WINDOW)
        return int(cache.incr(name))
    except Exception:  # whatever the cache's client raises: ValueError when the key went meanwhile, OSError, redis' own
        log.warning("the cache is away: requests are not limited", exc_info=True)
        return 0
