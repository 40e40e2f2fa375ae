"""Handing a profile's settings to 10,000 users: the product's assignment against the loop anybody would write.

    python -m tests.bench.bench_assignment [--quick]

Ours: the service that a click calls and then the worker's function, with the journal that the undo needs. The peers:
`for user in profile.users.all(): …; user.save()` in one transaction, with a journal row of the same content saved for
each user, and without any. The product's own listeners to `save()` are taken off, which would only slow the loops.
Alternating runs, medians; each run changes every user, and that it did is looked at.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent.parent.parent
ROUNDS: Final = 3


def child(users: int, rounds: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from tests.bench import assignment_runs  # noqa: PLC0415 - needs the apps

    for row in assignment_runs.measure(users, rounds):
        sys.stdout.write(row + "\n")


def run_child(url: str, folder: Path, users: int, rounds: int) -> str:
    """→ table rows."""
    env = {**os.environ, "ASTPANEL_DATABASE": url, "ASTPANEL_REDIS": "", "ASTPANEL_VAR": str(folder)}
    env |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.bench.bench_assignment", "--child", str(users), str(rounds)]
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(int(arguments[-2]), int(arguments[-1]))
        return
    from tests.left_out import find  # noqa: PLC0415 - the child must not load pytest's helpers
    from tests.servers import PostgreSQL  # noqa: PLC0415 - the same

    quick = "--quick" in arguments
    users, rounds = (2_000, 1) if quick else (10_000, ROUNDS)
    title = f"profile → {users:,} users"
    sys.stdout.write(
        f"| {title} | ours | save() loop with a journal | save() loop | ratio | to the bare loop | goal |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    server = PostgreSQL(find("postgresql"))
    try:
        server.start()
        server.execute("CREATE DATABASE bench")
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(run_child(server.url("bench"), Path(folder), users, rounds))
            sys.stdout.write(run_child(f"sqlite:///{folder}/bench.sqlite3", Path(folder), users, rounds))
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1:])
