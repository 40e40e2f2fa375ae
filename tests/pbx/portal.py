"""The product as an installation runs it, on a real PBX: its own processes around a database."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

import pytest
from pytest_django import DjangoDbBlocker

from telephony.models import Pbx
from tests.gateway.processes import ROOT, environment
from tests.pbx.asterisk import Asterisk
from tests.pbx.portal_data import AMI_ACCOUNT, Database, last_call, participants, people, rows
from tests.servers import free_port, wait_until

PATIENCE: Final = 60.0  # seconds for a process to start or to end, for a record to be written; the machine may be busy


class Process:
    """One process of the product. The kernel ends it with the thread that started it: that is the main one."""

    def __init__(self, folder: Path, name: str, env: dict[str, str], *command: str) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", sys.executable, *command],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something it does; fails at once when it has ended."""

        def met() -> bool:
            if condition():
                return True
            if self._process.poll() is not None:
                pytest.fail(f"{self.name} ended:\n{self.log[-3000:]}")
            return False

        wait_until(met, f"{self.name}: {what}", PATIENCE)

    def end(self, how: signal.Signals) -> int:
        """Send the signal, wait for the end → exit status."""
        self._process.send_signal(how)
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """End it whatever it does; a failure if it does not stop cleanly or has told of a defect."""
        if self._process.poll() is None:
            try:
                status = self.end(signal.SIGTERM)
            except subprocess.TimeoutExpired:
                self.end(signal.SIGKILL)
                pytest.fail(f"{self.name} did not stop:\n{self.log[-3000:]}")
            assert status == 0, f"{self.name} ended with {status}:\n{self.log[-3000:]}"
        assert "Traceback" not in self.log, self.log


@dataclass(slots=True)
class Portal:
    """A running portal. `gateway` is None where web and gateway are one process."""

    url: str
    database: Database
    folder: Path
    env: dict[str, str]
    gateway: Process | None = None
    cookies: dict[str, Any] = field(default_factory=dict)  # of users who have logged in: once is enough
    mark: int = 0

    def start_gateway(self) -> Process:
        """`manage.py run_gateway`."""
        self.gateway = Process(self.folder, "gateway", self.env, "manage.py", "run_gateway")
        return self.gateway

    def forget_calls(self) -> None:
        """`recorded` looks at what comes from now on."""
        self.mark = self.database.run(last_call)

    def recorded(self, *expected: str) -> None:
        """Until these are the call records and their legs; then the two are compared."""
        end = time.monotonic() + PATIENCE
        while (found := self.database.run(lambda: rows(self.mark))) != list(expected) and time.monotonic() < end:
            time.sleep(0.1)  # nothing tells when a row is written
        _same(found, expected)

    def took_part(self, *expected: str) -> None:
        """Compare the participants of the records; they are written together with them."""
        _same(self.database.run(lambda: participants(self.mark)), expected)


def _same(found: list[str], expected: tuple[str, ...]) -> None:
    if found != list(expected):
        pytest.fail("\n".join(["expected:", *expected, "found:", *found]))


@contextmanager
def production(pbx: Pbx, database: Database, redis_url: str, folder: Path) -> Iterator[Portal]:
    """daphne and the gateway as two processes, PostgreSQL and Redis between them."""

    def prepare() -> None:
        pbx.full_clean()
        pbx.save()
        people(pbx)

    database.run(prepare)
    env = environment(database.url, redis_url, folder)
    port = free_port()
    portal = Portal(f"http://127.0.0.1:{port}", database, folder, env)
    listen = ("-b", "127.0.0.1", "-p", str(port))
    web = Process(folder, "daphne", env, "-m", "daphne", *listen, "astpanel.asgi:application")
    try:
        portal.start_gateway()
        web.until(lambda: _answers(portal.url), "to answer")
        yield portal
    finally:
        _close(*filter(None, (portal.gateway, web)))


@contextmanager
def embedded(asterisk: Asterisk, blocker: DjangoDbBlocker, folder: Path) -> Iterator[Portal]:
    """`PBX=real manage.py run`: everything in one process group, SQLite, no Redis."""
    url = f"sqlite:///{folder}/astpanel.sqlite3"
    account = {
        "ASTPANEL_AMI_HOST": asterisk.host,
        "ASTPANEL_AMI_PORT": str(asterisk.ports.ami),
        "ASTPANEL_AMI_USER": AMI_ACCOUNT,
        "ASTPANEL_AMI_SECRET": asterisk.secret,
    }
    env = environment(url, "", folder) | account | {"PBX": "real", "ASTPANEL_PORT": "0"}
    run = Process(folder, "run", env, "manage.py", "run")
    try:
        run.until(lambda: "http://" in run.log, "to say its address")
        address = next(word for word in run.log.split() if word.startswith("http://"))
        portal = Portal(address.rstrip("/"), Database(url, blocker), folder, env)
        portal.database.run(lambda: people(Pbx.objects.get()))
        yield portal
    finally:
        _close(run)


def _close(first: Process, *others: Process) -> None:
    try:
        first.close()
    finally:
        if others:
            _close(*others)


def _answers(url: str) -> bool:
    with suppress(URLError, OSError), urllib.request.urlopen(f"{url}/login/", timeout=10) as page:  # noqa: S310 - our own
        return bool(page.status == 200)
    return False
