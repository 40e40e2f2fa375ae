"""extensions.conf of the demo: what happens to a channel at the number it dialled."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.conference import Rooms
from telephony.demo.engine.dial import dial
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.queues import Queue
from telephony.demo.engine.tasks import Steps
from telephony.demo.engine.transfer import pickup

NOT_FOUND = 1  # Q.850: unallocated number
MENU = "601"
CONFERENCE = "500"


@dataclass(slots=True)
class Numbers:
    """Who answers at which number. `last_resort` takes queue callers whose patience is over."""

    queues: dict[str, Queue] = field(default_factory=dict)  # 90 → sales
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)  # 95 → PJSIP/101, PJSIP/102
    lines: dict[str, str] = field(default_factory=dict)  # 74951112233 → 90
    lots: list[ParkingLot] = field(default_factory=list)
    trunk: str = "trunk"
    outside_caller: str = "74951112233"
    last_resort: str = ""
    ring_seconds: float = 25
    queue_seconds: float = 60
    shortest_outside: int = 4  # digits
    park_extension: str = "800"
    phone_pattern: str = ""  # numbers that the dialplan takes for extensions though nobody has them


class Plan:
    """The dialplan as a function of the channel."""

    def __init__(self, numbers: Numbers | None = None) -> None:
        self.numbers = numbers or Numbers()
        self._rooms = Rooms()

    def __call__(self, pbx: Pbx, channel: Channel) -> Steps:
        """The steps for `channel.exten`; looked up when they begin."""
        return self._steps(pbx, channel)

    def knows(self, pbx: Pbx, context: str, exten: str) -> bool:
        """False: the call is refused before there is a channel."""
        return exten in self.numbers.lines if context == "from-trunk" else self._find(pbx, exten) is not None

    def parks_at(self, exten: str) -> ParkingLot | None:
        """The first lot, at its `parkext`."""
        return self.numbers.lots[0] if self.numbers.lots and exten == self.numbers.park_extension else None

    def _steps(self, pbx: Pbx, channel: Channel) -> Steps:
        if channel.context == "from-trunk":
            line = self.numbers.lines.get(channel.exten)
            if line is None:
                channel.cause = NOT_FOUND
                return
            channel.context, channel.exten = "internal", line
        steps = self._find(pbx, channel.exten)
        if steps is None:
            channel.cause, channel.tech_cause = NOT_FOUND, 404
            return
        yield from steps(pbx, channel)

    def _find(self, pbx: Pbx, exten: str) -> Callable[[Pbx, Channel], Steps] | None:  # noqa: PLR0911 - a table of patterns
        numbers = self.numbers
        if exten in numbers.queues:
            return self._queue
        if exten in numbers.groups:
            return self._group
        if f"PJSIP/{exten}" in pbx.states.devices and exten != numbers.trunk:
            return self._phone
        if self.numbers.phone_pattern and re.fullmatch(self.numbers.phone_pattern, exten):
            return self._phone
        if self._space(exten):
            return self._parked
        if exten.startswith("*8"):
            return self._pickup
        if exten == MENU:
            return self._menu
        if exten == CONFERENCE:
            return self._conference
        if exten in APPLICATIONS:
            return APPLICATIONS[exten]
        if len(exten) == 4 and exten[0] in "23" and f"PJSIP/{exten[1:]}" in pbx.states.devices:
            return self._through_local
        if len(exten.lstrip("+")) >= numbers.shortest_outside and exten.lstrip("+").isdigit():
            return self._outside
        return None

    def _seconds(self, pbx: Pbx, variable: str, default: float) -> float:
        return float(pbx.variables.get(variable, default))

    def _phone(self, pbx: Pbx, channel: Channel) -> Steps:
        exten = channel.exten
        seconds = self._seconds(pbx, "RING_SECONDS", self.numbers.ring_seconds)
        if forward := pbx.variables.get(f"DB(CF/{exten})"):
            yield from dial(pbx, channel, [f"Local/{forward}@internal"], seconds)
            return
        status = "BUSY"
        if not pbx.variables.get(f"DB(DND/{exten})"):
            status = yield from dial(pbx, channel, self._addresses(pbx, exten), seconds)
        if status == "BUSY":  # Busy(2): the tone of an answered channel, a refusal of the others
            channel.cause = 17

    @staticmethod
    def _addresses(pbx: Pbx, exten: str) -> list[str]:
        """PJSIP_DIAL_CONTACTS: one leg for each device of the extension."""
        device = pbx.states.devices.get(f"PJSIP/{exten}")
        if device is None or len(device.contacts) < 2:
            return [f"PJSIP/{exten}"]
        return [f"PJSIP/{exten}/{contact}" for contact in device.contacts]

    def _queue(self, pbx: Pbx, channel: Channel) -> Steps:
        queue = self.numbers.queues[channel.exten]
        pbx.answer(channel)
        status = yield from queue.run(channel, self._seconds(pbx, "QUEUE_SECONDS", self.numbers.queue_seconds))
        if status == "TIMEOUT" and self.numbers.last_resort:
            channel.exten = self.numbers.last_resort
            yield from self._phone(pbx, channel)

    def _group(self, pbx: Pbx, channel: Channel) -> Steps:
        seconds = self._seconds(pbx, "RING_SECONDS", self.numbers.ring_seconds)
        yield from dial(pbx, channel, list(self.numbers.groups[channel.exten]), seconds)

    def _through_local(self, pbx: Pbx, channel: Channel) -> Steps:
        stay = "/n" if channel.exten[0] == "3" else ""
        seconds = self._seconds(pbx, "RING_SECONDS", self.numbers.ring_seconds)
        yield from dial(pbx, channel, [f"Local/{channel.exten[1:]}@phones{stay}"], seconds)

    def _space(self, exten: str) -> ParkingLot | None:
        if not exten.isdigit():
            return None
        return next((lot for lot in self.numbers.lots if lot.first <= int(exten) <= lot.last), None)

    def _parked(self, pbx: Pbx, channel: Channel) -> Steps:
        lot = self._space(channel.exten)
        assert lot is not None  # noqa: S101 - _find saw it
        yield from lot.retrieve(channel, int(channel.exten))

    def _pickup(self, pbx: Pbx, channel: Channel) -> Steps:
        """*8 takes what rings in the own group, *8101 what rings at 101."""
        if not pickup(pbx, channel, f"PJSIP/{channel.exten[2:]}"):
            pbx.end(channel, 0)
        yield from ()

    def _menu(self, pbx: Pbx, channel: Channel) -> Steps:
        """Read(): a number may be keyed within ten seconds."""
        pbx.answer(channel)
        channel.application = "Read"
        keys = channel.keys = pbx.signal()
        pbx.later(10, lambda: keys.fire(""))
        choice = yield keys
        channel.keys = None
        if choice:
            channel.exten = choice
            yield from self._steps(pbx, channel)

    def _conference(self, pbx: Pbx, channel: Channel) -> Steps:
        yield from self._rooms.join(pbx, channel, channel.exten)

    def _outside(self, pbx: Pbx, channel: Channel) -> Steps:
        channel.exten = channel.exten.lstrip("+")
        if channel.device:
            pbx.set_caller(channel, Party(self.numbers.outside_caller, channel.caller.name))
        seconds = self._seconds(pbx, "RING_SECONDS", self.numbers.ring_seconds)
        yield from dial(pbx, channel, [f"PJSIP/{channel.exten}@{self.numbers.trunk}"], seconds)


def _application(name: str, seconds: float = 0) -> Callable[[Pbx, Channel], Steps]:
    def steps(pbx: Pbx, channel: Channel) -> Steps:
        pbx.answer(channel)
        channel.application, channel.data = name, ""
        yield pbx.sleep(seconds) if seconds else channel.gone

    return steps


APPLICATIONS: dict[str, Callable[[Pbx, Channel], Steps]] = {
    "600": _application("Echo"),
    "602": _application("VoiceMail"),
    "700": _application("MusicOnHold", 30),
}
"""Numbers at which the PBX itself answers."""
