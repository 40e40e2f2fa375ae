"""Customers of a 1C base into the directory: everything for the first time, everything again, and what has changed.

    python -m tests.bench.bench_onec [--quick]

The base is the tests' own OData server, in the same process; its time counts too. Requests are counted by it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent.parent.parent
FAMILIES: Final = ("ut11", "ut103")


def child(code: str, customers: int) -> None:
    """In a process of its own, whose ASTPANEL_DATABASE is empty."""
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from tests.bench import onec_runs  # noqa: PLC0415 - needs the apps

    sys.stdout.write(onec_runs.measure(code, customers) + "\n")


def run_child(url: str, folder: Path, code: str, customers: int) -> str:
    """→ a table row."""
    env = {**os.environ, "ASTPANEL_DATABASE": url, "ASTPANEL_REDIS": "", "ASTPANEL_VAR": str(folder)}
    env |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.bench.bench_onec", "--child", code, str(customers)]
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str]) -> None:
    """A Markdown table."""
    if "--child" in arguments:
        child(arguments[-2], int(arguments[-1]))
        return
    from tests.left_out import find  # noqa: PLC0415 - the child must not load pytest's helpers
    from tests.servers import PostgreSQL  # noqa: PLC0415 - the same

    customers = 5_000 if "--quick" in arguments else 50_000
    sys.stdout.write(f"| 1C, {customers:,} customers | numbers | first reading | everything again | 100 changed |\n")
    sys.stdout.write("|---|---|---|---|---|\n")
    server = PostgreSQL(find("postgresql"))
    try:
        server.start()
        with tempfile.TemporaryDirectory() as folder:
            for code in FAMILIES:
                server.execute(f"CREATE DATABASE bench_{code}")
                for url in (f"sqlite:///{folder}/{code}.sqlite3", server.url(f"bench_{code}")):
                    row = run_child(url, Path(folder), code, customers)
                    sys.stdout.write(f"| {code}, {url.partition(':')[0]} {row}")
                    sys.stdout.flush()
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1:])
