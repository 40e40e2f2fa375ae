"""AMI bytes → calls: our wire, reducer and views against cacofonisk, and against panoramisk + cacofonisk as shipped.

`python -m tests.bench.bench_calls` prints a table. Runs of both sides alternate; figures are medians on one core.
"""

import asyncio
import gc
import json
import logging
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from cacofonisk.handlers import EventHandler
from cacofonisk.reporters import BaseReporter
from panoramisk import Manager

from telephony.ami.wire import WireParser
from telephony.core import views
from telephony.core.changes import CallChanged, CallEnded, CallStarted, Change, ExtensionChanged
from telephony.core.reducer import WANTED_EVENTS, Reducer
from telephony.core.snapshot import PbxSnapshot
from tests.bench.calls_stream import Event, Office, encode

ROUNDS = 7
SEGMENT = 1448  # bytes of a TCP segment
BATCH = 50  # events between two deltas: 50 ms at 1,000 events a second

Run = Callable[[], float]


def clocked(work: Callable[[], object]) -> float:
    """CPU seconds of one run (others share the machine); garbage of earlier runs is swept out before."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def alternate(ours: Run, theirs: Run, rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians of alternating runs."""
    mine, other = [], []
    for _ in range(rounds):
        mine.append(ours())
        other.append(theirs())
    return statistics.median(mine), statistics.median(other)


class Silent(BaseReporter):  # type: ignore[misc]  # cacofonisk ships no types
    """Takes what cacofonisk reports and does nothing, as cheaply as possible."""

    def set_timestamp(self, timestamp: Any) -> None: ...
    def on_event(self, event: Any) -> None: ...
    def on_b_dial(self, *args: Any, **kwargs: Any) -> None: ...
    def on_up(self, *args: Any, **kwargs: Any) -> None: ...
    def on_hangup(self, *args: Any, **kwargs: Any) -> None: ...


def their_tracker(office: Office, warm: list[Event], steady: list[Event]) -> float:
    handler = EventHandler(Silent())
    for event in warm:
        handler.on_event(event)

    def work() -> None:
        for event in steady:
            handler.on_event(event)

    return clocked(work)


def our_tracker(office: Office, warm: list[Event], steady: list[Event]) -> float:
    reducer = Reducer()
    reducer.load(PbxSnapshot(hints=office.hints()), 0.0)
    for event in warm:
        reducer.apply(event, 1.0)
    apply = reducer.apply

    def work() -> None:
        for event in steady:
            apply(event, 2.0)

    return clocked(work)


class Deltas:
    """What the gateway does with changes: JSON of everything that changed, once per batch; summaries of ended calls."""

    def __init__(self, reducer: Reducer) -> None:
        self.reducer, self.size = reducer, 0

    def publish(self, changes: list[Change]) -> None:
        state = self.reducer.state
        delta: dict[str, Any] = {}
        for change in dict.fromkeys(changes):
            match change:
                case ExtensionChanged(number):
                    delta[f"ext:{number}"] = views.extension(state, number)
                case CallEnded(call_id, summary):  # the recorder's part
                    delta[f"call:{call_id}"] = None
                    self.size += len(summary.legs)
                case CallStarted(call_id) | CallChanged(call_id):
                    delta[f"call:{call_id}"] = views.call(state, call_id, no_contact)
                    for number in views.extensions_of_call(state, call_id):
                        delta[f"talk:{number}"] = views.talk(state, number, no_contact)
        self.size += len(json.dumps(delta))


def no_contact(number: str) -> dict[str, Any] | None:
    return None


def segments(data: bytes) -> list[bytes]:
    return [data[start : start + SEGMENT] for start in range(0, len(data), SEGMENT)]


