"""What a machine lacks is said at the end of a run, and is a failure under CI."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TESTS = """
from tests import left_out

def test_needs_redis():
    left_out.require("redis")

def test_passes():
    pass
"""

EXCUSED = """
from tests import left_out

def test_needs_22():
    left_out.require("asterisk-22")
"""


def _run(tmp_path: Path, source: str, *, ci: str, workers: int = 0) -> tuple[int, str]:
    """A pytest run of its own on a machine with an empty PATH and an empty cache → (exit status, output)."""
    (tmp_path / "test_sample.py").write_text(source)
    (tmp_path / "cache/astpanel").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "-q"]
    command += ["-p", "no:cacheprovider", f"--rootdir={tmp_path}", f"-n{workers}", str(tmp_path / "test_sample.py")]
    env = {"PATH": "/nonexistent", "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    env |= {"CI": ci, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", [0, 1])
def test_left_out_is_said_at_the_end(tmp_path: Path, workers: int) -> None:
    status, output = _run(tmp_path, TESTS, ci="", workers=workers)
    assert status == 0
    assert "    1 test: redis: no redis-server on the PATH" in output.splitlines()
    assert re.search(r"1 passed, 1 skipped", output)


def test_ci_leaves_nothing_out(tmp_path: Path) -> None:
    status, output = _run(tmp_path, TESTS, ci="true")
    assert status == 1
    assert "left out: redis: no redis-server on the PATH (CI=true: nothing may be left out)" in output


@pytest.mark.parametrize("workers", [0, 1])
def test_ci_refuses_a_skip_of_any_other_kind(tmp_path: Path, workers: int) -> None:
    status, output = _run(
        tmp_path, "import pytest\n\ndef test_lazy():\n    pytest.skip('later')\n", ci="1", workers=workers
    )
    assert status == 1
    assert "CI=true: leaving tests out is a failure" in output


def test_ci_excuses_asterisk_22_when_the_archive_could_not_install_it(tmp_path: Path) -> None:
    (tmp_path / "cache/astpanel").mkdir(parents=True)
    (tmp_path / "cache/astpanel/asterisk-22.unavailable").write_text("sid could not install asterisk on 2025-11-22\n")
    status, output = _run(tmp_path, EXCUSED, ci="true")
    assert status == 0
    assert "    1 test: asterisk-22: sid could not install asterisk on 2025-11-22 [excused]" in output.splitlines()


def test_ci_does_not_excuse_asterisk_22_that_nobody_tried_to_install(tmp_path: Path) -> None:
    status, output = _run(tmp_path, EXCUSED, ci="true")
    assert status == 1
    assert "asterisk-22: not installed; run scripts/install-asterisk 22 as root" in output
