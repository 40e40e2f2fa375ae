"""Transfers, pick-up and spying: channels change places in calls that exist."""

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.bridging import dissolve, enter, hold, leave, move_out
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.events import RING, RINGING, UP
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.tasks import Steps


def blind_transfer(pbx: Pbx, channel: Channel, context: str, exten: str, *, external: bool = True) -> bool:
    """The other party of `channel` goes to `exten`, `channel` leaves. False unless it talks with somebody."""
    bridge = channel.bridge
    if bridge is None or len(bridge.channels) != 2:
        return False
    (other,) = bridge.others(channel)
    hold(pbx, channel, on=False)
    pbx.emit("BlindTransfer", [
        ("Result", "Success"), *channel.headers("Transferer"), *other.headers("Transferee"), *bridge.headers(),
        ("IsExternal", "Yes" if external else "No"), ("Context", context), ("Extension", exten),
    ])  # fmt: skip
    if (lot := pbx.dialplan.parks_at(exten)) is not None:
        return lot.park(other, channel.name.rpartition("-")[0]) is not None
    _send(pbx, other, context, exten)
    move_out(pbx, channel)
    pbx.emit("BridgeDestroy", bridge.headers())
    pbx.end(channel)
    return True


def redirect(pbx: Pbx, channel: Channel, context: str, exten: str, priority: int = 1) -> None:
    """Action Redirect: the channel goes elsewhere, who talked with it is left to its own dialplan."""
    bridge = channel.bridge
    if channel.state == RING:
        pbx.set_state(channel, UP)
    _send(pbx, channel, context, exten, priority)
    if bridge:
        dissolve(pbx, bridge)


def _send(pbx: Pbx, channel: Channel, context: str, exten: str, priority: int = 1) -> None:
    if channel.task:
        channel.task.stop()
        channel.task = None
    channel.exten = exten
    move_out(pbx, channel)
    pbx.post(lambda: None if channel.ending else pbx.goto(channel, context, exten, priority))


def attended_transfer(pbx: Pbx, first: Channel, second: Channel) -> bool:
    """REFER with Replaces: the far ends of two calls of one phone are joined, the phone leaves both."""
    here, there = first.bridge, second.bridge
    if here and len(here.channels) == 2 and there is None and second.attempt:
        return _blonde(pbx, first, second, here)
    if here is None or there is None or len(here.channels) != 2 or len(there.channels) != 2:
        pbx.emit("AttendedTransfer", [("Result", "Invalid"), *first.headers("OrigTransferer"),
                                      *second.headers("SecondTransferer"), ("DestType", "Fail")])  # fmt: skip
        return False
    (transferee,), (target,) = here.others(first), there.others(second)
    hold(pbx, first, on=False)
    hold(pbx, second, on=False)
    told = [
        ("Result", "Success"), *first.headers("OrigTransferer"), *here.headers("Orig"),
        *second.headers("SecondTransferer"), *there.headers("Second"), *transferee.headers("Transferee"),
        *target.headers("TransferTarget"), ("IsExternal", "No"), ("DestType", "Bridge"),
        ("DestBridgeUniqueid", there.unique_id),
    ]  # fmt: skip
    move_out(pbx, transferee, moving_on=True)
    move_out(pbx, second)
    enter(pbx, there, transferee, swap=second)
    pbx.set_connected(target, transferee.caller)
    move_out(pbx, first)
    pbx.set_connected(transferee, target.caller)
    pbx.emit("AttendedTransfer", told)
    pbx.emit("BridgeDestroy", here.headers())
    pbx.end(first)
    pbx.end(second)
    return True


def _blonde(pbx: Pbx, first: Channel, second: Channel, here: Bridge) -> bool:
    """The second call still rings: who waits in the first one takes the transferer's place in its Dial()."""
    (waiting,) = here.others(first)
    attempt = second.attempt
    assert attempt is not None  # noqa: S101 - the caller has looked
    hold(pbx, first, on=False)
    pbx.emit("AttendedTransfer", [
        ("Result", "Success"), *first.headers("OrigTransferer"), *here.headers("Orig"),
        *second.headers("SecondTransferer"), *waiting.headers("Transferee"), ("IsExternal", "No"),
        ("DestType", "App"), ("DestApp", "Dial"),
    ])  # fmt: skip
    move_out(pbx, first)
    attempt.take_over(waiting)
    move_out(pbx, waiting)
    pbx.emit("BridgeDestroy", here.headers())
    pbx.end(first)
    for leg in attempt.legs:
        pbx.set_connected(waiting, leg.caller)
        pbx.set_connected(leg, waiting.caller)
    pbx.end(second)
    return True


def pickup(pbx: Pbx, channel: Channel, prefix: str = "PJSIP/") -> bool:
    """Pickup(): `channel` takes the oldest call that rings at a device whose name begins so.

    False: nothing rings there.
    """
    for leg in list(pbx.channels.values()):
        if leg.name.startswith(prefix) and leg.state == RINGING and leg.outcome and not leg.outcome.fired:
            pbx.set_connected(channel, leg.connected)
            pbx.set_state(channel, UP)
            pbx.emit("Pickup", [*channel.headers(), *leg.headers("Target")])
            channel.task = None  # from now on the caller's Dial() leads the call
            leg.outcome.fire(channel)
            pbx.tell("SoftHangupRequest", leg, ("Cause", "16"))
            pbx.end(leg, 26)
            return True
    return False


def spy(pbx: Pbx, spyer: Channel, prefix: str) -> Steps:
    """ChanSpy(): listen to the first channel whose name begins so, until it is gone."""
    spyer.application, spyer.data = "ChanSpy", prefix
    spyee = next((c for c in pbx.channels.values() if c.name.startswith(prefix) and c is not spyer), None)
    if spyee is None:
        return
    about = [*spyer.headers("Spyer"), *spyee.headers("Spyee")]
    pbx.emit("ChanSpyStart", about)
    try:
        yield spyee.gone
    finally:
        pbx.emit("ChanSpyStop", about)
        leave(pbx, spyer)
