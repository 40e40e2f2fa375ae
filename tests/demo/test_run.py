"""`manage.py run` as a newcomer starts it: its own process, a page over HTTP, live states over WebSocket, Ctrl-C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from telephony.demo.accounts import DEMO_ACCOUNTS
from telephony.demo.people import EMPLOYEES
from telephony.live.messages import CloseCode

PATIENCE: Final = 120.0  # seconds; the machine may be busy with other tests
STOPS_WITHIN: Final = 5.0


class Portal:
    """A started portal; its output is read all the time."""

    def __init__(self, folder: Path, **environment: str) -> None:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ASTPANEL_", "PBX"))}
        env = {**inherited, "ASTPANEL_VAR": str(folder), "ASTPANEL_PORT": "0", **environment}
        self.process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run"],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def line(self, pattern: str) -> re.Match[str]:
        """Wait for a line that matches."""

        def found() -> re.Match[str] | None:
            return next((match for line in self.lines if (match := re.search(pattern, line))), None)

        with self._news:
            self._news.wait_for(lambda: found() or self.process.poll() is not None, PATIENCE)
            match = found()
        assert match, "\n".join(self.lines)
        return match

    @property
    def url(self) -> str:
        return self.line(r"http://127\.0\.0\.1:\d+/")[0]

    def children(self) -> set[int]:
        """Process ids of all descendants."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    def stop(self, how: signal.Signals) -> tuple[int, float]:
        """Exit code, and seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        took = time.monotonic() - began
        self._reader.join(PATIENCE)
        return code, took

    def fails(self) -> int:
        """Exit code of a portal that cannot start."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _browser(url: str, username: str, password: str) -> tuple[str, str]:
    """Log in over HTTP → the page and the cookies."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(url + "login/", timeout=PATIENCE).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(url + "login/", urllib.parse.urlencode(form).encode(), {"Referer": url})  # noqa: S310 - our own
    answer = opener.open(request, timeout=PATIENCE)
    assert answer.url == url, "not logged in"
    return page, "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _frames(socket: ClientConnection) -> Iterator[dict[str, Any]]:
    for count in range(1, 10_000):
        yield json.loads(socket.recv(PATIENCE))
        socket.send(json.dumps({"t": "ack", "seq": count}))


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with Portal(tmp_path) as portal:
        yield portal


def test_a_day_with_the_portal(portal: Portal) -> None:
    url = portal.url
    for account in DEMO_ACCOUNTS:
        portal.line(rf"{account.username}\s+{account.password}")
    page, cookies = _browser(url, "supervisor", "supervisor-demo")
    assert all(account.password in page for account in DEMO_ACCOUNTS)

    address = url.replace("http", "ws") + "ws/live/"
    with connect(address, additional_headers={"Cookie": cookies, "Origin": url.rstrip("/")}) as live:
        live.send(json.dumps({"t": "join", "audiences": ["office", "board"]}))
        frames = _frames(live)
        first = next(frame for frame in frames if frame["t"] == "snapshot" and frame["audience"] == "office")
        state = dict(first["state"])
        seen: set[str] = set()
        until = time.monotonic() + PATIENCE
        while not {"off", "free", "ringing", "talking"} <= seen or state["link"]["state"] != "up":
            seen |= {value["state"] for key, value in state.items() if key.startswith("ext:")}
            assert time.monotonic() < until, seen
            frame = next(frames)
            if frame["t"] == "delta" and frame["audience"] == "office":
                state.update({key: value for key, value in frame["set"].items() if value is not None})
        assert {key for key in state if key.startswith("ext:")} == {f"ext:{who.number}" for who in EMPLOYEES}

        command = {"extension": "103", "number": "600"}
        live.send(json.dumps({"t": "command", "id": "1", "name": "originate", "args": command}))
        outcome = next(frame for frame in frames if frame["t"] == "outcome")
        assert (outcome["kind"], outcome["reason"]) == ("done", "own_phone_rings")
        children = portal.children()
        assert children, "the workers run"
        code, took = portal.stop(signal.SIGINT)
        with pytest.raises(ConnectionClosed) as closed:
            for _ in frames:
                pass
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CloseCode.STOPPING

    assert code == 0
    assert took < STOPS_WITHIN
    assert not [pid for pid in children if _alive(pid)]
    assert not [line for line in portal.lines if "Traceback" in line or "ERROR" in line], "\n".join(portal.lines)


def test_stops_on_sigterm(portal: Portal) -> None:
    assert portal.url
    children = portal.children()
    code, took = portal.stop(signal.SIGTERM)
    assert (code, took < STOPS_WITHIN) == (0, True)
    assert not [pid for pid in children if _alive(pid)]


def test_workers_that_die_are_named_and_started_again(portal: Portal) -> None:
    assert portal.url
    cluster = min(portal.children())
    os.killpg(cluster, signal.SIGKILL)
    portal.line("the workers ended by themselves")
    until = time.monotonic() + PATIENCE
    while not portal.children() - {cluster}:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert portal.stop(signal.SIGINT)[0] == 0


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with Portal(tmp_path, ASTPANEL_PORT=str(taken.getsockname()[1])) as portal:
            assert portal.fails() == 1
            portal.line("ASTPANEL_PORT=8001 make run")
    assert not [line for line in portal.lines if "Traceback" in line]


@pytest.mark.parametrize("environment", [{"PBX": "maybe"}, {"ASTPANEL_PORT": "eighty"}])
def test_a_bad_setting_is_said_in_words(tmp_path: Path, environment: dict[str, str]) -> None:
    with Portal(tmp_path, **environment) as portal:
        assert portal.fails() == 1
        portal.line("expected")
    assert not [line for line in portal.lines if "Traceback" in line]


def test_with_a_real_pbx_the_demo_is_closed(tmp_path: Path) -> None:
    with Portal(tmp_path) as demo:
        assert demo.url
        demo.stop(signal.SIGTERM)
    real = {"PBX": "real", "ASTPANEL_AMI_HOST": "127.0.0.1", "ASTPANEL_AMI_SECRET": "none", "ASTPANEL_AMI_PORT": "1"}
    with Portal(tmp_path, **real) as portal:
        page = urllib.request.urlopen(portal.url + "login/", timeout=PATIENCE).read().decode()  # noqa: S310 - our own
        assert portal.stop(signal.SIGTERM)[0] == 0
    portal.line("/setup/")
    told = "\n".join([page, *portal.lines])
    assert not [account.username for account in DEMO_ACCOUNTS if account.password in told]
