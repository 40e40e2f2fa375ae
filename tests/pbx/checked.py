"""A PBX of its own for the check's tests: its configuration is broken, and mended by the lines the check prints."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from telephony.check.finding import Finding
from telephony.check.report import Report
from telephony.check.services import probe
from telephony.check.snippets import PLACEHOLDER
from telephony.models import Pbx
from tests.pbx.asterisk import Asterisk

Row = tuple[str, str, dict[str, Any]]


class CheckedPbx:
    """A running PBX whose files are put back after each test."""

    def __init__(self, asterisk: Asterisk) -> None:
        self.asterisk = asterisk
        self._etc = asterisk.inside / "etc"
        self._files = {path.name: path.read_bytes() for path in self._etc.glob("*.conf")}

    def pbx(self, **changes: Any) -> Pbx:
        """A row that was never saved: the account as it is shipped, unless said otherwise."""
        where = {"host": self.asterisk.host, "port": self.asterisk.ports.ami}
        return Pbx(**{"username": "astpanel", "secret": self.asterisk.secret, **where, **changes})

    def split(self, **changes: Any) -> Pbx:
        """The three accounts as they are shipped."""
        secret = self.asterisk.secret
        accounts = {
            "username": "astpanel-listen",
            "control_username": "astpanel-control",
            "control_secret": secret,
            "phone_username": "astpanel-phone",
            "phone_secret": secret,
        }
        return self.pbx(**accounts, **changes)

    def look(self, *, numbers: tuple[str, ...] = ("101", "102"), own: str = "", **changes: Any) -> Report:
        """Check it."""
        return self.look_at(self.pbx(**changes), numbers=numbers, own=own)

    def look_at(self, pbx: Pbx, *, numbers: tuple[str, ...] = ("101", "102"), own: str = "") -> Report:
        """Check what this row describes."""
        return probe(pbx, numbers=numbers, own_number=own)

    def edit(self, file: str, old: str, new: str, *commands: str) -> None:
        """Change a file of its configuration, then have it read."""
        path = self._etc / file
        text = path.read_text()
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new))
        self.say(*commands)

    def without_module(self, name: str) -> None:
        """Start again without it: few modules can be unloaded."""
        self.edit("modules.conf", "autoload = yes", f"autoload = yes\nnoload => {name}")
        self.asterisk.restart()

    def say(self, *commands: str) -> None:
        """On its command line, as an administrator does: AMI refuses to load modules."""
        chroot = ["chroot", str(self.asterisk.chroot), "/usr/sbin/asterisk"]
        for command in commands:
            line = [*chroot, "-C", f"{self.asterisk.home}/etc/asterisk.conf", "-rx", command]
            subprocess.run(line, check=True, capture_output=True, timeout=60)

    def follow(self, finding: Finding) -> None:
        """Do what the finding says: add the lines to the end of the files, then the commands."""
        for snippet in finding.lines:
            with (self._etc / snippet.file).open("a") as file:
                file.write("\n" + snippet.text.replace(PLACEHOLDER, self.asterisk.secret))
        self.say(*dict.fromkeys(snippet.command for snippet in finding.lines if snippet.command))

    def log(self) -> str:
        """What it complained about."""
        return (self.asterisk.inside / "log/messages").read_text(errors="replace")

    def put_back(self, *commands: str) -> None:
        """The files as they were."""
        for path in self._etc.glob("*.conf"):
            if path.name not in self._files:
                path.unlink()
        for name, content in self._files.items():
            (self._etc / name).write_bytes(content)
        self.say("core reload", *commands)


@contextmanager
def as_it_was(bed: CheckedPbx, *commands: str) -> Iterator[CheckedPbx]:
    """Whatever the block does to the files is undone."""
    try:
        yield bed
    finally:
        bed.put_back(*commands)


def rows(report: Report) -> list[Row]:
    """All findings, the worst first."""
    return [row(finding) for finding in report.findings]


def row(finding: Finding) -> Row:
    """One finding without its lines."""
    return finding.level.value, finding.code, {name: _plain(value) for name, value in finding.params.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def named(report: Report, code: str) -> Finding:
    """The one finding of that code."""
    (found,) = (finding for finding in report.findings if finding.code == code)
    return found


def codes(report: Report) -> set[str]:
    """What was found, by name."""
    return {finding.code for finding in report.findings}
