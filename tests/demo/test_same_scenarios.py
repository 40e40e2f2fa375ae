"""The demo PBX is held to the truth: each scenario ends in the same calls as on a real Asterisk 22.

The recordings were made by tests/pbx/record.py on the real thing. Here the same scenario functions are played on the
demo, its events run through the same reducer, and everything but times and names of channels must be equal: each call
with direction, outcome, reason, queue, parties, who rang, who talked, every leg with its cause; and the states that
each phone went through.
"""

from pathlib import Path

import pytest

from telephony.core.recording import parse
from tests.demo.likeness import likeness
from tests.demo.office import DemoOffice
from tests.pbx.scenarios import Scenario
from tests.pbx.scenarios.every import ALL

RECORDINGS = Path(__file__).parent.parent / "core/recordings/22"
RECORDED = {path.stem for path in RECORDINGS.glob("*.jsonl")}
SCENARIOS = [pytest.param(scenario, id=name) for name, scenario in ALL.items() if name in RECORDED]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_demo_does_what_asterisk_does(scenario: Scenario) -> None:
    office = DemoOffice()
    if scenario.connected:
        office.connect()
    scenario.play(office)
    office.quiet()
    office.passes(1.0)
    demo = likeness(office.eye.recording(scenario.name, scenario.story))
    with (RECORDINGS / f"{scenario.name}.jsonl").open(encoding="utf-8") as lines:
        real = likeness(parse(lines))
    assert demo == real
