"""AMI bytes → messages: our parser against panoramisk's, on the same bytes in the same run.

`python -m tests.bench.bench_wire [--quick]` prints a table. Runs alternate; figures are medians of CPU time, one core.
"""

import asyncio
import gc
import logging
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from telephony.ami.wire import WireParser
from telephony.core.reducer import WANTED_EVENTS
from tests.bench.calls_stream import Office, encode

READ: Final = 65536  # bytes of one read under load; asyncio takes up to 256 KiB
SEGMENT: Final = 1448  # bytes of one read in a quiet hour: a TCP segment
PATTERNS: Final = tuple(sorted(WANTED_EVENTS))[:18]

Run = Callable[[list[bytes]], None]


def ours(chunks: list[bytes], wanted: frozenset[str] | None = None) -> None:
    parser = WireParser(wanted=wanted)
    for chunk in chunks:
        for _ in parser.feed(chunk):
            pass


def ours_skipping(chunks: list[bytes]) -> None:
    ours(chunks, WANTED_EVENTS)


def panoramisk(chunks: list[bytes], patterns: tuple[str, ...] = ("*",)) -> None:
    loop = asyncio.new_event_loop()
    manager = Manager(loop=loop)
    for pattern in patterns:
        manager.register_event(pattern, lambda manager, event: None)
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory, protocol.encoding, protocol.version = manager, "utf8", "11.0.0"
    for chunk in chunks:
        protocol.data_received(chunk)
    loop.close()


def panoramisk_patterns(chunks: list[bytes]) -> None:
    panoramisk(chunks, PATTERNS)


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def medians(chunks: list[bytes], runs: list[Run], rounds: int) -> list[float]:
    """CPU seconds of each, run by turns."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, taken in zip(runs, seconds, strict=True):
            gc.collect()
            start = time.process_time()
            run(chunks)
            taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in seconds]


def line(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


def bench_stream(name: str, run: Run, *, noise: bool, read: int, goals: tuple[str, str], rounds: int) -> None:
    _, events, _ = Office(noise=noise).steady(100, 200 if noise else 600)
    data = encode(events)
    mine, one, many = medians(cut(data, read), [run, panoramisk, panoramisk_patterns], rounds)

    def rate(seconds: float) -> str:
        return f"{len(events) / seconds / 1000:.0f}k/s"

    what = f"{name}, {len(data) // len(events)} B/event, reads of {read} B"
    line(what, rate(mine), f"{rate(one)} one callback", f"{one / mine:.2f}", goals[0])
    line(what, rate(mine), f"{rate(many)} {len(PATTERNS)} patterns", f"{many / mine:.2f}", goals[1])


def bench_answer(size: int, rounds: int) -> None:
    """One long answer in small pieces: the buffer must not be searched from its beginning each time."""
    body = b"Output: a line of a long answer\r\n" * (size // 33)
    chunks = cut(b"Response: Success\r\nActionID: 1\r\n" + body + b"\r\n", SEGMENT)
    mine, other = medians(chunks, [ours, panoramisk], rounds)
    what = f"one answer of {size / 1e6:.1f} MB, reads of {SEGMENT} B"
    line(what, f"{mine * 1000:.0f} ms", f"{other * 1000:.0f} ms", f"{other / mine:.1f}", "")


def main(arguments: list[str]) -> None:
    """Everything, as a Markdown table."""
    logging.disable(logging.CRITICAL)
    rounds = 3 if "--quick" in arguments else 9
    line("AMI bytes → messages", "ours", "panoramisk", "ratio", "goal")
    line("---", "---", "---", "---", "---")
    for read in (READ, SEGMENT):
        bench_stream("all events", ours, noise=False, read=read, goals=("≥ 3.0", "≥ 5.7"), rounds=rounds)
        bench_stream("noisy, skipping", ours_skipping, noise=True, read=read, goals=("≥ 6.7", "≥ 12.5"), rounds=rounds)
    bench_answer(2_000_000, 1 if "--quick" in arguments else 3)


if __name__ == "__main__":
    main(sys.argv[1:])
