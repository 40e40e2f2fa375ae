"""Search in a large directory as somebody types, in PostgreSQL and in SQLite.

    python -m tests.bench.bench_search [--quick]

Ours: `search_directory`, all its queries and the ranking. The peer: what admins do without indexes of their own, the
same words by `icontains` on names and on the numbers as typed. Medians; what is found is looked at.
"""

import sys

from tests.bench.both_databases import run_both


def child(numbers: int, rounds: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from tests.bench import search_runs  # noqa: PLC0415 - needs the apps

    for row in search_runs.measure(numbers, rounds):
        sys.stdout.write(row + "\n")


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(int(arguments[-2]), int(arguments[-1]))
        return
    numbers, rounds = (50_000, 5) if "--quick" in arguments else (1_000_000, 15)
    customers = numbers // 4
    title = f"{customers:,} counterparties, {customers:,} persons, {numbers:,} numbers"
    sys.stdout.write(f"| {title} | typed | median | worst | `icontains` | ratio |\n|---|---|---|---|---|---|\n")
    run_both("tests.bench.bench_search", [str(numbers), str(rounds)])


if __name__ == "__main__":
    main(sys.argv[1:])
