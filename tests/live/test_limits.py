"""So many in so many seconds."""

from telephony.live.limits import RateLimit


def test_a_sliding_window() -> None:
    limit = RateLimit((2, 10.0))
    assert [limit.take(now) for now in (0.0, 1.0, 2.0, 9.9, 10.0, 10.5, 11.0)] == [
        True,
        True,
        False,
        False,
        True,
        False,
        True,
    ]
    assert limit.last_used == 11.0
