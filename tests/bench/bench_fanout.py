"""Fan-out: deltas of 300 B to W browsers at R per second, on daphne, against Channels' tutorial and a bare broadcast.

python -m tests.bench.bench_fanout [--quick]
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

GRACE: Final = 1.0  # seconds after the last delta in which it may still arrive
SUSTAINED_P95: Final = 250.0  # ms: a rate is sustained if everything arrives, and in this time
TUTORIAL_RATES: Final = (4, 8, 12, 16, 24, 32, 48)
HUB_RATES: Final = (2000, 4000, 6000, 7000, 8000, 10_000, 12_000)
NAMES: Final = {
    "bare": "limit: bare `websockets`, batch per 50 ms, broadcast",
    "tutorial": "daphne, Channels' tutorial, in-memory layer",
    "hub": "daphne, **hub**, each change published alone",
    "gateway": "daphne, **hub**, published as a gateway does",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One run. Latencies in ms, None if nothing arrived; CPU as a share of one core; memory in MB."""

    p50: float | None
    p95: float | None
    delivered: float
    cpu: float
    rss: float
    rate: float  # really published


class Line:
    """A process that is told lines of JSON or words, and answers each with a line of JSON."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, line: str) -> None:
        """One line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """One answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait(10)}")
        return dict(json.loads(line))

    def close(self) -> None:
        """End of input: it ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Rig:
    """A server and its browsers."""

    def __init__(self, server: Line, clients: Line) -> None:
        self.server, self.clients = server, clients

    def run(self, rate: int, seconds: float) -> Result:
        """Publish for so long, wait for the stragglers, count."""
        self.clients.tell("begin")
        self.clients.hear()
        self.server.tell(f"run {rate} {seconds}")
        done = self.server.hear()
        time.sleep(GRACE)
        self.clients.tell(f"end {done['published']}")
        seen = self.clients.hear()
        return Result(
            seen["p50"], seen["p95"], seen["delivered"], done["cpu"], done["rss"], done["published"] / done["wall"]
        )

    def memory(self) -> float:
        """Of the server, MB."""
        self.server.tell("rss")
        return float(self.server.hear()["rss"])


@contextmanager
def rig(mode: str, browsers: int, stalled: int = 0) -> Iterator[Rig]:
    """A server in MODE with so many browsers connected."""
    server = Line("tests.bench.fanout_server", mode, str(browsers))
    clients = Line("tests.bench.fanout_clients")
    try:
        ready = server.hear()
        plan = {"browsers": browsers, "hub": mode in {"hub", "gateway"}, "stalled": stalled, **ready}
        clients.tell(json.dumps(plan))
        clients.hear()
        yield Rig(server, clients)
    finally:
        clients.close()
        server.close()


