"""The driver with real phones on a real Asterisk (see driver.py)."""

import time
from collections.abc import Callable
from typing import Final, Protocol

from tests.pbx.ami import Ami
from tests.pbx.asterisk import Asterisk
from tests.pbx.phones import Phone, PhoneProcess
from tests.pbx.recorder import matches

DESKS: Final = ("101", "102", "103", "104", "105", "106")
RING_SECONDS: Final = 25
QUEUE_SECONDS: Final = 60


class Eye(Protocol):
    """Who looks at the office while a scenario runs."""

    def connect(self) -> None: ...
    def disconnect(self) -> None: ...
    def pbx_lost(self) -> None: ...
    def reconcile(self) -> None: ...
    def note(self, text: str) -> None: ...
    def lose(self, name: str, match: dict[str, str]) -> None: ...
    def quiet(self) -> None: ...
    def close(self) -> None: ...


class PbxRefusedError(AssertionError):
    """An action that the scenario needs was refused."""


class Office:
    """Desks 101 to 106 and the PSTN. One office serves many scenarios; `open` puts everything back in order first."""

    def __init__(self, pbx: Asterisk) -> None:
        self.pbx = pbx
        self.ami: Ami = pbx.ami()
        self._desks = PhoneProcess(pbx, *DESKS)
        self._outside = PhoneProcess(pbx, "trunk")
        self._seconds: dict[str, PhoneProcess] = {}
        self._eye: Eye | None = None
        self._mark = 0
        self._desks.on_step = self._outside.on_step = self.note

    def open(self, eye: Eye, *, connected: bool = True) -> None:
        """Tidy up, then let `eye` look, until the next `open` or the end."""
        self._shut_eye()
        if self.ami.closed_at is not None:  # somebody restarted the PBX without us
            self.ami = self.pbx.ami()
        self._tidy()
        self._mark = self.ami.mark()
        self._eye = eye
        if connected:
            self.connect()

    def close(self) -> None:
        """Send everybody home."""
        self._shut_eye()
        for process in (*self._seconds.values(), self._desks, self._outside):
            process.close()
        self.ami.close()

    def phone(self, name: str) -> Phone:
        """See Driver."""
        if name == "trunk":
            return self._outside.phones[name]
        if name in self._desks.phones:
            return self._desks.phones[name]
        if name not in self._seconds:
            number = name.rstrip("abc")
            self._seconds[name] = PhoneProcess(self.pbx, number)
            self._seconds[name].phones[number].label = name
            self._seconds[name].on_step = self.note
        return next(iter(self._seconds[name].phones.values()))

    def action(self, name: str, *, variables: tuple[str, ...] = (), **headers: str) -> dict[str, str]:
        """See Driver."""
        self.note(f"action {name}: " + ", ".join(headers.values()))
        return self._do(name, variables=variables, **headers)

    def _do(self, name: str, *, variables: tuple[str, ...] = (), **headers: str) -> dict[str, str]:
        answer = self.ami.do(name, variables=variables, **headers)
        if answer.get("Response") == "Error":
            raise PbxRefusedError(f"{name} {headers}: {answer.get('Message')}")
        return answer

    def saw(self, event: str, **match: str) -> dict[str, str]:
        """See Driver."""
        return self.ami.wait_for(lambda e: matches(e, event, match), f"{event} {match}", since=self._mark)

    def channel(self, number: str, nth: int = -1) -> str:
        """See Driver."""
        found = [c for c in self.ami.list_action("CoreShowChannels") if c["Channel"].startswith(f"PJSIP/{number}-")]
        found.sort(key=lambda c: float(c["Uniqueid"]))
        if not found:
            raise PbxRefusedError(f"{number} has no channel")
        return found[nth]["Channel"]

    def passes(self, seconds: float = 0.3) -> None:
        """See Driver."""
        time.sleep(seconds)

    def ring_seconds(self, seconds: int) -> None:
        """See Driver."""
        self._do("Setvar", Variable="RING_SECONDS", Value=str(seconds))

    def queue_seconds(self, seconds: int) -> None:
        """See Driver."""
        self._do("Setvar", Variable="QUEUE_SECONDS", Value=str(seconds))

    def forward(self, number: str, to: str) -> None:
        """See Driver."""
        self.note(f"{number} forwards to {to}")
        self._do("DBPut", Family="CF", Key=number, Val=to)

    def dnd(self, number: str) -> None:
        """See Driver."""
        self.note(f"{number} does not want to be disturbed")
        self._do("DBPut", Family="DND", Key=number, Val="1")
        self._do("Setvar", Variable=f"DEVICE_STATE(Custom:DND{number})", Value="BUSY")

    def note(self, text: str) -> None:
        """See Driver."""
        if self._eye is not None:
            self._eye.note(text)

    def connect(self) -> None:
        """See Driver."""
        self._looking().connect()

    def disconnect(self) -> None:
        """See Driver."""
        self._looking().disconnect()

    def reconcile(self) -> None:
        """See Driver."""
        self._looking().reconcile()

    def lose(self, event: str, **match: str) -> None:
        """See Driver."""
        self._looking().lose(event, match)

    def restart_pbx(self) -> None:
        """See Driver. The phones find out by themselves and log in again."""
        self.note("the PBX restarts")
        self._lose_pbx(self.pbx.restart)

    def crash_pbx(self) -> None:
        """See Driver."""
        self.note("the PBX loses its power")
        self._lose_pbx(self.pbx.crash)

    def _lose_pbx(self, restart: Callable[[], None]) -> None:
        restart()
        self._looking().pbx_lost()
        self.ami.close()
        self.ami = self.pbx.ami()
        self._mark = 0

    def quiet(self) -> None:
        """See Driver."""
        self._looking().quiet()

    def _shut_eye(self) -> None:
        if self._eye is not None:
            self._eye.close()
            self._eye = None

    def _looking(self) -> Eye:
        if self._eye is None:
            raise RuntimeError("nobody looks at the office")
        return self._eye

    def _tidy(self) -> None:
        for process in self._seconds.values():
            process.close()
        self._seconds.clear()
        for channel in self.ami.list_action("CoreShowChannels"):
            self.ami.do("Hangup", Channel=channel["Channel"])
        self.ring_seconds(RING_SECONDS)
        self.queue_seconds(QUEUE_SECONDS)
        for family in ("CF", "DND"):
            self.ami.do("DBDelTree", Family=family)
        for number in DESKS:
            self._do("Setvar", Variable=f"DEVICE_STATE(Custom:DND{number})", Value="NOT_INUSE")
            self.phone(number).forget()
            if not self.phone(number).registered:
                self.phone(number).register()
        self.phone("trunk").forget()
        self.ami.wait_until_no_channels()
