"""The driver of the scenarios (tests/pbx/driver.py) for the demo PBX. Time is turned by hand: nothing really waits."""

from collections.abc import Callable
from typing import Final

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.clock import HandClock
from telephony.demo.engine.events import DOWN, RING, RINGING, UP
from telephony.demo.engine.features import press
from telephony.demo.engine.phone import SipPhone
from telephony.demo.face.request import Request
from telephony.demo.face.table import ACTIONS
from tests.demo.bed import bed
from tests.demo.eye import DemoEye
from tests.demo.voice import Voice
from tests.pbx.recorder import matches

PATIENCE: Final = 40.0  # seconds of the PBX's time
STEP: Final = 0.002
WIRE: Final = 0.02  # until what somebody asks for has arrived


class DemoPhone:
    """One device of the office."""

    def __init__(self, office: "DemoOffice", number: str, sip: SipPhone, contact: str = "") -> None:
        self.office, self.number, self.sip, self.contact = office, number, sip, contact

    def _until(self, true: Callable[[], bool], what: str) -> None:
        self.office.until(true, f"{self.number}: {what}")

    def _calls(self) -> list[Channel]:
        """Live ones of this device: those of a second one carry its address."""
        seconds = {phone.contact for phone in self.office.phones.values() if phone.contact}
        return [c for c in self.sip.calls() if (c.contact if c.contact in seconds else "") == self.contact]

    def _ringing(self) -> list[Channel]:
        """The INVITE is there; the PBX may not know yet that the phone rings."""
        return [c for c in self._calls() if c.outcome and not c.outcome.fired and c.state in {DOWN, RINGING}]

    def register(self) -> None:
        self.sip.register()

    def unregister(self) -> None:
        self.sip.unregister()

    def call(self, to: str, *, clid: str = "", name: str = "") -> Channel | None:
        return self.sip.call(to, Party(clid, name) if self.number == "trunk" else None, self.contact)

    def rings(self) -> Channel:
        self._until(lambda: bool(self._ringing()), "ringing")
        return self._ringing()[0]

    def hears_ringing(self) -> None:
        def far_end_rings() -> bool:
            own = {channel.linkedid for channel in self._calls() if channel.state == RING}
            return any(c.state == RINGING and c.linkedid in own for c in self.office.pbx.channels.values())

        self._until(far_end_rings, "hearing the ringing tone")

    def answer(self) -> Channel:
        call = self.rings()
        self._until(lambda: call.state == RINGING, "ringing")
        self.sip.answer(call)
        return self.talks(call)

    def reject(self, code: int = 486) -> None:
        call = self.rings()
        self._until(lambda: call.state == RINGING, "ringing")
        self.sip.reject(call, code)
        self.over(call)

    def talks(self, call: Channel | None = None) -> Channel:
        def talking() -> list[Channel]:
            return [c for c in self._calls() if c.state == UP and call in (None, c)]

        self._until(lambda: bool(talking()), "talking")
        return talking()[-1]

    def hang_up(self, call: Channel | None = None) -> None:
        call = call or self._calls()[-1]
        self.sip.hang_up(call)
        self.over(call)

    def over(self, call: Channel | None = None) -> None:
        self._until(lambda: not [c for c in self._calls() if call in (None, c)], "no call")

    def hold(self, call: Channel | None = None) -> None:
        self.sip.hold(call or self._calls()[-1])

    def unhold(self, call: Channel | None = None) -> None:
        self.sip.hold(call or self._calls()[-1], on=False)

    def blind_transfer(self, to: str) -> None:
        self.sip.blind_transfer(self._calls()[-1], to)

    def attended_transfer(self, call: Channel, consultation: Channel) -> None:
        self.sip.attended_transfer(call, consultation)

    def dtmf(self, digits: str) -> None:
        channel, lot = self._calls()[-1], self.office.building.plan.numbers.lots[0]
        self.office.pbx.post(lambda: press(self.office.pbx, channel, digits, lot))

    def vanish(self) -> None:
        """Gone without a BYE: the channel stays."""


class DemoOffice:
    """See tests/pbx/driver.py."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.building = bed(self.clock)
        self.pbx = self.building.pbx
        self.eye = DemoEye(self.building)
        self.phones = {number: DemoPhone(self, number, sip) for number, sip in self.building.phones.items()}

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Let time pass until it is so."""
        end = self.clock.now() + PATIENCE
        self.clock.advance(STEP)
        while not true():
            assert self.clock.now() < end, f"waited {PATIENCE:g} s for {what}"
            self.clock.advance(STEP)

    def phone(self, name: str) -> DemoPhone:
        if name not in self.phones:
            number = name.rstrip("abc")
            contact = f"sip:{name}@127.0.0.2:5062"
            self.building.phones[number].register(contact)
            self.phones[name] = DemoPhone(self, name, self.building.phones[number], contact)
        return self.phones[name]

    def action(self, name: str, *, variables: tuple[str, ...] = (), **headers: str) -> dict[str, str]:
        """Through the same table as over the wire, which takes a moment."""
        self.clock.advance(WIRE)
        request = Request({key.lower(): value for key, value in {"Action": name, **headers}.items()}, list(variables))
        voice = Voice(self.building)
        self.pbx.post(lambda: ACTIONS[name.lower()].run(voice.session, request))
        answer = voice.answer()
        assert answer.get("Response") != "Error", f"{name} {headers}: {answer}"
        self.clock.advance(STEP)
        return answer

    def saw(self, event: str, **match: str) -> dict[str, str]:
        def found() -> list[dict[str, str]]:
            return [fields for fields in self.eye.said if matches(fields, event, match)]

        self.until(lambda: bool(found()), f"{event} {match}")
        return found()[-1]

    def channel(self, number: str, nth: int = -1) -> str:
        return [name for name in self.pbx.channels if name.startswith(f"PJSIP/{number}-")][nth]

    def passes(self, seconds: float = 0.3) -> None:
        self.clock.advance(seconds)

    def ring_seconds(self, seconds: int) -> None:
        self.pbx.variables["RING_SECONDS"] = str(seconds)

    def queue_seconds(self, seconds: int) -> None:
        self.pbx.variables["QUEUE_SECONDS"] = str(seconds)

    def forward(self, number: str, to: str) -> None:
        self.action("DBPut", Family="CF", Key=number, Val=to)

    def dnd(self, number: str) -> None:
        self.action("DBPut", Family="DND", Key=number, Val="1")
        self.action("Setvar", Variable=f"DEVICE_STATE(Custom:DND{number})", Value="BUSY")

    def note(self, text: str) -> None:
        self.eye.note(text)

    def connect(self) -> None:
        self.clock.advance(WIRE)
        self.eye.connect()

    def disconnect(self) -> None:
        self.eye.disconnect()

    def reconcile(self) -> None:
        self.eye.reconcile()

    def lose(self, event: str, **match: str) -> None:
        self.eye.lose(event, match)

    def restart_pbx(self) -> None:
        """Every channel is hung up, then the connection is gone."""
        for channel in list(self.pbx.channels.values()):
            self.pbx.command_hangup(channel)
        self.clock.advance(STEP)
        self.eye.disconnect()

    def crash_pbx(self) -> None:
        """All channels are gone at once, nobody is told."""
        self.eye.disconnect()
        listeners, self.pbx.listeners = self.pbx.listeners, []
        for channel in list(self.pbx.channels.values()):
            self.pbx.end(channel)
        self.clock.advance(STEP)
        self.pbx.listeners = listeners

    def quiet(self) -> None:
        self.until(lambda: not self.pbx.channels, "an end of all calls")
