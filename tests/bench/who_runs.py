"""The runs of bench_who, inside a process whose database is the one to measure."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.management import call_command
from django.db import connection

from crm.changes import Version, directory_version
from crm.models import ContactInfo
from crm.number_rules import CACHE
from crm.selectors import contacts_and_version, contacts_by_numbers
from telephony.gateway.database import DatabaseThread
from telephony.gateway.names import Names
from tests.bench.who_directory import PER_COMPANY, furnish, last10

AT_ONCE: Final = 100
SCANS: Final = 5
REGULARS: Final = 200  # numbers that call often
OFTEN: Final = 0.8  # share of the calls that are theirs
NAMES: Final = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


@dataclass(frozen=True, slots=True)
class Took:
    """Microseconds per number."""

    median: float
    p95: float


Run = Callable[[Sequence[str]], None]


def took(run: Run, rounds: Sequence[Sequence[str]]) -> Took:
    """Of each round's numbers (digits without the country); a new connection's first statements are not counted."""
    run(rounds[0])
    times = []
    for numbers in rounds:
        began = time.perf_counter()
        run(numbers)
        times.append((time.perf_counter() - began) * 1e6 / len(numbers))
    return Took(statistics.median(times), statistics.quantiles(times, n=20)[-1])


def ours(numbers: Sequence[str]) -> None:
    """As the PBX gives them: `8…`."""
    assert len(contacts_by_numbers([f"8{number}" for number in numbers])) == len(numbers)


def as_the_gateway(known: Version) -> Run:
    """With the directory's version, which a cache needs."""

    def run(numbers: Sequence[str]) -> None:
        assert len(contacts_and_version([f"8{number}" for number in numbers], known=known)[0]) == len(numbers)

    return run


def unknown(numbers: Sequence[str]) -> None:
    """Nobody has these."""
    assert contacts_by_numbers([f"80{number[1:]}" for number in numbers]) == {}


def orm(numbers: Sequence[str]) -> None:
    """The obvious way: one row, and its owner's name."""
    rows = ContactInfo.objects.select_related("counterparty", "person__counterparty", "user")
    for number in numbers:
        row = rows.filter(e164=f"+7{number}").first()
        owner = row and (row.counterparty or row.person)
        assert owner
        assert owner.name


def bare(numbers: Sequence[str]) -> None:
    """The index and nothing else: the limit."""
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT id FROM crm_contactinfo WHERE last10 = %s", [number])
            assert cursor.fetchone()


def endswith(numbers: Sequence[str]) -> None:
    """What peers do with the number as it was typed. SQLite by GLOB: its LIKE is the product's own, and slower."""
    glob = "SELECT id FROM crm_contactinfo WHERE value GLOB %s"
    like = "SELECT id FROM crm_contactinfo WHERE value LIKE %s"
    with connection.cursor() as cursor:
        for number in numbers:
            if connection.vendor == "sqlite":
                cursor.execute(glob, [f"*{number}"])
            else:
                cursor.execute(like, [f"%{number}"])
            assert cursor.fetchone()


def measure(numbers: int, rounds: int) -> Iterator[str]:
    """Rows of the table."""
    call_command("migrate", verbosity=0)
    furnish(numbers)
    CACHE.fresh_for = 3600.0  # the number rules are asked for by the clock, else in the midst of a round
    companies = numbers // PER_COMPANY
    picked = random.Random(4)
    one = [[last10(picked.randrange(companies) * PER_COMPANY)] for _ in range(rounds)]
    many = [
        [last10(company * PER_COMPANY) for company in picked.sample(range(companies), AT_ONCE)]
        for _ in range(rounds // 10)
    ]
    single, scan, plain = took(ours, one), took(endswith, one[:SCANS]), took(orm, one)
    floor = took(bare, one)
    versioned, nobody, batched = took(as_the_gateway(directory_version()), one), took(unknown, one), took(ours, many)
    yield line("one number", single, scan, "a scan by `endswith`", "≤ 1 ms")
    yield line("the same", single, plain, "the ORM's `filter(e164=…).first()`", "")
    yield line("the same", single, floor, "limit: the bare indexed statement", "")
    yield line("with the directory's version, as a gateway asks", versioned, single, "without", "≤ 1 ms")
    yield line("a number that nobody has", nobody, single, "one that somebody has", "≤ 1 ms")
    yield line(f"{AT_ONCE} numbers at once, each", batched, single, "alone", "")
    cached, share = asyncio.run(in_front(companies, rounds * 5))
    yield line(f"the gateway's cache in front, {share:.0%} of the calls known", cached, single, "without", "")


async def in_front(companies: int, calls: int) -> tuple[Took, float]:
    """Calls of which most come from regulars, until each has its name → times, and the share that was there at once."""
    picked = random.Random(5)
    regulars = [picked.randrange(companies) for _ in range(REGULARS)]
    found = asyncio.Event()
    database = DatabaseThread("names")

    def on_found(_marks: set[Hashable]) -> None:
        found.set()

    names = Names(1, database, on_found=on_found, on_changed=found.set, live=lambda: True)
    task = asyncio.create_task(names.run())
    times, at_once = [], 0
    for call in range(calls):
        company = picked.choice(regulars) if picked.random() < OFTEN else picked.randrange(companies)
        number, mark = f"8{last10(company * PER_COMPANY)}", ("call", str(call))
        found.clear()
        began = time.perf_counter()
        contact = names.contact(number, mark)
        at_once += contact is not None
        if contact is None:
            await found.wait()
            assert names.contact(number, mark) is not None
        times.append((time.perf_counter() - began) * 1e6)
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()
    return Took(statistics.median(times), statistics.quantiles(times, n=20)[-1]), at_once / calls


def line(what: str, found: Took, against: Took, peer: str, goal: str) -> str:
    """A row of the table: how many times faster than the other, or slower."""
    ratio = against.median / found.median
    shown = f"**{ratio:,.0f} ×**" if ratio >= 10 else f"{ratio:.2f} ×"
    if goal:
        goal += ": met" if found.p95 <= 1_000 else ": missed"
    return (
        f"| {NAMES[connection.vendor]}, {what} | {found.median:,.1f} µs | {found.p95:,.1f} µs"
        f" | {against.median:,.1f} µs {peer} | {shown} | {goal} |"
    )
