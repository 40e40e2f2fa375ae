"""Back-pressure: who is behind, who has caught up. Time is given."""

from telephony.live.flow import BYTES_BEHIND, BYTES_LIMIT, Flow


def steady(flow: Flow, start: float, end: float, size: int = 100) -> list[float]:
    """A delta every 50 ms; the moments at which one was withheld."""
    withheld = []
    for tick in range(round(start * 20), round(end * 20)):
        now = tick / 20
        if flow.admits(size, now):
            flow.wrote(size, now)
        else:
            withheld.append(now)
    return withheld


def test_two_seconds_without_an_ack_are_too_long() -> None:
    flow = Flow()
    assert steady(flow, 10, 13)[0] == 12.05
    assert (flow.paused, flow.sent, flow.unacked_bytes) == (True, 41, 4100)


def test_acks_in_time_keep_it_going() -> None:
    flow = Flow()
    withheld = []
    for second in range(10, 20):
        withheld += steady(flow, second, second + 1)
        flow.ack(flow.sent, second + 1)
    assert (withheld, flow.sent, flow.unacked_bytes) == ([], 200, 0)


def test_bytes_behind_pause_at_once() -> None:
    flow = Flow()
    flow.wrote(BYTES_BEHIND, 10)
    assert (flow.admits(1, 10.01), flow.paused) == (False, True)


def test_bytes_of_a_snapshot_do_not_count_but_it_may_not_take_for_ever() -> None:
    flow = Flow()
    flow.wrote(10 * BYTES_BEHIND, 10, snapshot=True)
    assert steady(flow, 10.05, 26)[0] == 25.05
    assert flow.paused


def test_patience_ends_with_the_snapshot() -> None:
    flow = Flow()
    flow.wrote(1000, 10, snapshot=True)
    assert flow.ack(1, 11)
    assert steady(flow, 11, 14)[0] == 13.05


def test_after_silence_the_next_delta_is_a_probe() -> None:
    """A page in a background tab acks the last frame late; it must still get the next call's pop-up."""
    flow = Flow()
    flow.wrote(100, 10)
    assert (flow.admits(100, 40), flow.paused) == (True, False)
    flow.wrote(100, 40)
    assert steady(flow, 40.05, 43)[0] == 42.05


def test_paused_until_everything_is_acknowledged() -> None:
    flow = Flow()
    steady(flow, 10, 13)
    assert (flow.ack(40, 14), flow.caught_up, flow.admits(1, 14)) == (True, False, False)
    assert (flow.ack(41, 15), flow.caught_up, flow.unacked_bytes) == (True, True, 0)


def test_acks_that_cannot_be() -> None:
    flow = Flow()
    flow.wrote(100, 10)
    flow.wrote(100, 10)
    assert [flow.ack(count, 11) for count in (3, 2, 1, 2)] == [False, True, False, True]


def test_unread_answers_are_hopeless_at_last() -> None:
    flow = Flow()
    flow.wrote(BYTES_LIMIT, 10)
    assert not flow.hopeless
    flow.wrote(1, 10)
    assert flow.hopeless
