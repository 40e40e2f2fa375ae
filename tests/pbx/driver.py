"""What a scenario may do to an office, whatever plays it: real phones on a real Asterisk, or the demo PBX.

Everything is a plain blocking call that returns when the effect is seen; in an async test run the scenario in a thread.
"""

from typing import Any, Protocol


class CallHandle(Protocol):
    """One call as a phone sees it; only passed back to the phone that gave it."""


class PhoneDriver(Protocol):
    """One device: a number, or `trunk`, which plays everybody outside."""

    def register(self) -> None: ...
    def unregister(self) -> None: ...
    def call(self, to: str, *, clid: str = "", name: str = "") -> Any: ...
    def rings(self) -> Any: ...
    def hears_ringing(self) -> None: ...
    def answer(self) -> Any: ...
    def reject(self, code: int = 486) -> None: ...
    def talks(self, call: Any = None) -> Any: ...
    def hang_up(self, call: Any = None) -> None: ...
    def over(self, call: Any = None) -> None: ...
    def hold(self, call: Any = None) -> None: ...
    def unhold(self, call: Any = None) -> None: ...
    def blind_transfer(self, to: str) -> None: ...
    def attended_transfer(self, call: Any, consultation: Any) -> None: ...
    def dtmf(self, digits: str) -> None: ...
    def vanish(self) -> None: ...


class Driver(Protocol):
    """The office: its phones, its PBX, and the eye that looks at it (a recorder, or the product's own link)."""

    def phone(self, name: str) -> PhoneDriver:
        """The device of an extension, registered; `101b` is a second device of 101; `trunk` is the PSTN."""

    def action(self, name: str, *, variables: tuple[str, ...] = (), **headers: str) -> dict[str, str]:
        """An AMI action of somebody else than the product; raises if the PBX refuses it."""

    def saw(self, event: str, **match: str) -> dict[str, str]:
        """Wait for an AMI event since the scenario began; a value that ends in `*` matches by its beginning."""

    def channel(self, number: str, nth: int = -1) -> str:
        """Name of a live channel of that device, the newest unless `nth` says otherwise."""

    def passes(self, seconds: float = 0.3) -> None:
        """People talk or think; the only place where time is spent on purpose."""

    def ring_seconds(self, seconds: int) -> None:
        """How long phones ring in this scenario."""

    def queue_seconds(self, seconds: int) -> None:
        """How long callers wait in a queue in this scenario."""

    def forward(self, number: str, to: str) -> None:
        """All calls of the extension go to `to` (AstDB CF/<ext>)."""

    def dnd(self, number: str) -> None:
        """Do not disturb: AstDB DND/<ext>, shown in the hint."""

    def note(self, text: str) -> None:
        """A remark for the reader of a recording."""

    def connect(self) -> None:
        """The eye logs in and reads the state (done before the scenario unless it says `connected=False`)."""

    def disconnect(self) -> None:
        """The eye loses its connection; what follows is not seen."""

    def reconcile(self) -> None:
        """The eye compares its state with the list actions."""

    def lose(self, event: str, **match: str) -> None:
        """The eye will miss the next event that matches (as `saw`)."""

    def restart_pbx(self) -> None:
        """`core restart now`: everybody is hung up, the eye loses its connection."""

    def crash_pbx(self) -> None:
        """A power cut: nobody is told anything; it starts again."""

    def quiet(self) -> None:
        """Wait until no call is left and every phone is shown idle."""
