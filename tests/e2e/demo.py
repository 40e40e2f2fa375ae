"""`manage.py run` as a newcomer starts it: the demo PBX, its gateway, workers and the web process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.servers import free_port, wait_until

ROOT: Final = Path(__file__).parents[2]


class DemoError(Exception):
    """It ended before it was ready: the text is what it said."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its address, and the process that started the others."""

    url: str
    process: int

    @contextmanager
    def workers_asleep(self) -> Iterator[None]:
        """What is asked of them meanwhile waits."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        (cluster,) = (int(pid) for pid in children if b"qcluster" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.killpg(cluster, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(cluster, signal.SIGCONT)


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """With an empty database and all its files in the folder; ended at the end."""
    port, log = free_port(), folder / "log"
    environment = os.environ | {"ASTPANEL_VAR": str(folder), "ASTPANEL_PORT": str(port)}
    for name in ("ASTPANEL_DATABASE", "ASTPANEL_REDIS", "PBX"):
        environment.pop(name, None)
    with log.open("w") as output:
        command = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "manage.py", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: process.poll() is not None or url in log.read_text(), "the demo to start", 120)
        if process.poll() is not None:
            raise DemoError(log.read_text()[-2000:])
        yield Demo(url, process.pid)
    finally:
        process.terminate()
        process.wait(60)
