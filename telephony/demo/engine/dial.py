"""Dial(): ring one or several legs, talk to who answers first (app_dial.c)."""

from collections.abc import Generator
from functools import partial
from typing import Any

from telephony.demo.engine.bridging import talk
from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.events import DOWN, RINGING, UP
from telephony.demo.engine.local import local_leg
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.tasks import Signal

ANSWERED_ELSEWHERE = 26
NETWORK = 0.005  # seconds from the INVITE to the phone's 180 Ringing
STATUS = {17: "BUSY", 3: "CHANUNAVAIL", 20: "CHANUNAVAIL", 34: "CONGESTION", 38: "CONGESTION"}
"""DialStatus by Q.850 cause; whatever else ends the ringing is NOANSWER."""

DialSteps = Generator[Signal, Any, str]


def make_leg(pbx: Pbx, caller: Channel, target: str) -> Channel | None:
    """One outgoing leg: PJSIP/101, PJSIP/7916…@trunk or Local/101@internal/n. None if there is no way to it."""
    technology, _, resource = target.partition("/")
    if technology == "Local":
        return local_leg(pbx, caller, resource)
    number, _, contact = resource.partition("/")
    number, _, trunk = number.partition("@")
    device = pbx.states.devices.get(f"PJSIP/{trunk or number}")
    if device is None or not device.contacts:
        return None
    party = Party(number) if trunk else device.party
    leg = pbx.new_channel(device=device, caller=Party() if trunk else party, linkedid=caller.linkedid, outgoing=True)
    leg.outcome = pbx.signal()
    leg.contact = contact
    leg.application, leg.data = "AppDial", "(Outgoing Line)"
    leg.exten = caller.exten
    pbx.set_caller(leg, Party(caller.exten) if trunk else party)
    pbx.set_connected(leg, caller.caller)
    return leg


def ring(pbx: Pbx, caller: Channel | None, leg: Channel, dial_string: str) -> None:
    """DialBegin, and the phone's 180 Ringing a moment later. A Local/ leg rings when its other half hears ringing."""
    dial_event(pbx, "DialBegin", caller, leg, ("DialString", dial_string))
    leg.on_ringing = lambda: _rung(pbx, caller, leg)
    if leg.device:
        pbx.later(NETWORK, lambda: ringing(pbx, leg))


def ringing(pbx: Pbx, leg: Channel) -> None:
    """The far end rings."""
    if leg.ending or leg.state != DOWN:
        return
    pbx.set_state(leg, RINGING)
    if leg.on_ringing:
        leg.on_ringing()


def _rung(pbx: Pbx, caller: Channel | None, leg: Channel) -> None:
    dial_event(pbx, "DialState", caller, leg, ("DialStatus", "RINGING"))
    if caller and caller.peer and caller.name.endswith(";2"):
        pbx.set_caller(caller.peer, leg.caller)
        ringing(pbx, caller.peer)
    if leg.device and leg.device.phone:
        leg.device.phone.incoming(leg)


def dial_event(pbx: Pbx, name: str, caller: Channel | None, leg: Channel, *more: tuple[str, str]) -> None:
    """DialBegin, DialState, DialEnd. An originated leg has no caller."""
    pbx.emit(name, [*(caller.headers() if caller else []), *leg.headers("Dest"), *more])


def dial(pbx: Pbx, caller: Channel, targets: list[str], seconds: float) -> DialSteps:
    """Run Dial() on the caller's channel. Returns DIALSTATUS; ANSWER when the conversation is over.

    A transfer may put another channel in the caller's place while it rings (`Attempt.take_over`).
    """
    caller.application, caller.data = "Dial", f"{'&'.join(targets)},{seconds:g},tTkK"
    legs = [(target, leg) for target in targets if (leg := make_leg(pbx, caller, target))]
    if not legs:
        caller.cause, caller.tech_cause = 3, 404
        return "CHANUNAVAIL"
    attempt = Attempt(pbx, caller, [leg for _, leg in legs], single=len(targets) == 1)
    try:
        for target, leg in legs:
            ring(pbx, caller, leg, target.partition("/")[2])
            if attempt.single:
                pbx.set_connected(caller, leg.caller)
        timer = pbx.later(seconds, lambda: attempt.result.fire(None))
        winner: Channel | None = yield attempt.result
        timer.cancel()
        if winner is None:
            return attempt.give_up()
        yield attempt.connect(winner)
    finally:
        attempt.cancel()
    return "ANSWER"


