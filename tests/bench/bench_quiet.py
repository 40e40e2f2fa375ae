"""Quiet office: from the AMI bytes of one change to the frame in the browser's socket, against a bare relay.

    python -m tests.bench.bench_quiet [--quick]

An idle office behind a real AMI socket; the product in processes of its own; one logged-in browser. Every 200 to 300 ms
one extension's hint changes (do not disturb, on or off). The clock runs from the moment the event is made, just before
it is encoded and written, until the delta with that change has been read from the WebSocket. Half-way between two
changes the same bytes go through a process that only copies them from TCP to a WebSocket: the limit.
"""

import asyncio
import math
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telephony.demo.building import Building, office, set_dnd
from telephony.demo.engine.clock import LoopClock
from telephony.demo.engine.events import Event
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.demo.people import EMPLOYEES
from tests.bench.quiet_browser import PATIENCE, Browser, Ear, browser, ear
from tests.bench.quiet_portal import embedded, environment, furnish, log_in, process, separate, until
from tests.left_out import MissingError, find

GOAL: Final = 15.0  # ms
BUSY: Final = 5.0  # ms; a bare relay that is later waits for a core, not for the network
LONGEST: Final = 150.0  # seconds in all, on a busy machine; 70 on a quiet one
WARM_UP: Final = 5  # changes before the first that counts
DESKS: Final = tuple(who.number for who in EMPLOYEES if not who.state)
LIMIT: Final = "limit: bare TCP → bare `websockets`, one process"
EMBEDDED: Final = "`manage.py run`: one process, in-memory layer, SQLite"
SEPARATE: Final = "`run_gateway` and `daphne`, Redis pub/sub, SQLite"


@dataclass(slots=True)
class Wire:
    """Two ways to the browser for the same bytes: the office's AMI, and the bare relay's TCP connection."""

    building: Building
    relay: asyncio.StreamWriter
    ear: Ear
    at: float = 0.0  # when the first event of the last change was made (monotonic)
    data: list[bytes] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """The first listener: it comes before the sessions."""
        self.at = self.at or time.monotonic()
        self.data.append(event.encode())

    async def change(self, tab: Browser, number: str, *, on: bool) -> float:
        """One change through the product → ms."""
        key, detail = f"ext:{number}", "dnd" if on else ""
        came = tab.expect(lambda _: bool(tab.state[key]["detail"] == detail))
        self.at = 0.0
        self.data.clear()
        set_dnd(self.building.pbx, number, on=on)
        return (await asyncio.wait_for(came, PATIENCE) - self.at) * 1000

    async def repeat(self, number: str) -> float:
        """The same bytes through the relay → ms."""
        data = b"".join(self.data)
        came = self.ear.expect(lambda frame: f"Exten: {number}\r\n" in frame)
        at = time.monotonic()
        self.relay.write(data)
        return (await asyncio.wait_for(came, PATIENCE) - at) * 1000


@asynccontextmanager
async def wire(building: Building, folder: Path) -> AsyncIterator[Wire]:
    """With the relay running and somebody at its end."""
    connected: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: connected.set_result(writer), "127.0.0.1", 0)
    port = str(server.sockets[0].getsockname()[1])
    env = dict(os.environ)
    async with server, process("relay", env, folder, "-m", "tests.bench.quiet_relay", port) as said:
        writer = await connected
        await until(lambda: said().endswith("\n"), "the relay did not say its port")
        async with ear(int(said())) as one:
            found = Wire(building, writer, one)
            building.pbx.listeners.insert(0, found.hear)
            yield found
        writer.close()


async def sample(line: Wire, url: str, samples: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each change through the product, and of its bytes through the relay."""
    cookie = await asyncio.to_thread(log_in, url)
    chance = random.Random(1)  # keeps out of step with windows and beats
    mine: list[float] = []
    bare: list[float] = []
    async with browser(url, cookie) as tab:
        await until(lambda: ready(tab), "the office did not come up")
        for turn in range(WARM_UP + samples):
            number = DESKS[turn % len(DESKS)]
            on = tab.state[f"ext:{number}"]["detail"] != "dnd"
            pause = chance.uniform(0.2, 0.3)
            began = time.monotonic()
            mine.append(await line.change(tab, number, on=on))
            await asyncio.sleep(began + pause / 2 - time.monotonic())
            bare.append(await line.repeat(number))
            await asyncio.sleep(began + pause - time.monotonic())
    return mine[WARM_UP:], bare[WARM_UP:]


def ready(tab: Browser) -> bool:
    """The link is up and every desk is known."""
    link = tab.state.get("link") or {}
    return link.get("state") == "up" and all(f"ext:{number}" in tab.state for number in DESKS)


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so many of them do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


async def measure(folder: Path, env: dict[str, str], line: Wire, samples: int) -> dict[str, list[float]]:
    """Each shape in turn, and the limit beside it."""
    shapes: dict[str, AbstractAsyncContextManager[str]] = {EMBEDDED: embedded(env, folder)}
    try:
        shapes[SEPARATE] = separate(env, folder, find("redis"))
    except MissingError as missing:
        sys.stderr.write(f"without Redis: {missing}\n")
    found: dict[str, list[float]] = {LIMIT: []}
    for name, shape in shapes.items():
        async with shape as url:
            found[name], bare = await sample(line, url, samples)
        found[LIMIT] += bare
    return found


async def run(folder: Path, *, quick: bool) -> list[str]:
    """The whole section. Raises TimeoutError; whatever ends it, SIGTERM too, the processes end first."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with asyncio.timeout(LONGEST):
        return report(await rig(folder, samples=30 if quick else 110))


async def rig(folder: Path, *, samples: int) -> dict[str, list[float]]:
    """The office, its database, the relay; milliseconds by name."""
    secret = secrets.token_urlsafe(16)
    building = office(LoopClock(), EMPLOYEES)  # nobody calls anybody: there is no life in it
    async with AmiServer(building.pbx, building.plan, [Account("astpanel", secret)]) as server:
        env = environment(folder, server.port, secret)
        os.environ |= env
        await asyncio.to_thread(furnish)
        async with wire(building, folder) as line:
            return await measure(folder, env, line, samples)


def report(found: dict[str, list[float]]) -> list[str]:
    """Two tables: figures, goals."""
    limit = quantile(found[LIMIT], 0.95)
    lines = [
        "| quiet office: one change each 200–300 ms | changes | p50 ms | p95 ms | max ms | p95 against the limit |"
    ]
    lines.append("|---|---|---|---|---|---|")
    goals = ["", "| goal: AMI bytes → the browser's socket, p95 < 15 ms | reached | |", "|---|---|---|"]
    for name, values in found.items():
        p95 = quantile(values, 0.95)
        figures = [f"{figure:.1f}" for figure in (quantile(values, 0.5), p95, max(values))]
        lines.append(f"| {' | '.join([name, str(len(values)), *figures, f'{p95 / limit:.1f} ×'])} |")
        if name != LIMIT:
            goals.append(f"| {name} | {p95:.1f} ms | {'met' if p95 < GOAL else '**missed**'} |")
    load = f"Load average of the machine at the end: {os.getloadavg()[0]:.1f} (1 min)."
    if limit > BUSY:
        load += f" Even the limit needed {limit:.1f} ms: the machine had other work, measure again."
    return [*lines, *goals, "", load]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="astpanel-quiet-") as temporary:
        table = asyncio.run(run(Path(temporary), quick="--quick" in sys.argv))
    sys.stdout.write("\n".join(table) + "\n")
