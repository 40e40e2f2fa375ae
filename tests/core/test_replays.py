"""Calls recorded on real Asterisk, replayed: the whole table must be what a reviewer found true."""

from pathlib import Path

import pytest

from telephony.core import recording, replay

RECORDINGS = Path(__file__).parent / "recordings"
PATHS = sorted(RECORDINGS.rglob("*.jsonl"))


@pytest.mark.parametrize("path", PATHS, ids=[f"{path.parent.name}-{path.stem}" for path in PATHS])
def test_the_table_is_the_reviewed_one(path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        table = replay.table(recording.parse(lines))
    assert table == path.with_suffix(".txt").read_text(encoding="utf-8")
