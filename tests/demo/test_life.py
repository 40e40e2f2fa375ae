"""Hours of the living office: everything that happens in the PBX is in its events, and nothing is left hanging."""

from collections import Counter

from telephony.core.changes import CallEnded
from telephony.core.reducer import Reducer
from telephony.core.snapshot import PbxSnapshot
from telephony.demo.building import office
from telephony.demo.engine.clock import HandClock
from telephony.demo.engine.events import Event
from telephony.demo.life import Life
from telephony.demo.load import Crowd
from telephony.demo.people import EMPLOYEES
from tests.demo.eye import DemoEye

HOURS = 3
LONGEST = 900.0  # seconds a channel may live: talks, holds and parking together


def test_the_reducer_knows_exactly_the_channels_that_live() -> None:
    clock = HandClock()
    building = office(clock, EMPLOYEES)
    reducer = Reducer()
    eye = DemoEye(building)
    eye.connect()
    reducer.load(eye.snapshot(), clock.now())
    outcomes: Counter[str] = Counter()

    def take(event: Event) -> None:
        for change in reducer.apply(event.fields(), clock.now()):
            if isinstance(change, CallEnded):
                outcomes[change.summary.disposition] += 1

    building.pbx.listeners[:] = [take]
    Life(building, seed=7).begin()
    for _ in range(HOURS * 60):
        clock.advance(60)
        assert set(reducer.state.channels) == set(building.pbx.by_uniqueid)
        assert all(clock.now() - channel.created < LONGEST for channel in building.pbx.channels.values())
    assert reducer.reconcile(eye.snapshot(), clock.now())[1] == 0
    assert {"answered", "missed", "abandoned", "busy", "rejected", "no_answer"} <= set(outcomes)
    assert sum(outcomes.values()) > 250 * HOURS


def test_the_same_seed_gives_the_same_day() -> None:
    def day() -> tuple[str, ...]:
        clock = HandClock()
        building = office(clock, EMPLOYEES)
        names: list[str] = []
        building.pbx.listeners.append(lambda event: names.append(event.name))
        Life(building, seed=3).begin()
        clock.advance(600)
        return tuple(names)

    assert day() == day()


def test_the_snapshot_of_a_running_office_is_taken_over() -> None:
    clock = HandClock()
    building = office(clock, EMPLOYEES)
    Life(building, seed=11).begin()
    clock.advance(300)
    reducer = Reducer()
    snapshot: PbxSnapshot = DemoEye(building).snapshot()
    reducer.load(snapshot, clock.now())
    assert set(reducer.state.channels) == set(building.pbx.by_uniqueid)
    assert set(reducer.state.extensions) == {who.number for who in EMPLOYEES}


def test_a_crowd_keeps_as_many_calls_as_asked_for() -> None:
    clock = HandClock()
    crowd = Crowd(clock, extensions=2000, calls=500, rate=20)
    crowd.begin()
    clock.advance(30)
    for _ in range(30):
        clock.advance(2)
        assert 480 <= crowd.started - crowd.ended <= 500
    assert len(crowd.pbx.channels) >= 960
