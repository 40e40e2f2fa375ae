"""Real SIP phones to drive from a test: each step waits until it is seen to have happened."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.pbx.asterisk import Asterisk
from tests.pbx.configuration import password

SECONDS: Final = 20.0  # patience of every wait; the machine may be busy
PROGRAM: Final = Path(__file__).with_name("phone_process.py")


class PhoneError(AssertionError):
    """What a phone was expected to do did not happen; says what did."""


@dataclass(slots=True, eq=False)
class SipCall:
    """One call as the phone sees it."""

    index: int
    state: str = ""  # calling, incoming, early, connecting, confirmed, disconnected
    media: str = "none"  # active, local_hold, remote_hold, none
    remote: str = ""
    dialled: str = ""
    code: int = 0  # last SIP status
    transfer: int = 0  # last status of a REFER sent from here
    incoming: bool = False

    @property
    def alive(self) -> bool:
        """Not over."""
        return self.state != "disconnected"

    @property
    def rings(self) -> bool:
        """Comes in and is not answered."""
        return self.incoming and self.state in {"incoming", "early"}


@dataclass(slots=True)
class Phone:
    """One device. `number` is its SIP user; "trunk" plays everybody outside."""

    number: str
    process: "PhoneProcess"
    calls: list[SipCall] = field(default_factory=list)
    registered: bool = False
    notified: list[str] = field(default_factory=list)
    label: str = ""  # tells two devices of one number apart

    def register(self) -> None:
        """Log in to the PBX."""
        self._do("register", "registers")
        self._until(lambda: self.registered, "registered")

    def unregister(self) -> None:
        """Log out."""
        self._do("unregister", "unregisters")
        self._until(lambda: not self.registered, "unregistered")

    def call(self, to: str, *, clid: str = "", name: str = "") -> SipCall:
        """Dial. For the trunk: `clid` and `name` are what the office sees."""
        known = list(self.calls)
        shown = {"clid": clid, "name": name} if self.number == "trunk" else {}
        self._do("dial", f"dials {to}" + (f" as {clid}" if clid else ""), to=to, **shown)
        self._until(lambda: any(c not in known for c in self.calls if not c.incoming), f"dialling {to}")
        return next(c for c in self.calls if not c.incoming and c not in known)

    def rings(self) -> SipCall:
        """Wait for an incoming call."""
        self._until(lambda: any(call.rings for call in self.calls), "ringing")
        return next(call for call in reversed(self.calls) if call.rings)

    def answer(self) -> SipCall:
        """Wait for an incoming call, take it, wait for the sound."""
        call = self.rings()
        self._do("answer", "answers", call=call.index)
        return self.talks(call)

    def reject(self, code: int = 486) -> None:
        """Wait for an incoming call and refuse it: 486 busy, 603 declined, 480, 404, 503, …"""
        call = self.rings()
        self._do("answer", f"rejects ({code})", call=call.index, code=code)
        self.over(call)

    def talks(self, call: SipCall | None = None) -> SipCall:
        """Wait until a call is up with sound."""
        self._until(lambda: self._talking(call) is not None, "talking")
        return self._talking(call) or self._newest()

    def hears_ringing(self) -> None:
        """Wait until the far end of the own call rings."""
        self._until(lambda: any(c.state == "early" and not c.incoming for c in self.calls), "hearing the ringing tone")

    def hang_up(self, call: SipCall | None = None) -> None:
        """End one call, the newest live one if none is named."""
        call = call or self._newest()
        self._do("hang_up", "hangs up", call=call.index)
        self.over(call)

    def over(self, call: SipCall | None = None) -> None:
        """Wait until that call is over, or all of them."""
        self._until(lambda: not any(c.alive for c in ([call] if call else self.calls)), "no call")

    def hold(self, call: SipCall | None = None) -> None:
        """Put on hold."""
        call = call or self._newest()
        self._do("hold", "holds", call=call.index)
        self._until(lambda: call.media == "local_hold", "holding")

    def unhold(self, call: SipCall | None = None) -> None:
        """Resume."""
        call = call or self._newest()
        self._do("unhold", "resumes", call=call.index)
        self._until(lambda: call.media == "active", "resumed")

    def blind_transfer(self, to: str) -> None:
        """REFER: the other party goes to `to`, we leave."""
        self._do("blind_transfer", f"transfers blindly to {to} (REFER)", to=to, call=self._newest().index)

    def attended_transfer(self, call: SipCall, consultation: SipCall) -> None:
        """REFER with Replaces: join the far ends of two of our calls, we leave."""
        text = "joins its two calls and leaves (REFER with Replaces)"
        self._do("attended_transfer", text, call=call.index, consultation=consultation.index)

    def dtmf(self, digits: str) -> None:
        """Press keys during the call (RFC 4733)."""
        self._do("dtmf", f"presses {digits}", digits=digits, call=self._newest().index)

    def vanish(self) -> None:
        """Power cut: the device and those that share its process are gone without a word."""
        self.process.on_step(f"{self.label or self.number} loses its power")
        self.process.kill()

    def forget(self) -> None:
        """End what is left of earlier calls and start afresh."""
        for call in self.calls:
            if call.alive:
                with suppress(PhoneError):  # it ended meanwhile
                    self.process.do(self, "hang_up", call=call.index)
        self.over()
        self.calls.clear()

    def _do(self, what: str, told: str, **arguments: Any) -> None:
        self.process.on_step(f"{self.label or self.number} {told}")
        self.process.do(self, what, **arguments)

    def _newest(self) -> SipCall:
        live = [call for call in self.calls if call.alive]
        if not live:
            raise PhoneError(f"{self.number} has no call: {self.calls}")
        return live[-1]

    def _talking(self, call: SipCall | None) -> SipCall | None:
        calls = [call] if call else list(reversed(self.calls))
        return next((c for c in calls if c.state == "confirmed" and c.media == "active"), None)

    def _until(self, done: Callable[[], bool], what: str) -> None:
        with self.process.news:
            if not self.process.news.wait_for(done, timeout=SECONDS):
                raise PhoneError(f"{self.number}: not {what} within {SECONDS:.0f} s; calls {self.calls}")


class PhoneProcess:
    """Phones that share one SIP stack. Two devices of one number need two processes."""

    def __init__(self, pbx: Asterisk, *numbers: str) -> None:
        self.phones = {number: Phone(number, self) for number in numbers}
        self.news = threading.Condition()
        self.on_step: Callable[[str], None] = lambda text: None
        self._replies: dict[int, str] = {}
        self._ready = False
        self._count = 0
        own_port = pbx.ports.trunk if "trunk" in numbers else 0
        specs = [f"{number}:{password(number)}" for number in numbers]
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, str(PROGRAM), str(pbx.ports.sip), str(own_port)]
        self._process = subprocess.Popen(
            [*command, *specs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
            start_new_session=True,
        )
        threading.Thread(target=self._read, name="phones", daemon=True).start()
        with self.news:
            if not self.news.wait_for(lambda: self._ready, timeout=SECONDS):
                self.close()
                raise PhoneError(f"the phones {numbers} did not start")
        for number, phone in self.phones.items():
            if number != "trunk":
                phone.register()

    def do(self, phone: Phone, what: str, **arguments: Any) -> None:
        """Give one command; raises if the phone could not."""
        self._count += 1
        number = self._count
        if self._process.stdin is None:
            raise PhoneError("no pipe")
        self._process.stdin.write(json.dumps({"id": number, "phone": phone.number, "do": what, **arguments}) + "\n")
        with self.news:
            if not self.news.wait_for(lambda: number in self._replies, timeout=SECONDS):
                raise PhoneError(f"{phone.number}: no answer to {what}")
        if error := self._replies.pop(number):
            raise PhoneError(f"{phone.number}: {what}: {error}")

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def kill(self) -> None:
        """Power cut: gone without BYE, the PBX does not know."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Hang everything up and end."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        with suppress(ValueError, OSError):  # closed under our hands
            for line in self._process.stdout or ():
                if line.startswith("{"):
                    with self.news:
                        self._take(json.loads(line))
                        self.news.notify_all()

    def _take(self, event: dict[str, Any]) -> None:
        if "ready" in event:
            self._ready = True
        elif "reply" in event:
            self._replies[event["reply"]] = event["error"]
        elif "registered" in event:
            self.phones[event["phone"]].registered = event["registered"] == 200
        else:
            self._take_call(self.phones[event["phone"]], event)

    @staticmethod
    def _take_call(phone: Phone, event: dict[str, Any]) -> None:
        call = next((c for c in phone.calls if c.index == event["call"]), None)
        if call is None:
            call = SipCall(event["call"], incoming=event.get("state") == "incoming")
            phone.calls.append(call)
        if "notify" in event:
            phone.notified.append(event["notify"])
        for name in ("state", "media", "remote", "dialled", "code", "transfer"):
            if name in event:
                setattr(call, name, event[name])
