"""Whatever order, loss, repetition or damage the events suffer: nothing raises, and in the end nothing is left."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.core import recording, sync, views
from telephony.core.changes import CallEnded, CallMerged, CallStarted, Change
from telephony.core.recording import EventStep, Recording
from telephony.core.reducer import Reducer
from telephony.core.replay import Replay
from telephony.core.snapshot import Event, PbxSnapshot
from telephony.core.state import PbxState

PATHS = sorted((Path(__file__).parent / "recordings").rglob("*.jsonl"))
RECORDINGS = {
    f"{path.parent.name}-{path.stem}": recording.parse(path.read_text(encoding="utf-8").splitlines()) for path in PATHS
}
NAMES = st.sampled_from(sorted(RECORDINGS))
UNHURRIED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def events_of(one: Recording) -> list[Event]:
    return [step.event for step in one.steps if isinstance(step, EventStep)]


@dataclass(frozen=True)
class Damaged:
    """A stream to be survived; shown short, since hypothesis prints what fails."""

    names: tuple[str, ...]
    snapshot: PbxSnapshot = field(repr=False)
    events: list[Event] = field(repr=False)


@st.composite
def damaged(draw: st.DrawFn) -> Damaged:
    """The events of one or two recordings, mixed: some lost, some repeated, some out of order, some cut."""
    names = draw(st.lists(NAMES, min_size=1, max_size=2))
    chosen = [RECORDINGS[name] for name in names]
    events = [event for one in chosen for event in events_of(one)]
    random = draw(st.randoms(use_true_random=False))
    loss, repeat, far, cut = (draw(st.sampled_from((0.0, 0.02, 0.3))) for _ in range(4))
    result: list[tuple[float, int, Event]] = []
    for index, whole in enumerate(events):
        if random.random() < loss:
            continue
        event = whole
        if random.random() < cut:
            keys = random.sample(list(whole), k=random.randrange(len(whole) + 1))
            event = {key: random.choice((whole[key], "", "x", "-1", "<unknown>", "9" * 30, "²")) for key in keys}
            event.setdefault("Event", whole["Event"])
        for _ in range(2 if random.random() < repeat else 1):
            place = random.uniform(0, len(events)) if random.random() < far else float(index)
            result.append((place, len(result), event))
    mixed = [event for _, _, event in sorted(result, key=lambda item: item[:2])]
    return Damaged(tuple(names), chosen[0].header.snapshot, mixed)


def is_empty(state: PbxState) -> bool:
    callers = [caller for queue in state.queues.values() for caller in queue.callers]
    tables = (state.calls, state.calls_by_linkedid, state.channels, state.bridges, state.parked, state.locals, callers)
    busy = [extension for extension in state.extensions.values() if extension.channels]
    return not any(tables) and not busy


def assert_each_call_ends_once(changes: list[Change]) -> None:
    begun: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for change in changes:
        match change:
            case CallStarted(call_id):
                begun[call_id] += 1
                assert not over[call_id]
            case CallEnded(call_id) | CallMerged(call_id):
                over[call_id] += 1
    assert set(begun.values()) <= {1}
    assert begun == over


@UNHURRIED
@given(damaged())
def test_damaged_streams_never_raise_and_leave_nothing(damage: Damaged) -> None:
    snapshot, events = damage.snapshot, damage.events
    reducer, at = Reducer(), 1000.0
    changes = reducer.load(snapshot, at)
    for event in events:
        at += 0.01
        changes += reducer.apply(event, at)
        for call_id in reducer.state.calls:
            views.call(reducer.state, call_id, lambda number: None)
        for number in reducer.state.extensions:
            views.talk(reducer.state, number, lambda number: None)
    empty = PbxSnapshot(hints=snapshot.hints, queues=tuple(e for e in snapshot.queues if e["Event"] != "QueueEntry"))
    for _ in range(2):
        at += 10 * sync.GRACE
        changes += reducer.reconcile(empty, at)[0]
    assert is_empty(reducer.state)
    assert_each_call_ends_once(changes)
    for change in changes:
        if isinstance(change, CallEnded):
            assert change.summary.talk_seconds >= 0
            assert change.summary.wait_seconds >= 0
            assert all(leg.ended is not None for leg in change.summary.legs)


def listed(state: PbxState) -> PbxSnapshot:
    """What the list actions would say of this state."""
    channels = tuple(
        {
            "Event": "CoreShowChannel",
            "Channel": channel.name,
            "ChannelState": str(channel.state),
            "CallerIDNum": channel.caller_number,
            "CallerIDName": channel.caller_name,
            "Exten": channel.exten,
            "Uniqueid": channel.uniqueid,
            "Linkedid": channel.call.linkedids[0],
            "Duration": "00:00:05",
            "BridgeId": channel.bridge.bridge_id if channel.bridge else "",
            "Application": "" if channel.call.first is channel.leg else "AppDial",
        }
        for channel in state.channels.values()
    )
    bridges = tuple(
        {
            "Event": "BridgeListItem",
            "BridgeUniqueid": bridge.bridge_id,
            "BridgeType": "parking" if bridge.parking else "basic" if bridge.basic else "base",
            "BridgeTechnology": "holding_bridge" if bridge.holding else "simple_bridge",
        }
        for bridge in state.bridges.values()
    )
    hints = tuple(
        {"Event": "ExtensionStatus", "Exten": one.number, "Hint": one.hint, "Status": str(one.status)}
        for one in state.extensions.values()
    )
    parked = tuple(
        {
            "Event": "ParkedCall",
            "Parkinglot": slot.lot,
            "ParkingSpace": slot.space,
            "ParkeeUniqueid": slot.uniqueid,
            "ParkeeChannel": state.channels[slot.uniqueid].name,
        }
        for slot in state.parked.values()
    )
    queues: list[Event] = []
    for queue in state.queues.values():
        queues.append({"Event": "QueueParams", "Queue": queue.name})
        queues += [{"Event": "QueueMember", "Queue": queue.name, "Location": key} for key in queue.members]
        queues += [{"Event": "QueueEntry", "Queue": queue.name, "Uniqueid": key} for key in queue.callers]
    return PbxSnapshot(hints=hints, channels=channels, bridges=bridges, parked=parked, queues=tuple(queues))


def picture(state: PbxState) -> set[tuple[frozenset[str], bool]]:
    """Live calls: who is in them, and whether they talk."""
    return {
        (frozenset(uid for uid, channel in call.channels.items() if channel.leg is not None), call.talking > 0)
        for call in state.calls.values()
        if call.live
    }


@UNHURRIED
@given(NAMES, st.floats(0, 1))
def test_joining_in_the_middle_shows_the_same_calls(name: str, where: float) -> None:
    one = RECORDINGS[name]
    events = events_of(one)
    cut = int(where * len(events))
    whole, late, at = Reducer(), Reducer(), 1000.0
    whole.load(one.header.snapshot, at)
    for event in events[:cut]:
        at += 0.01
        whole.apply(event, at)
    late.load(listed(whole.state), at)
    assert picture(late.state) == picture(whole.state)
    changes = late.load(listed(whole.state), at)  # a second login finds nothing new
    assert not [change for change in changes if isinstance(change, CallStarted | CallEnded | CallMerged)]
    for event in events[cut:]:
        at += 0.01
        whole.apply(event, at)
        late.apply(event, at)
    assert picture(late.state) == picture(whole.state)


@UNHURRIED
@given(NAMES)
def test_a_reconciliation_with_the_truth_finds_no_drift(name: str) -> None:
    one = RECORDINGS[name]
    reducer, at = Reducer(), 1000.0
    reducer.load(one.header.snapshot, at)
    for event in events_of(one):
        at += 0.01
        reducer.apply(event, at)
        changes, drift = reducer.reconcile(listed(reducer.state), at + 60.0)
        assert (drift, [change for change in changes if isinstance(change, CallEnded)]) == (0, [])


def test_a_replay_never_forgets_a_call() -> None:
    assert [name for name, one in RECORDINGS.items() if not is_empty(Replay(one).run().reducer.state)] == []
