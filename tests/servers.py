"""Private PostgreSQL and Redis servers for tests: on free loopback ports, in folders of their own, ended by process id.

The kernel ends them when a test process is killed and cannot (`PR_SET_PDEATHSIG`).

    from tests.servers import postgresql, redis_server  # noqa: F401 - fixtures

Session fixtures, one server a test process (so one for each xdist worker). `require` leaves the test out where the
server is not installed.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.left_out import require

PATIENCE: Final = 60.0  # seconds a server may take to start or stop on a busy machine


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as the condition holds; fail naming `what` when it does not in time."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {patience:g} s")
        time.sleep(0.02)


class Server:
    """One process that listens on a port, in a folder that is removed at the end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"astpanel-{name}-"))
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What to run in the foreground."""
        raise NotImplementedError

    def ready(self) -> bool:
        """It answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: self._alive() and self.ready(), f"{self.name} to answer")

    def _alive(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            pytest.fail(f"{self.name} ended: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")
        return True

    def _pids(self) -> list[int]:
        """The server's process and its children."""
        assert self._process is not None
        pid = self._process.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def freeze(self) -> None:
        """It is there but answers nothing: connections hang."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on where it was frozen."""
        for pid in reversed(self._pids()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the process; the data stay, `start` goes on with them on the same port."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._process = None

    def remove(self) -> None:
        """End it and delete the folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis(Server):
    """A Redis that keeps nothing on disk."""

    def __init__(self, executable: Path) -> None:
        super().__init__("redis")
        self.executable = executable

    @property
    def url(self) -> str:
        """For ASTPANEL_REDIS."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Loopback only."""
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return ["setpriv", "--pdeathsig", "KILL", "--", str(self.executable), "--port", str(self.port), *options]

    def ready(self) -> bool:
        """PING is answered."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class PostgreSQL(Server):
    """A cluster of its own; as root it runs as the user `postgres` (or `nobody`), because PostgreSQL refuses root."""

    def __init__(self, binaries: Path) -> None:
        super().__init__("postgresql")
        self.binaries = binaries
        self._as_user = ["setpriv"]
        if os.geteuid() == 0:
            self._as_user = self._give_away()
        options = ["--username=astpanel", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        initdb = [str(binaries / "initdb"), "-D", str(self.folder / "data"), *options]
        subprocess.run([*self._as_user, "--", *initdb], cwd=self.folder, check=True, capture_output=True)

    def _give_away(self) -> list[str]:
        names = {user.pw_name for user in pwd.getpwall()}
        user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def url(self, name: str) -> str:
        """For ASTPANEL_DATABASE."""
        return f"postgresql://astpanel@127.0.0.1:{self.port}/{name}"

    def command(self) -> list[str]:
        """Loopback only; without fsync, which only a crash of the machine would need."""
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        settings |= {"fsync": "off", "max_connections": "60"}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        fast_shutdown = ["--pdeathsig", "INT", "--"]  # setpriv sets it last: a change of the user would clear it
        return [
            *self._as_user,
            *fast_shutdown,
            str(self.binaries / "postgres"),
            "-D",
            str(self.folder / "data"),
            *flags,
        ]

    def ready(self) -> bool:
        """A log-in works."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> None:
        """One statement outside a transaction, for CREATE DATABASE and the like."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A running Redis; a test that stops or freezes it starts it again."""
    server = Redis(require("redis"))
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running PostgreSQL without databases of ours; a test that stops or freezes it starts it again."""
    server = PostgreSQL(require("postgresql"))
    try:
        server.start()
        yield server
    finally:
        server.remove()