def medians(results: list[Result]) -> Result:
    """Of each column."""

    def of(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return median(known) if known else None

    return Result(
        of([result.p50 for result in results]),
        of([result.p95 for result in results]),
        median(result.delivered for result in results),
        median(result.cpu for result in results),
        median(result.rss for result in results),
        median(result.rate for result in results),
    )


def alternate(modes: Sequence[str], browsers: int, rate: int, *, runs: int, seconds: float) -> dict[str, Result]:
    """Each mode in turn, several times over, so that a noisy minute hits all; medians."""
    found: dict[str, list[Result]] = {mode: [] for mode in modes}
    for _ in range(runs):
        for mode in modes:
            with rig(mode, browsers) as one:
                found[mode].append(one.run(rate, seconds))
    return {mode: medians(results) for mode, results in found.items()}


def sustained(mode: str, browsers: int, rates: Sequence[int], seconds: float) -> int:
    """The largest of the rates at which every delta reaches everybody in time; each gets a second try."""
    best = 0
    with rig(mode, browsers) as one:
        for rate in rates:
            for _ in range(2):
                result = one.run(rate, seconds)
                good = result.delivered >= 0.999 and result.p95 is not None and result.p95 <= SUSTAINED_P95
                if good and result.rate >= 0.95 * rate:
                    best = rate
                    break
            else:
                break
    return best


def table(title: str, results: dict[str, Result]) -> list[str]:
    """Markdown."""
    lines = [f"| {title} | p50 ms | p95 ms | delivered | CPU of a core |", "|---|---|---|---|---|"]
    for mode, result in results.items():
        cells = [ms(result.p50), ms(result.p95), f"{result.delivered:.1%}", f"{result.cpu:.0%}"]
        lines.append(" | ".join(["| " + NAMES[mode], *cells]) + " |")
    return [*lines, ""]


def ms(value: float | None) -> str:
    """Milliseconds, or that nothing came."""
    return "nothing arrived" if value is None else f"{value:,.0f}"


class Goals:
    """What was to be reached, what was."""

    def __init__(self) -> None:
        self.lines = ["| goal | reached | |", "|---|---|---|"]

    def add(self, goal: str, reached: str, met: bool) -> None:
        """One line."""
        self.lines.append(f"| {goal} | {reached} | {'met' if met else '**missed**'} |")


def stalled_readers(goals: Goals, seconds: float) -> None:
    """20 of 60 browsers stop reading: what it costs the server, and the others."""
    with rig("gateway", 60) as one:
        alone = one.run(2000, seconds)
    with rig("gateway", 60, stalled=20) as one:
        before = one.memory()
        beside = one.run(2000, seconds)
    grown = beside.rss - before
    goals.add("20 stalled of 60 (R=2,000) cost ≤ 32 MB", f"{grown:.0f} MB", grown <= 32)
    slower = (beside.p95 or 1e9) / (alone.p95 or 1e9)
    reached = f"p95 {ms(alone.p95)} → {ms(beside.p95)} ms ({slower:.2f} ×), {beside.delivered:.1%} delivered"
    goals.add("and the others ≤ 1.2 × as late", reached, slower <= 1.2 and beside.delivered >= 0.999)


def report(*, quick: bool) -> list[str]:
    """The whole section."""
    seconds, runs = (2.0, 1) if quick else (4.0, 2)
    goals = Goals()
    small = alternate(("bare", "tutorial", "hub", "gateway"), 200, 200, runs=runs, seconds=seconds)
    large = alternate(("bare", "gateway"), 500, 1000, runs=runs, seconds=seconds)
    hub, bare = small["gateway"], small["bare"]
    goals.add("W=200 R=200: all delivered", f"{hub.delivered:.1%}", hub.delivered >= 0.9999)
    ratio = (hub.p95 or 1e9) / (bare.p95 or 1e9)
    reached = f"{ms(hub.p95)} ms, {ratio:.2f} ×"
    goals.add("p95 ≤ 65 ms and ≤ 1.3 × bare", reached, (hub.p95 or 1e9) <= 65 and ratio <= 1.3)
    goals.add("CPU ≤ 20 % of a core", f"{hub.cpu:.0%}", hub.cpu <= 0.2)
    many = large["gateway"]
    goals.add("W=500 R=1,000: p95 ≤ 100 ms", f"{ms(many.p95)} ms, {many.delivered:.1%}", (many.p95 or 1e9) <= 100)
    goals.add("CPU ≤ 70 %", f"{many.cpu:.0%}", many.cpu <= 0.7)
    stalled_readers(goals, seconds)
    slow = sustained("tutorial", 200, TUTORIAL_RATES, seconds=2.0)
    fast = sustained("gateway", 200, HUB_RATES[1::2] if quick else HUB_RATES, seconds=2.0)
    reached = f"{fast:,}/s against {slow}/s: {fast / slow:,.0f} ×" if slow else f"{fast:,}/s against less than 4/s"
    goals.add("largest R at W=200 ≥ 300 × the tutorial's", reached, fast >= 300 * max(slow, 4))
    return [*table("W=200 R=200", small), *table("W=500 R=1,000", large), *goals.lines]


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(quick="--quick" in sys.argv)) + "\n")