def our_pipeline(office: Office, warm: bytes, chunks: list[bytes]) -> float:
    parser, reducer = WireParser(wanted=WANTED_EVENTS), Reducer()
    reducer.load(PbxSnapshot(hints=office.hints()), 0.0)
    for event in parser.feed(warm):
        reducer.apply(event, 1.0)
    deltas = Deltas(reducer)

    def work() -> None:
        changes: list[Change] = []
        count = 0
        for chunk in chunks:
            for event in parser.feed(chunk):
                changes += reducer.apply(event, 2.0)
                count += 1
                if count % BATCH == 0:
                    deltas.publish(changes)
                    changes = []

    return clocked(work)


def their_pipeline(warm: bytes, chunks: list[bytes]) -> float:
    """Exactly what cacofonisk's AmiRunner wires up, without the socket."""
    manager = Manager(loop=asyncio.new_event_loop(), encoding="utf8")
    handler = EventHandler(Silent())
    for name in handler.event_handlers():
        manager.register_event(name, lambda _, event: handler.on_event(event))
    protocol = manager.config["protocol_factory"]()
    protocol.connection_made(None)
    protocol.factory, protocol.encoding = manager, "utf8"
    protocol.version = "9.0.0"
    protocol.data_received(warm)

    def work() -> None:
        for chunk in chunks:
            protocol.data_received(chunk)

    seconds = clocked(work)
    manager.config["loop"].close()
    return seconds


def line(what: str, ours: str, theirs: str, ratio: str, goal: str) -> None:
    sys.stdout.write(f"| {what} | {ours} | {theirs} | {ratio} | {goal} |\n")
    sys.stdout.flush()


def rate(events: int, seconds: float) -> str:
    return f"{events / seconds / 1000:.0f}k/s"


def bench_trackers() -> None:
    for live, goal in ((10, ""), (100, "≥ 1.8"), (1000, "≥ 1.2"), (5000, "≥ 1.2")):
        office = Office(extensions=20000)
        warm, steady, _ = office.steady(live, 2000)
        mine, other = alternate(
            lambda o=office, w=warm, s=steady: our_tracker(o, w, s),  # type: ignore[misc]  # bound now on purpose
            lambda o=office, w=warm, s=steady: their_tracker(o, w, s),  # type: ignore[misc]  # bound now on purpose
        )
        line(
            f"tracker alone, {live} live calls",
            rate(len(steady), mine),
            rate(len(steady), other) + " cacofonisk",
            f"{other / mine:.2f}",
            goal,
        )


def bench_pipeline() -> None:
    for noise in (False, True):
        office = Office(noise=noise)
        warm, steady, _ = office.steady(100, 1500 if not noise else 500)
        data = encode(steady)
        chunks, head = segments(data), encode(warm)
        mine, other = alternate(
            lambda o=office, h=head, c=chunks: our_pipeline(o, h, c),  # type: ignore[misc]  # bound now on purpose
            lambda h=head, c=chunks: their_pipeline(h, c),  # type: ignore[misc]  # bound now on purpose
            rounds=5,
        )
        line(
            f"bytes → calls with deltas, 100 live calls, {len(data) // len(steady)} B/event"
            + (", two thirds of no use" if noise else ", none of them noise"),
            rate(len(steady), mine),
            rate(len(steady), other) + " panoramisk + cacofonisk",
            f"{other / mine:.2f}",
            "≥ 4.5" if noise else "",
        )


def bench_ring_group() -> None:
    per_event: dict[int, float] = {}
    for ring in (5, 500):
        office = Office(extensions=20000)
        streams = [office.call(ring) for _ in range(2000 // ring)]
        events = [event for begin, end in streams for event in begin + end]
        per_event[ring] = statistics.median(our_tracker(office, [], events) / len(events) for _ in range(ROUNDS))
    line(
        "ring group of 500 against one of 5, per event",
        f"{per_event[500] * 1e6:.2f} µs",
        f"{per_event[5] * 1e6:.2f} µs (ours, group of 5)",
        f"{per_event[500] / per_event[5]:.2f}",
        "≤ 2",
    )


def bench_memory() -> None:
    office, reducer = Office(), Reducer()
    reducer.load(PbxSnapshot(hints=office.hints()), 0.0)
    sizes = []
    for finished in range(100_001):
        begin, end = office.call()
        for event in begin + end:
            reducer.apply(event, float(finished))
        if finished == 50_000:
            tracemalloc.start()
        if finished in (60_000, 80_000, 100_000):
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0] / 1024)
    tracemalloc.stop()
    live = len(reducer.state.calls) + len(reducer.state.channels) + len(reducer.state.bridges)
    line(
        "memory grown at 60k, 80k, 100k finished calls",
        ", ".join(f"{s:.0f} KiB" for s in sizes),
        f"{live} objects left",
        "",
        "flat",
    )


