"""Originate: ring a device, then send it into the dialplan or an application (manager.c, pbx.c)."""

from dataclasses import dataclass

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.dial import dial_event, ring
from telephony.demo.engine.pbx import Dialplan, Pbx
from telephony.demo.engine.tasks import Signal


@dataclass(frozen=True, slots=True)
class Origination:
    """What to ring, for how many seconds, and what then. `caller` = what the rung phone shows."""

    channel: str
    then: Dialplan  # runs on the answered channel
    timeout: float = 30
    caller: Party | None = None
    channel_id: str = ""
    context: str = ""
    exten: str = "s"


REASON_FAILURE, REASON_BUSY, REASON_NO_ANSWER, REASON_ANSWER, REASON_CONGESTION = "0", "5", "3", "4", "8"
"""Reason of OriginateResponse is the last control frame: 3 ringing, 4 answer, 5 busy, 8 congestion, 0 none."""


def originate(pbx: Pbx, what: Origination) -> Signal:
    """Ring it. The signal fires with (reason, channel or None)."""
    result = pbx.signal()
    resource = what.channel.partition("/")[2]
    number, _, trunk = resource.partition("@")
    device = pbx.states.devices.get(f"PJSIP/{trunk or number}")
    if device is None or not device.contacts:
        result.fire((REASON_FAILURE, None))
        return result
    party = Party(number) if trunk else device.party
    leg = pbx.new_channel(device=device, caller=party, uniqueid=what.channel_id, outgoing=True)
    if what.caller:
        pbx.set_caller(leg, what.caller)
        pbx.set_connected(leg, what.caller)
    leg.outcome = pbx.signal()
    ring(pbx, None, leg, resource)
    timer = pbx.later(what.timeout, lambda: leg.outcome.fire("timeout") if leg.outcome else None)

    def decided(value: object) -> None:
        timer.cancel()
        _decided(pbx, what, leg, value, result)

    leg.outcome.then(decided)
    return result


def _decided(pbx: Pbx, what: Origination, leg: Channel, value: object, result: Signal) -> None:
    if value == "answer":
        dial_event(pbx, "DialEnd", None, leg, ("DialStatus", "ANSWER"))
        result.fire((REASON_ANSWER, leg))
        leg.context, leg.exten = what.context or leg.context, what.exten
        pbx.run(leg, what.then(pbx, leg))
        return
    if isinstance(value, tuple):
        busy = value[0] == 17
        dial_event(pbx, "DialEnd", None, leg, ("DialStatus", "BUSY" if busy else "NOANSWER"))
        result.fire((REASON_BUSY if busy else REASON_FAILURE, leg))
        pbx.end(leg, value[0])
        return
    result.fire((REASON_NO_ANSWER, leg))  # and no DialEnd: Asterisk tells none either
    pbx.end(leg, 19)
