"""Who calls? A name for a number among a million, in PostgreSQL and in SQLite.

    python -m tests.bench.bench_who [--quick]

Ours: `contacts_by_numbers`, the look-up a gateway does when a call rings: reading the number, one query, ranking, the
other owners; alone, 100 numbers at once, and with the version of the directory as the gateway's cache asks it. The
limits: the bare indexed statement on an open cursor, and the ORM's `.filter(e164=…).first()` with its owner. The peers:
`endswith` on the number as typed, and a scan for its digits. Alternating runs, medians; what is found is looked at.
"""

import sys

from tests.bench.both_databases import run_both


def child(numbers: int, rounds: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from tests.bench import who_runs  # noqa: PLC0415 - needs the apps

    for row in who_runs.measure(numbers, rounds):
        sys.stdout.write(row + "\n")


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(int(arguments[-2]), int(arguments[-1]))
        return
    numbers, rounds = (50_000, 200) if "--quick" in arguments else (1_000_000, 1_000)
    sys.stdout.write(f"| who calls? {numbers:,} numbers | per number | p95 | against | ratio | goal |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    run_both("tests.bench.bench_who", [str(numbers), str(rounds)])


if __name__ == "__main__":
    main(sys.argv[1:])
