"""The product as an installation runs it, for the quiet benchmark: its processes, its database, a log-in over HTTP."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Final
from urllib.error import URLError

from tests.servers import Redis, free_port

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0  # seconds for a process to start or to end; the machine may be busy
USER: Final = "quiet"
PASSWORD: Final = "quiet-office-1"


def environment(folder: Path, ami_port: int, secret: str) -> dict[str, str]:
    """What `PBX=real manage.py run` needs, and nothing of the caller's own settings."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ASTPANEL_", "PBX"))}
    account = {"ASTPANEL_AMI_USER": "astpanel", "ASTPANEL_AMI_SECRET": secret}
    where = {"ASTPANEL_AMI_HOST": "127.0.0.1", "ASTPANEL_AMI_PORT": str(ami_port), "ASTPANEL_PORT": "0"}
    more = {"PBX": "real", "ASTPANEL_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "astpanel.settings"}
    return inherited | account | where | more | {"PYTHONUNBUFFERED": "1"}


def furnish() -> None:
    """Migrate the database of this process's environment and make the one user."""
    import django  # noqa: PLC0415 - the caller sets the environment first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - the apps must be ready

    from astpanel.accounts.licensing.services import create_trial  # noqa: PLC0415 - the same
    from astpanel.accounts.services import create_user  # noqa: PLC0415 - the same

    call_command("migrate", interactive=False, verbosity=0)
    create_trial(by=None)
    create_user(username=USER, password=PASSWORD, number="101")


async def until(condition: Callable[[], bool], what: str) -> None:
    """Raises TimeoutError naming `what`."""
    end = time.monotonic() + PATIENCE
    while not await asyncio.to_thread(condition):
        if time.monotonic() > end:
            raise TimeoutError(what)
        await asyncio.sleep(0.05)


@asynccontextmanager
async def process(name: str, env: dict[str, str], folder: Path, *command: str) -> AsyncIterator[Callable[[], str]]:
    """A Python process; what it has said so far. Stopped as an operator stops it, killed if that does not help.

    The kernel stops it too if the benchmark itself is killed.
    """
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        words = ["setpriv", "--pdeathsig", "TERM", sys.executable, *command]
        started = subprocess.Popen(  # noqa: ASYNC220 - in the main thread: it is its death that the kernel watches
            words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )

    def said() -> str:
        text = log.read_text(encoding="utf-8", errors="replace")
        if started.poll() is not None:
            raise RuntimeError(f"{name} ended with {started.returncode}:\n{text[-2000:]}")
        return text

    try:
        yield said
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(started.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


@asynccontextmanager
async def embedded(env: dict[str, str], folder: Path) -> AsyncIterator[str]:
    """`PBX=real manage.py run`: web and gateway in one process, SQLite, in-memory layer → its URL."""
    async with process("run", env, folder, "manage.py", "run") as said:
        address = re.compile(r"http://127\.0\.0\.1:\d+")
        await until(lambda: bool(address.search(said())), "manage.py run did not say its address")
        found = address.search(said())
        assert found
        yield found[0]


@asynccontextmanager
async def separate(env: dict[str, str], folder: Path, redis: Path) -> AsyncIterator[str]:
    """run_gateway and daphne, Redis pub/sub between them, SQLite → URL."""
    server, port = Redis(redis), free_port()
    async with AsyncExitStack() as stack:
        stack.callback(server.remove)
        server.start()
        env = env | {"ASTPANEL_REDIS": server.url}
        await stack.enter_async_context(process("gateway", env, folder, "manage.py", "run_gateway"))
        listen = ("-b", "127.0.0.1", "-p", str(port))
        said = await stack.enter_async_context(
            process("daphne", env, folder, "-m", "daphne", *listen, "astpanel.asgi:application")
        )
        url = f"http://127.0.0.1:{port}"
        await until(lambda: bool(said() and answers(url)), "daphne did not answer")
        yield url


def answers(url: str) -> bool:
    """The log-in page can be had."""
    with suppress(URLError, OSError), urllib.request.urlopen(f"{url}/login/", timeout=10) as page:  # noqa: S310 - our own
        return bool(page.status == 200)
    return False


def log_in(url: str) -> str:
    """Over HTTP, as a person does → the Cookie header."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{url}/login/", timeout=PATIENCE) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token
    form = urllib.parse.urlencode({"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}).encode()
    request = urllib.request.Request(f"{url}/login/", form, {"Referer": f"{url}/login/"})  # noqa: S310 - our own
    with opener.open(request, timeout=PATIENCE) as page:
        if page.url != f"{url}/":
            raise RuntimeError("not logged in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