def listing(events: list[Event]) -> dict[str, Event]:
    """CoreShowChannels at the end of a stream, from the stream itself."""
    channels: dict[str, Event] = {}
    for event in events:
        uniqueid, name = event.get("Uniqueid", ""), event["Event"]
        if name == "Hangup":
            channels.pop(uniqueid, None)
        elif uniqueid and name in ("Newchannel", "Newstate", "BridgeEnter", "BridgeLeave"):
            bridge = event.get("BridgeUniqueid", "") if name == "BridgeEnter" else ""
            keep = channels.get(uniqueid, {}).get("BridgeId", "") if name in ("Newchannel", "Newstate") else bridge
            channels[uniqueid] = {**event, "Event": "CoreShowChannel", "BridgeId": keep, "Duration": "00:01:00"}
    return channels


def bench_losses() -> None:
    office, reducer, chance = Office(), Reducer(), random.Random(1)
    reducer.load(PbxSnapshot(hints=office.hints()), 0.0)
    warm, steady, _ = office.steady(200, 5000)
    lost = 0
    for event in warm + steady:
        if event["Event"] == "Hangup" and chance.random() < 0.01:
            lost += 1
        else:
            reducer.apply(event, 10.0)
    truth = listing(warm + steady)
    before = len(set(reducer.state.channels) - set(truth))
    snapshot = PbxSnapshot(hints=office.hints(), channels=tuple(truth.values()))
    reducer.reconcile(snapshot, 40.0)
    reducer.reconcile(snapshot, 43.0)
    after = len(set(reducer.state.channels) - set(truth)) + len(set(truth) - set(reducer.state.channels))
    line(f"ghosts after reconciliation, {lost} of {len(steady)} events lost", str(after), f"{before} before", "", "0")


def bench_late_join() -> None:
    office, full, late = Office(), Reducer(), Reducer()
    hints = office.hints()
    full.load(PbxSnapshot(hints=hints), 0.0)
    warm, steady, _ = office.steady(200, 333)
    cut = len(steady) // 2
    for event in warm + steady[:cut]:
        full.apply(event, 60.0)
    late.load(PbxSnapshot(hints=hints, channels=tuple(listing(warm + steady[:cut]).values())), 60.0)
    right = 0
    for call_id in full.state.calls:
        one, other = (views.call(side.state, call_id, no_contact) for side in (full, late))
        same = ("direction", "state", "caller", "called")
        legs = [sorted((leg["number"], leg["state"]) for leg in view["legs"]) if view else [] for view in (one, other)]
        right += one is not None and other is not None and all(one[k] == other[k] for k in same) and legs[0] == legs[1]
    total = len(full.state.calls)
    line(
        "joined in the middle: live calls shown right",
        f"{right} of {total}",
        "",
        f"{100 * right / total:.0f} %",
        "≥ 95 %",
    )


def main() -> None:
    """Everything, as a Markdown table."""
    logging.disable(logging.CRITICAL)
    sys.stdout.write("| AMI bytes → calls | ours | against | ratio | goal |\n|---|---|---|---|---|\n")
    bench_trackers()
    bench_pipeline()
    bench_ring_group()
    bench_losses()
    bench_late_join()
    bench_memory()


if __name__ == "__main__":
    main()
