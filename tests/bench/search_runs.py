"""The runs of bench_search, inside a process whose database is the one to measure."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from crm.models import ContactInfo, ContactPerson, Counterparty
from crm.search import search_directory
from tests.bench.who_directory import PER_COMPANY, furnish, last10

NAMES: Final = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
PEER_ROUNDS: Final = 3
FIRST: Final = 20  # customers on a page


def measure(numbers: int, rounds: int) -> Iterator[str]:
    """→ table rows."""
    call_command("migrate", verbosity=0)
    furnish(numbers)
    company = numbers // PER_COMPANY // 2
    digits = last10((company - 1) * PER_COMPANY)
    number = f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    for what, text, expected in (
        ("a whole name", f"ООО Ромашка {company}", f"ООО «Ромашка {company}»"),
        ("two parts of a name", f"машк {company}", f"ООО «Ромашка {company}»"),
        ("a word that all have", "Петров", "Петров Пётр 1"),
        ("two letters", "пе", "Петров Пётр 1"),
        ("nobody's name", "Незабудка", None),
        ("a number as people write it", number, f"ООО «Ромашка {company}»"),
        ("six digits in the middle", digits[2:8], f"ООО «Ромашка {company}»"),
        ("the last four digits", digits[6:], ...),
    ):
        found = search_directory(text, limit=200)
        names = [one.name for one in found]
        assert expected is ... or (expected in names if expected else not names), (what, names[:5])
        took = _took(lambda text=text: search_directory(text, limit=FIRST), rounds)  # type: ignore[misc]  # bound now
        peer = statistics.median(_took(lambda text=text: _peer(text), PEER_ROUNDS))  # type: ignore[misc]  # the same
        median = statistics.median(took)
        yield (
            f"| {NAMES[connection.vendor]} | {what} | {median * 1000:.1f} ms | {max(took) * 1000:.1f} ms "
            f"| {peer * 1000:,.0f} ms | {peer / median:.1f} × |"
        )


def _took(run: Callable[[], object], rounds: int) -> list[float]:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return seconds


def _peer(text: str) -> None:
    names, values = Q(), Q()
    for word in text.split():
        names &= Q(name__icontains=word)
        values &= Q(value__icontains=word)
    for rows in (Counterparty.objects.filter(names), ContactPerson.objects.filter(names)):
        list(rows.order_by("name")[:FIRST].values_list("pk", "name"))
    list(ContactInfo.objects.filter(values).order_by()[:FIRST].values_list("pk", "value"))
