"""Atxfer: the PBX calls a third party for one who talks, and joins the other two when the transferer hangs up.

Asterisk rings the third party through a Local/ pair, in a second bridge with the transferer (bridge_basic.c).
"""

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.bridging import enter, hold, move_out, new_bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.dial import dial_event
from telephony.demo.engine.local import bridge_halves, pair
from telephony.demo.engine.pbx import Pbx

ANNOUNCEMENT = 2.4  # seconds: "transfer", before the third party is rung


def begin(pbx: Pbx, transferer: Channel, context: str, exten: str) -> bool:
    """Action Atxfer. False unless the channel talks with somebody."""
    if transferer.bridge is None or len(transferer.bridge.channels) != 2:
        return False
    hold(pbx, transferer)
    pbx.later(ANNOUNCEMENT, lambda: consult(pbx, transferer, context, exten))
    return True


def consult(pbx: Pbx, transferer: Channel, context: str, exten: str) -> None:
    """Ring the third party; the transferer waits in a bridge with the Local/ half."""
    home = transferer.bridge
    if transferer.ending or home is None or len(home.channels) != 2:
        return
    one, two = pair(pbx, transferer, exten, context)
    side = new_bridge(pbx)
    pbx.set_caller(two, transferer.caller)
    pbx.set_connected(one, transferer.caller)
    one.on_ringing = lambda: dial_event(pbx, "DialState", None, one, ("DialStatus", "RINGING"))
    if one.outcome:
        one.outcome.then(lambda _: dial_event(pbx, "DialEnd", None, one, ("DialStatus", "ANSWER")))
    enter(pbx, side, one)
    (waiting,) = home.others(transferer)
    held, transferer.holding = waiting.held, False
    move_out(pbx, transferer, moving_on=True)
    waiting.held = held
    enter(pbx, side, transferer)
    one.on_end = lambda: _give_up(pbx, transferer, home)
    transferer.on_end = lambda: _complete(pbx, transferer, one, home)
    bridge_halves(pbx, one, two)


def _give_up(pbx: Pbx, transferer: Channel, home: Bridge) -> None:
    """The third party does not come: the transferer talks with the first one again."""
    transferer.on_end = None
    side = transferer.bridge
    if transferer.ending or side is None or not home.channels:
        return
    move_out(pbx, transferer, moving_on=True)
    enter(pbx, home, transferer)
    _release(pbx, home)
    pbx.tell("Unhold", transferer)


def _complete(pbx: Pbx, transferer: Channel, one: Channel, home: Bridge) -> None:
    """The transferer leaves: the third party comes into the first bridge."""
    one.on_end = None
    side = transferer.bridge
    if side is None or not home.channels or one.ending:
        return
    (waiting,) = home.channels
    told = [
        ("Result", "Success"), *transferer.headers("OrigTransferer"), *home.headers("Orig"),
        *transferer.headers("SecondTransferer"), *side.headers("Second"), *waiting.headers("Transferee"),
        *one.headers("TransferTarget"), ("IsExternal", "No"), ("DestType", "Bridge"),
        ("DestBridgeUniqueid", home.unique_id),
    ]  # fmt: skip
    move_out(pbx, transferer)
    pbx.emit("BridgeMerge", [*home.headers("To"), *side.headers("From")])
    move_out(pbx, one)
    enter(pbx, home, one)
    pbx.emit("AttendedTransfer", told)
    _release(pbx, home)
    pbx.set_connected(one, waiting.caller)
    pbx.set_connected(waiting, one.caller)
    pbx.emit("BridgeDestroy", side.headers())


def _release(pbx: Pbx, bridge: Bridge) -> None:
    for channel in bridge.channels:
        channel.held = False
        pbx.device_of(channel)
