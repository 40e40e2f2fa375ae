"""`manage.py ami_replay`: a table, or a plain word why not."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from telephony.core import recording, replay
from telephony.core.recording import EventStep, Header, Recording

SAMPLE = Recording(
    Header(name="sample", asterisk="22.0.0", story="A channel is born.", at=100.0),
    (EventStep(101.0, {"Event": "Newchannel", "Channel": "PJSIP/101-00000001", "Uniqueid": "1.1", "Linkedid": "1.1"}),),
)


def _replay(path: Path) -> str:
    out = StringIO()
    call_command("ami_replay", str(path), stdout=out)
    return out.getvalue()


def test_prints_the_table(tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_text(recording.format_recording(SAMPLE), encoding="utf-8")
    assert _replay(path) == replay.table(SAMPLE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty recording"),
        (b"hello\n", "line 1: "),
        (b'{"format": "other", "version": 1}\n', "line 1: not astpanel-recording version 1"),
        (b"\xff\xfe\n", "codec can't decode"),
    ],
)
def test_says_what_is_wrong_with_the_file(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        _replay(path)
    assert str(error.value).startswith(f"{path}: ")
    assert reason in str(error.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        _replay(tmp_path / "nowhere.jsonl")
