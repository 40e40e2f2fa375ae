"""django-q clusters as processes of their own, to be killed and frozen."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from tests.gateway.processes import environment
from tests.servers import wait_until

ROOT: Final = Path(__file__).parents[2]


class Cluster:
    """`manage.py qcluster` with one worker: the cluster's process, its guard, and the guard's first child."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def worker(self) -> int:
        """The worker's process id."""
        (guard,) = _children(self.process.pid)
        return _children(guard)[0]

    def send(self, how: signal.Signals) -> None:
        """To every process of the cluster."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def cluster(database_url: str, folder: Path, name: str) -> Iterator[Cluster]:
    """Ready for work; killed at the end."""
    env = environment(database_url, "", folder / name)
    env |= {"ASTPANEL_WORKERS": "1", "ASTPANEL_SECRET_KEY": settings.SECRET_KEY}  # the queue's tasks are signed
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "manage.py", "qcluster"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    found = Cluster(process, log)
    try:
        wait_until(lambda: "ready for work" in found.log() or "готов" in found.log(), f"the cluster {name}")
        yield found
    finally:
        found.send(signal.SIGCONT)
        found.send(signal.SIGKILL)
        process.wait(60)
