"""A measurement in a process of its own for PostgreSQL and for SQLite, each with an empty database."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent.parent.parent


def run_both(module: str, arguments: Sequence[str]) -> None:
    """`python -m MODULE --child ARGUMENTS…` twice; what it prints (rows of a table) goes on to our output."""
    from tests.left_out import find  # noqa: PLC0415 - the child must not load pytest's helpers
    from tests.servers import PostgreSQL  # noqa: PLC0415 - the same

    server = PostgreSQL(find("postgresql"))
    try:
        server.start()
        server.execute("CREATE DATABASE bench")
        with tempfile.TemporaryDirectory() as folder:
            for url in (server.url("bench"), f"sqlite:///{folder}/bench.sqlite3"):
                sys.stdout.write(_run(url, folder, module, arguments))
                sys.stdout.flush()
    finally:
        server.remove()


def _run(url: str, folder: str, module: str, arguments: Sequence[str]) -> str:
    env = {**os.environ, "ASTPANEL_DATABASE": url, "ASTPANEL_REDIS": "", "ASTPANEL_VAR": folder}
    env |= {"DJANGO_SETTINGS_MODULE": "astpanel.settings", "ASTPANEL_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", module, "--child", *arguments]
    return subprocess.run(command, cwd=HERE, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
