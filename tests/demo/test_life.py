"""Hours of the living office: everything that happens in the PBX is in its events, and nothing is left hanging."""

from collections import Counter

from telephony.core.changes import CallEnded
from telephony.core.reducer import Reducer
from telephony.core.snapshot import PbxSnapshot
from telephony.core.summary import CallSummary
from telephony.demo.building import office
from telephony.demo.engine.clock import HandClock
from telephony.demo.engine.events import Event
from telephony.demo.life import STRANGERS, Life
from telephony.demo.load import Crowd
from telephony.demo.people import CLIENTS, EMPLOYEES
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


def test_a_newcomers_history_begins_with_an_unknown_number() -> None:
    """Not before somebody listens; then within ten seconds a missed call at the operator's phone, and more later."""
    clock = HandClock()
    building = office(clock, EMPLOYEES)
    operator = next(who for who in EMPLOYEES if who.login == "operator")
    known = {client.number for client in CLIENTS}
    ended: list[CallSummary] = []
    reducer = Reducer()
    reducer.load(DemoEye(building).snapshot(), clock.now())

    def take(event: Event) -> None:
        changes = reducer.apply(event.fields(), clock.now())
        ended.extend(change.summary for change in changes if isinstance(change, CallEnded))

    def strangers() -> list[tuple[str, str]]:
        own = [one for one in ended if operator.number in {person.number for person in one.participants}]
        outside = [one for one in own if one.direction == "inbound" and one.caller_number not in known]
        return [(one.caller_number, one.disposition) for one in outside]

    building.pbx.listeners[:] = [take]
    waiting = True
    Life(building, seed=5, heard=lambda: not waiting).begin()
    clock.advance(25)
    assert strangers() == []
    waiting = False
    clock.advance(10)
    ((number, disposition),) = strangers()
    assert (number.startswith(STRANGERS), disposition in {"missed", "busy"}) == (True, True)
    clock.advance(900)
    assert len({number for number, _disposition in strangers()}) > 2


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
