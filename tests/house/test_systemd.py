"""deploy/systemd: units that systemd accepts, with few rights, whose commands start and end as they should."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import migrated_sqlite, use_database
from tests.factories import PbxFactory
from tests.house.proxy import INSTALLED, ROOT, UNITS, environment, listens, started_by
from tests.left_out import require
from tests.servers import free_port, wait_until

__all__ = ["migrated_sqlite"]
SERVICES = ("web", "gateway", "worker")
MOST_EXPOSED = 2.0  # of 10, as `systemd-analyze security` counts
AT_WORK = {"gateway": "we are its gateway", "worker": "работает."}  # their own words


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The folder with this checkout in the place of the installed one."""
    python = started_by("web")[0]
    shutil.copytree(UNITS, tmp_path / "units")
    for path in (tmp_path / "units").glob("*.service"):
        path.write_text(path.read_text().replace(f"{INSTALLED}/.venv/bin/python", python))
    drop_in = tmp_path / "units" / "astpanel-.service.d" / "least-rights.conf"
    drop_in.write_text(drop_in.read_text().replace(INSTALLED, str(ROOT)))
    return tmp_path / "units"


def analyze(units: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """`systemd-analyze` needs no systemd that runs."""
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "SYSTEMD_UNIT_PATH": f"{units}:"}
    command = (str(require("systemd-analyze")), "--no-pager", *command)
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_systemd_accepts_them(units: Path) -> None:
    done = analyze(units, "verify", "--man=no", *map(str, sorted(units.glob("astpanel*.*"))[1:]))
    ours = [line for line in done.stderr.splitlines() if "astpanel" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("service", SERVICES)
def test_they_have_few_rights(units: Path, service: str) -> None:
    threshold = f"--threshold={int(MOST_EXPOSED * 10)}"
    done = analyze(units, "security", "--offline=true", threshold, f"astpanel-{service}.service")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_the_command_starts_and_ends_cleanly(
    migrated_sqlite: Path, django_db_blocker: DjangoDbBlocker, tmp_path: Path, service: str
) -> None:
    """On SIGTERM, which is how systemd stops it, once it is at work."""
    path = tmp_path / "database.sqlite3"
    shutil.copy(migrated_sqlite, path)
    with django_db_blocker.unblock(), use_database(f"sqlite:///{path}"):
        PbxFactory(port=1)  # nobody listens there
    command, log, port = started_by(service), tmp_path / "log", free_port()
    if service == "web":
        command[command.index("8000")] = str(port)
    env = environment(tmp_path, f"sqlite:///{path}") | {"PYTHONUNBUFFERED": "1", "ASTPANEL_LOG_LEVEL": "INFO"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command], cwd=ROOT, env=env, stdout=output, stderr=output
        )

    def started() -> bool:
        assert process.poll() is None, log.read_text()
        return listens(port) if service == "web" else AT_WORK[service] in log.read_text()

    try:
        wait_until(started, f"{service} to start")
        process.send_signal(signal.SIGTERM)
        assert (process.wait(60), "Traceback" in log.read_text()) == (0, False), log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
