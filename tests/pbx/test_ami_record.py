"""`manage.py ami_record` against a real PBX, and `ami_replay` of what it wrote."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from telephony.core.recording import EventStep, parse
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.recorder import Recorder

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60.0


def _manage(*arguments: str, secret: str = "") -> "subprocess.Popen[str]":
    env = os.environ | {"AMI_SECRET": secret}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)  # a file tells nobody that it grew


def _record(asterisk: Asterisk, out: Path, *options: str, secret: str | None = None) -> "subprocess.Popen[str]":
    where = ("--host", asterisk.host, "--port", str(asterisk.ports.ami), "--username", "astpanel-listen")
    secret = asterisk.secret if secret is None else secret
    return _manage("ami_record", *where, "--out", str(out), *options, secret=secret)


def _client_calls_101(office: Office) -> None:
    client, desk = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid="79161234567", name="Client One")
    desk.answer()
    client.talks()
    client.hang_up()
    desk.over()
    office.quiet()


def test_a_masked_session_replays_and_names_nobody(asterisk: Asterisk, office: Office, tmp_path: Path) -> None:
    out = tmp_path / "complaint.jsonl"
    office.open(Recorder(asterisk))
    recorder = _record(asterisk, out, "--mask", "--keep", "74951112244", "--story", "A client calls 101.")
    _until(lambda: out.exists() and out.read_text().count("\n") > 0)
    _client_calls_101(office)
    _until(lambda: out.read_text().count('"Event": "Hangup"') == 2)
    recorder.send_signal(signal.SIGINT)
    _, said = recorder.communicate(timeout=SECONDS)
    assert (recorder.returncode, said.splitlines()[-1].split(" ", 1)[1]) == (0, f"steps in {out}")
    text = out.read_text()
    assert [secret for secret in ("79161234567", "9161234567", "Client One", asterisk.secret) if secret in text] == []
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    recording = parse(text.splitlines())
    assert recording.header.masked
    names = [step.event["Event"] for step in recording.steps if isinstance(step, EventStep)]
    assert (names.count("Newchannel"), names.count("Hangup")) == (2, 2)

    replay = _manage("ami_replay", str(out))
    table, errors = replay.communicate(timeout=SECONDS)
    assert (replay.returncode, errors) == (0, "")
    assert "call #1: inbound 75000000001 Name 1 -> 74951112244, answered/caller" in table.splitlines()


def test_it_stops_by_itself_after_the_given_time(asterisk: Asterisk, tmp_path: Path) -> None:
    """Over AJAM, by an address as people copy it."""
    where = ("--host", f"http://{asterisk.host}:{asterisk.ports.http}/rawman", "--username", "astpanel-listen")
    out = tmp_path / "short.jsonl"
    recorder = _manage("ami_record", *where, "--out", str(out), "--seconds", "8", secret=asterisk.secret)
    assert recorder.wait(SECONDS) == 0
    recorder.communicate()
    assert parse((tmp_path / "short.jsonl").read_text().splitlines()).header.name == "short"


def test_a_restart_of_the_pbx_is_a_broken_link_and_a_new_login(
    asterisk: Asterisk, office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "restart.jsonl"
    office.open(Recorder(asterisk))
    recorder = _record(asterisk, out)
    _until(lambda: out.exists() and out.read_text().count("\n") > 0)
    office.restart_pbx()
    _until(lambda: '"login": ' in out.read_text())
    recorder.send_signal(signal.SIGTERM)
    recorder.communicate(timeout=SECONDS)
    steps = parse(out.read_text().splitlines()).steps
    kinds = [type(step).__name__ for step in steps if not isinstance(step, EventStep)]
    assert kinds[:2] == ["LinkDownStep", "LoginStep"]  # it may read the state again when the PBX says that it is booted


def test_a_wrong_secret_ends_it_and_leaves_no_file(asterisk: Asterisk, tmp_path: Path) -> None:
    out = tmp_path / "denied.jsonl"
    recorder = _record(asterisk, out, secret="wrong")
    _, said = recorder.communicate(timeout=SECONDS)
    assert (recorder.returncode, said.splitlines()[-1]) == (1, "CommandError: nothing recorded: denied (denied)")
    assert not out.exists()
    assert "wrong" not in said


def test_an_existing_file_is_not_overwritten(asterisk: Asterisk, tmp_path: Path) -> None:
    out = tmp_path / "mine.jsonl"
    out.write_text("mine")
    recorder = _record(asterisk, out)
    _, said = recorder.communicate(timeout=SECONDS)
    assert (recorder.returncode, said.splitlines()[-1]) == (1, f"CommandError: cannot write {out}: File exists")
    assert out.read_text() == "mine"
