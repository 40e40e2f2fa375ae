"""A real Asterisk in its chroot, started for tests and gone with them."""

import os
import shutil
import subprocess
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.pbx import configuration
from tests.pbx.ami import Ami
from tests.pbx.configuration import SECRET, Ports

HOMES: Final = "var/lib/astpanel-bed"  # inside the chroot, one folder per running PBX
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0


class PbxStartError(RuntimeError):
    """Asterisk ended or stayed silent; carries what it printed."""


@dataclass(slots=True)
class Asterisk:
    """One PBX on loopback. `version` is "22" or "16"; several may run side by side from one chroot."""

    version: str
    chroot: Path
    ports: Ports = field(default_factory=Ports)
    host: str = "127.0.0.1"
    secret: str = SECRET
    home: str = field(default_factory=lambda: f"/{HOMES}/{uuid.uuid4().hex[:12]}")
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def inside(self) -> Path:
        """Its folder as seen from outside the chroot: etc, db, log, spool/recording, keys/ca.crt."""
        return self.chroot / self.home.lstrip("/")

    def start(self) -> None:
        """Write the configuration, start, return when it is fully booted."""
        _remove_left_behind(self.chroot)
        configuration.write(chroot=self.chroot, home=self.home, ports=self.ports)
        self._run()

    def _run(self) -> None:
        # The kernel ends it with us, however we end; -f keeps it our child, so that its pid is known.
        command = ["setpriv", "--pdeathsig", "KILL", "chroot", str(self.chroot), "/usr/sbin/asterisk", "-f", "-C"]
        with (self.inside / "log/console").open("ab") as console:
            self.process = subprocess.Popen(
                [*command, f"{self.home}/etc/asterisk.conf"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        (self.inside / "pid").write_text(str(self.process.pid))
        self.wait_booted()

    def crash(self) -> None:
        """A power cut and a start: nobody is told anything; AstDB stays."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
        self._run()

    def wait_booted(self) -> None:
        """Until a log-in is answered by FullyBooted."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            with suppress(OSError, TimeoutError), self.ami() as ami:
                ami.wait("FullyBooted", seconds=5)
                return
            time.sleep(0.1)  # nothing to wait on before the port is open
        raise PbxStartError(f"Asterisk {self.version} did not start:\n{self._last_words()}")

    def ami(self, user: str = "full") -> Ami:
        """A raw AMI connection of one of the accounts: full, astpanel, astpanel-listen, -control, -phone."""
        return Ami(self.host, self.ports.ami, user=user, secret=self.secret)

    def restart(self) -> None:
        """`core restart now`: calls are cut, state is lost, the process stays; returns when it is up again."""
        with self.ami() as ami:
            with suppress(OSError, TimeoutError):
                ami.do("Command", Command="core restart now")
            ami.wait_closed(seconds=START_SECONDS)
        self.wait_booted()

    def stop(self) -> None:
        """End it and remove what it wrote."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(STOP_SECONDS)
        self.process = None
        shutil.rmtree(self.inside, ignore_errors=True)

    def _last_words(self) -> str:
        texts = [path.read_text(errors="replace")[-2000:] for path in sorted((self.inside / "log").glob("*[se]"))]
        return "\n".join(texts)


def _remove_left_behind(chroot: Path) -> None:
    """Folders of test runs that were killed; their Asterisk went with them."""
    for pid_file in (chroot / HOMES).glob("*/pid"):
        with suppress(OSError, ValueError):
            pid = int(pid_file.read_text())
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                shutil.rmtree(pid_file.parent, ignore_errors=True)
