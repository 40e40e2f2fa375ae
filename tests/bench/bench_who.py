"""Who calls? A name for a number among a million, in PostgreSQL and in SQLite.

    python -m tests.bench.bench_who [--quick]

Ours: `contacts_by_numbers`, the look-up a gateway does when a call rings: reading the number, one query, ranking, the
other owners; alone, 100 numbers at once, and with the version of the directory as the gateway's cache asks it. The
limits: the bare indexed statement on an open cursor, and the ORM's `.filter(e164=…).first()` with its owner. The peers:
`endswith` on the number as typed, and a scan for its digits. Alternating runs, medians; what is found is looked at.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent.parent.parent


def child(numbers: int, rounds: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from tests.bench import who_runs  # noqa: PLC0415 - needs the apps

    for row in who_runs.measure(numbers, rounds):
        sys.stdout.write(row + "\n")


def run_child(url: str, folder: Path, numbers: int, rounds: int) -> str:
    """→ table rows."""
    env = {**os.environ, "ASTPANEL_DATABASE": url, "ASTPANEL_REDIS": "", "ASTPANEL_VAR": str(folder)}
    env |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.bench.bench_who", "--child", str(numbers), str(rounds)]
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(int(arguments[-2]), int(arguments[-1]))
        return
    from tests.left_out import find  # noqa: PLC0415 - the child must not load pytest's helpers
    from tests.servers import PostgreSQL  # noqa: PLC0415 - the same

    numbers, rounds = (50_000, 200) if "--quick" in arguments else (1_000_000, 1_000)
    sys.stdout.write(f"| who calls? {numbers:,} numbers | per number | p95 | against | ratio | goal |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    server = PostgreSQL(find("postgresql"))
    try:
        server.start()
        server.execute("CREATE DATABASE bench")
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(run_child(server.url("bench"), Path(folder), numbers, rounds))
            sys.stdout.flush()
            sys.stdout.write(run_child(f"sqlite:///{folder}/bench.sqlite3", Path(folder), numbers, rounds))
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1:])
