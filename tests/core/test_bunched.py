"""AJAM fetches events in bunches: what happened within a quarter of a second may carry one time."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from telephony.core.recording import EventStep, parse
from tests.demo.likeness import likeness

BUNCH: Final = 0.25  # seconds
RECORDINGS: Final = sorted((Path(__file__).parent / "recordings").glob("*/*.jsonl"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_calls_do_not_hang_on_the_moment_within_a_bunch(path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        recording = parse(lines)
    steps = tuple(
        replace(step, at=math.ceil(step.at / BUNCH) * BUNCH) if isinstance(step, EventStep) else step
        for step in recording.steps
    )
    assert likeness(replace(recording, steps=steps))[0] == likeness(recording)[0]
