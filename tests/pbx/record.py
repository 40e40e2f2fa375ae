"""Plays the scenarios on a real PBX and writes tests/core/recordings/<version>/<name>.jsonl.

usage: python -m tests.pbx.record [--version 22|16] [--again] [NAME …]     as root, with the chroots installed

What is recorded already stays (its table is reviewed), unless `--again` is given.
"""

import argparse
import sys
import traceback
from pathlib import Path

from telephony.core.recording import format_recording
from tests import left_out
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.recorder import Recorder
from tests.pbx.scenarios import Scenario
from tests.pbx.scenarios.every import ALL

RECORDINGS = Path(__file__).parent.parent / "core/recordings"
LARGEST = 200_000  # bytes: a recording is read by people


def record(office: Office, scenario: Scenario, asterisk: str) -> str:
    """Play one scenario → the recording's text."""
    eye = Recorder(office.pbx)
    office.open(eye, connected=scenario.connected)
    scenario.play(office)
    office.quiet()
    return format_recording(eye.recording(scenario.name, scenario.story, asterisk))


def record_all(version: str, names: list[str], *, again: bool) -> list[str]:
    """Record on one version → names of the scenarios that failed."""
    failed: list[str] = []
    pbx = Asterisk(version, left_out.find(f"asterisk-{version}"))
    folder = RECORDINGS / version
    folder.mkdir(parents=True, exist_ok=True)
    try:
        pbx.start()
        office = Office(pbx)
        asterisk = office.ami.do("CoreSettings")["AsteriskVersion"]
        for scenario in ALL.values():
            if version not in scenario.versions or (names and scenario.name not in names):
                continue
            path = folder / f"{scenario.name}.jsonl"
            if path.exists() and not again:
                continue
            try:
                text = record(office, scenario, asterisk)
            except (AssertionError, OSError, RuntimeError):
                failed.append(scenario.name)
                sys.stderr.write(f"{version} {scenario.name} FAILED\n{traceback.format_exc()}\n")
                continue
            if len(text) > LARGEST:
                raise ValueError(f"{scenario.name} has {len(text)} bytes")
            path.write_text(text)
            sys.stdout.write(f"{version} {scenario.name} {len(text)} bytes, {text.count(chr(10)) - 1} steps\n")
        office.close()
    finally:
        pbx.stop()
    return failed


def main() -> int:
    """Exit status 1 if any scenario failed."""
    parser = argparse.ArgumentParser(description="Record the scenarios on a real Asterisk.")
    parser.add_argument("--version", choices=["22", "16"], action="append")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if unknown := set(options.names) - set(ALL):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    versions = options.version or ["22", "16"]
    failed = [name for version in versions for name in record_all(version, options.names, again=options.again)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
