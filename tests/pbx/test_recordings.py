"""Every scenario is recorded on each Asterisk it is meant for, and the recording tells the scenario's story."""

from pathlib import Path

from telephony.core import recording
from tests.pbx.record import LARGEST, RECORDINGS
from tests.pbx.scenarios.every import ALL


def _stories() -> dict[str, str]:
    found = {}
    for path in RECORDINGS.glob("*/*.jsonl"):
        with path.open(encoding="utf-8") as lines:
            header = recording.parse(lines).header
        assert header.asterisk.split(".")[0] == path.parent.name
        found[f"{path.parent.name}/{path.stem}"] = header.story
    return found


def test_recordings_and_scenarios_are_the_same_set() -> None:
    wanted = {f"{version}/{one.name}": one.story for one in ALL.values() for version in one.versions}
    assert _stories() == wanted


def test_recordings_are_small_enough_to_read() -> None:
    sizes = {path: path.stat().st_size for path in RECORDINGS.glob("*/*.jsonl")}
    assert {path: size for path, size in sizes.items() if size > LARGEST} == dict[Path, int]()


def test_no_recording_holds_a_secret() -> None:
    told = [path.name for path in RECORDINGS.glob("*/*.jsonl") if "s3cret" in path.read_text(encoding="utf-8")]
    assert told == []
