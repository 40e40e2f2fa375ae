"""Every event has the headers and the class that a real Asterisk 22 gives it, every line of a list its headers."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from telephony.core.recording import EventStep, Recording, parse
from telephony.core.reducer import WANTED_EVENTS
from tests.demo.office import DemoOffice
from tests.pbx.scenarios.every import ALL

RECORDINGS: Final = Path(__file__).parent.parent / "core/recordings/22"
RECORDED: Final = sorted(name for name in ALL if (RECORDINGS / f"{name}.jsonl").exists())
NOT_OURS: Final = {"ActionID", "ChanVariable"}  # the client chooses the one, manager.conf the other
NEVER_IN_A_LIST: Final = {"parked:ParkedCall"}  # nobody is parked in a recording's first moment
Keys = dict[str, set[str]]


def _collect(events: Keys, lists: Keys, recording: Recording) -> None:
    for step in recording.steps:
        if isinstance(step, EventStep):
            events[step.event["Event"]].update(set(step.event) - NOT_OURS, {f"class {step.event['Privilege']}"})
    snapshot = recording.header.snapshot
    for field in ("hints", "channels", "bridges", "queues", "parked", "devices"):
        for line in getattr(snapshot, field):
            lists[f"{field}:{line['Event']}"].update(set(line) - NOT_OURS)


def _keys(recordings: Iterable[Recording]) -> tuple[Keys, Keys]:
    events: Keys = defaultdict(set)
    lists: Keys = defaultdict(set)
    for recording in recordings:
        _collect(events, lists, recording)
    return events, lists


def _played(name: str) -> Recording:
    office = DemoOffice()
    if ALL[name].connected:
        office.connect()
    ALL[name].play(office)
    office.quiet()
    return office.eye.recording(name, ALL[name].story)


def _recorded(name: str) -> Recording:
    with (RECORDINGS / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return parse(lines)


def test_headers_are_those_of_asterisk() -> None:
    demo_events, demo_lists = _keys(_played(name) for name in RECORDED)
    real_events, real_lists = _keys(_recorded(name) for name in RECORDED)
    assert set(real_events) & WANTED_EVENTS == set(demo_events) & WANTED_EVENTS
    assert demo_events == {name: real_events[name] for name in demo_events}
    assert {name: keys for name, keys in demo_lists.items() if name not in NEVER_IN_A_LIST} == real_lists
