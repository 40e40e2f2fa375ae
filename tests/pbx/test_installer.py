"""`scripts/install-asterisk`: says what became of it by its exit status, and leaves a broken try as a broken try.

The Debian archive is played by a `debootstrap` of ours on the PATH; the real one was used by every machine that runs
the other tests of this folder.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests import left_out

SCRIPT = Path(__file__).parent.parent.parent / "scripts/install-asterisk"
RELEASE_GONE = 'echo "E: Failed getting release file http://deb.example.org/debian/dists/sid/Release"; exit 1'
UNMET = 'mkdir -p "$4"; echo "E: Couldn\'t find these debs: libfoo42"; exit 1'
ENDS_WITHOUT_ASTERISK = 'mkdir -p "$4/usr"; exit 0'

pytestmark = pytest.mark.pbx


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A place with a `bin` to put programs into and an empty cache."""
    if os.geteuid() != 0:
        left_out.leave_out("the installer needs root")
    (tmp_path / "bin").mkdir()
    return tmp_path


def _install(machine: Path, version: str, debootstrap: str) -> tuple[int, str]:
    program = machine / "bin/debootstrap"
    program.write_text(f"#!/bin/sh\n{debootstrap}\n")
    program.chmod(0o755)
    env = {"PATH": f"{machine}/bin:{os.environ['PATH']}", "XDG_CACHE_HOME": str(machine), "HOME": str(machine)}
    done = subprocess.run([str(SCRIPT), version], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.splitlines()[-1]


def _cache(machine: Path) -> set[str]:
    return {path.name for path in (machine / "astpanel").iterdir() if path.suffix not in {".log", ".lock"}}


def test_an_archive_that_cannot_install_it_today_is_written_down(machine: Path) -> None:
    status, said = _install(machine, "22", UNMET)
    note = (machine / "astpanel/asterisk-22.unavailable").read_text().strip()
    assert (status, said) == (75, f"install-asterisk 22: {note}")
    assert note.endswith("E: Couldn't find these debs: libfoo42")
    assert _cache(machine) == {"asterisk-22.unavailable"}


def test_an_unreachable_archive_is_no_excuse(machine: Path) -> None:
    status, said = _install(machine, "22", RELEASE_GONE)
    assert (status, "Failed getting release file" in said) == (5, True)
    assert _cache(machine) == set()


def test_bullseye_stands_still_so_nothing_excuses_16(machine: Path) -> None:
    assert _install(machine, "16", UNMET)[0] == 5
    assert _cache(machine) == set()


def test_a_chroot_without_a_working_asterisk_is_not_called_installed(machine: Path) -> None:
    assert _install(machine, "16", ENDS_WITHOUT_ASTERISK)[0] == 5
    assert _cache(machine) == set()


def test_what_was_left_half_done_is_done_anew(machine: Path) -> None:
    (machine / "astpanel/asterisk-16.fresh/debootstrap").mkdir(parents=True)
    (machine / "astpanel/asterisk-16.fresh/debootstrap/half").touch()
    assert _install(machine, "16", '[ -e "$4/debootstrap/half" ] && exit 0; ' + RELEASE_GONE)[0] == 5
    assert _cache(machine) == set()


def test_an_installed_one_stays(asterisk_root: Path) -> None:
    version = asterisk_root.name.removeprefix("asterisk-")
    before = (asterisk_root / "usr/sbin/asterisk").stat()
    done = subprocess.run([str(SCRIPT), version], capture_output=True, text=True, check=False)
    assert (done.returncode, f"is there: Asterisk {version}." in done.stderr) == (0, True)
    assert (asterisk_root / "usr/sbin/asterisk").stat().st_ino == before.st_ino


@pytest.fixture(params=["22", "16"])
def asterisk_root(request: pytest.FixtureRequest) -> Path:
    """The chroot of a version."""
    return left_out.require(f"asterisk-{request.param}")


def test_wrong_use() -> None:
    done = subprocess.run([str(SCRIPT), "17"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