class Attempt:
    """The ringing legs of one Dial() or one round of a queue."""

    def __init__(self, pbx: Pbx, caller: Channel, legs: list[Channel], *, single: bool, queue: bool = False) -> None:
        self.pbx, self.caller, self.legs, self.single, self.queue = pbx, caller, list(legs), single, queue
        self.result = pbx.signal()  # the leg that answered, or None when none is left or time is over
        self.pickup: Channel | None = None
        self.cause = 0
        caller.attempt = self
        for leg in legs:
            assert leg.outcome is not None  # noqa: S101 - make_leg gave it one
            leg.outcome.then(partial(self._outcome, leg))

    def _outcome(self, leg: Channel, value: Any) -> None:
        if leg not in self.legs or self.result.fired:
            return
        if value == "answer":
            self.result.fire(leg)
        elif isinstance(value, Channel):  # somebody else has picked it up
            self.pickup = value
            self.result.fire(leg)
        else:
            self._refused(leg, *value)

    def _refused(self, leg: Channel, cause: int, tech_cause: int) -> None:
        self.legs.remove(leg)
        self.cause = cause
        status = "NOANSWER" if self.queue else STATUS.get(cause, "NOANSWER")  # app_queue makes no difference
        dial_event(self.pbx, "DialEnd", self.caller, leg, ("DialStatus", status))
        if self.single:
            self.caller.cause, self.caller.tech_cause = cause, tech_cause
        self.pbx.end(leg, cause)
        if not self.legs:
            self.result.fire(None)

    def give_up(self) -> str:
        """Nobody answered: what DIALSTATUS says."""
        if not self.legs:
            return STATUS.get(self.cause, "NOANSWER")
        for leg in self._take_all():
            dial_event(self.pbx, "DialEnd", self.caller, leg, ("DialStatus", "NOANSWER"))
            self.pbx.end(leg, 0)
        return "NOANSWER"

    def win(self, winner: Channel) -> Channel:
        """The others stop ringing; who talks is told. Returns the channel to talk to."""
        pbx, caller = self.pbx, self.caller
        talker = self.pickup or winner
        self.legs.remove(winner)
        if not self.single or self.pickup:
            pbx.set_connected(caller, talker.caller)
        for leg in self._take_all():
            dial_event(pbx, "DialEnd", caller, leg, ("DialStatus", "CANCEL"))
            pbx.end(leg, ANSWERED_ELSEWHERE)
        dial_event(pbx, "DialEnd", caller, talker, ("DialStatus", "ANSWER"))
        return talker

    def connect(self, winner: Channel) -> Signal:
        """Answer the caller and let the two talk; the signal fires when the caller leaves the bridge."""
        talker = self.win(winner)
        self.pbx.set_state(self.caller, UP)
        if not self.pickup:
            talker.exten = ""
        return talk(self.pbx, talker, self.caller, join_ids=self.pickup is None)

    def take_over(self, channel: Channel) -> None:
        """`channel` waits for the answer from now on, in the place of the caller."""
        old, self.caller = self.caller, channel
        channel.attempt, old.attempt = self, None
        channel.application, channel.data = old.application, old.data
        channel.context, channel.exten = old.context, old.exten
        if channel.task:
            channel.task.stop()
        channel.task, old.task = old.task, None
        if channel.task:
            channel.task.owner = channel

    def cancel(self) -> None:
        """The caller is gone or goes elsewhere: whoever still rings stops."""
        cause = self.caller.cause or (0 if self.queue else 16)
        for leg in self._take_all():
            dial_event(self.pbx, "DialEnd", self.caller, leg, ("DialStatus", "CANCEL"))
            self.pbx.end(leg, cause)

    def _take_all(self) -> list[Channel]:
        legs, self.legs = self.legs, []
        return legs
