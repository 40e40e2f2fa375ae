"""The one place that decides whether a test can run on this machine, and that says so when it cannot.

`require("redis")` returns what the test needs (a path) or leaves the test out. What was left out is printed at the end
of the run. Under `CI=true` nothing may be left out: the test fails instead, except Asterisk 22 on a day when Debian's
moving archive itself could not install it (the installer writes that down).
"""

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

import pytest

PREFIX: Final = "left out: "
ARCHIVE_SUFFIX: Final = ".unavailable"  # beside the chroot; holds the reason in words


class MissingError(Exception):
    """Why a requirement is not met here; `excused` = no failure even under CI."""

    def __init__(self, reason: str, *, excused: bool = False) -> None:
        super().__init__(reason)
        self.excused = excused


def in_ci() -> bool:
    """Leaving tests out is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def cache_folder() -> Path:
    """Where the project keeps what is installed once a machine."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "astpanel"


def _executable(*names: str) -> Path:
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise MissingError(f"no {' or '.join(names)} on the PATH")


def _postgresql() -> Path:
    """The folder with `initdb` and `pg_ctl`; Debian keeps it off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise MissingError("no PostgreSQL server (initdb, pg_ctl) found")


def _asterisk(version: str) -> Path:
    """The chroot that `scripts/install-asterisk` made."""
    root = cache_folder() / f"asterisk-{version}"
    note = root.with_name(root.name + ARCHIVE_SUFFIX)
    if not (root / ".astpanel-installed").exists():
        if note.exists():
            raise MissingError(note.read_text().strip(), excused=version == "22")
        raise MissingError(f"not installed; run scripts/install-asterisk {version} as root")
    if os.geteuid() != 0:
        raise MissingError("a chroot needs root")
    return root


def _phones() -> Path:
    spec = find_spec("pjsua2")
    if spec is None or spec.origin is None:
        raise MissingError("pjsua2-python is not installed")
    return Path(spec.origin)


_FINDERS: Final[dict[str, Callable[[], Path]]] = {
    "chromium": lambda: _executable("chromium", "chromium-browser", "google-chrome"),
    "redis": lambda: _executable("redis-server"),
    "nginx": lambda: _executable("nginx", "/usr/sbin/nginx"),
    "systemd-analyze": lambda: _executable("systemd-analyze"),
    "postgresql": _postgresql,
    "asterisk-22": lambda: _asterisk("22"),
    "asterisk-16": lambda: _asterisk("16"),
    "phones": _phones,
}


def find(what: str) -> Path:
    """What the machine has: an executable, PostgreSQL's bin folder, a chroot. Raises MissingError."""
    return _FINDERS[what]()


def require(what: str) -> Path:
    """`find`, or the running test is left out. `what`: a key of `_FINDERS`."""
    try:
        return find(what)
    except MissingError as missing:
        leave_out(f"{what}: {missing}", excused=missing.excused)


def leave_out(reason: str, *, excused: bool = False) -> NoReturn:
    """Skip, saying why in words; a failure under CI unless excused."""
    if in_ci() and not excused:
        pytest.fail(f"{PREFIX}{reason} (CI=true: nothing may be left out)", pytrace=False)
    pytest.skip(PREFIX + reason + (" [excused]" if excused else ""), allow_module_level=True)
