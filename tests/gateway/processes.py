"""Gateways as processes of their own, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parent.parent.parent


class GatewayProcess:
    """`manage.py run_gateway` on the test's database, layer and folder."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    async def end(self, how: signal.Signals) -> int:
        """Send the signal, wait for the end → exit status."""
        self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), 60)


def environment(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """What a process of the product needs to work on the test's things."""
    return {
        **os.environ,
        "ASTPANEL_DATABASE": database_url,
        "ASTPANEL_REDIS": redis_url,
        "ASTPANEL_VAR": str(folder),
        "ASTPANEL_FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "PYTHONUNBUFFERED": "1",
    }


async def in_another_process(env: dict[str, str], code: str) -> None:
    """Runs the code in `manage.py shell`, where all models are known, to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code), cwd=ROOT, env=env
    )
    assert await asyncio.wait_for(process.wait(), 120) == 0


@asynccontextmanager
async def gateway_process(env: dict[str, str], folder: Path, name: str) -> AsyncIterator[GatewayProcess]:
    """Killed at the end if it still runs."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "manage.py", "run_gateway", cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        yield GatewayProcess(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
