"""Local/ channels: a call inside the PBX, always two halves (core_local.c).

The first half is dialled like a phone; the second one runs the dialplan. What the second one hears of its own call
(ringing, answer) is passed to the first. With `/n` they stay. Without it Asterisk joins the outer channels once both
ends talk, unless an end uses features such as transfers by key; in the demo's dialplan only the context `phones` is
without.
"""

import itertools

from telephony.demo.engine.bridging import enter, move_out
from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.events import RING
from telephony.demo.engine.pbx import Pbx

OPTIMISED_AFTER = 0.1  # seconds; Asterisk looks whenever a voice frame passes
_numbers = itertools.count()
_optimisations = itertools.count()


def local_leg(pbx: Pbx, caller: Channel, resource: str) -> Channel:
    """`101@internal/n` as an outgoing leg of `caller`."""
    exten, _, rest = resource.partition("@")
    context, _, option = rest.partition("/")
    one, two = pair(pbx, caller, exten, context or "internal")
    one.application, one.data = "AppDial", "(Outgoing Line)"
    pbx.set_caller(one, Party(caller.exten))
    one.exten = caller.exten
    pbx.set_connected(one, caller.caller)
    pbx.set_caller(two, caller.caller)
    pbx.set_connected(two, Party(caller.exten))
    one.optimise = two.optimise = context == "phones" and option != "n"
    bridge_halves(pbx, one, two)
    return one


def pair(pbx: Pbx, caller: Channel, exten: str, context: str) -> tuple[Channel, Channel]:
    """Both halves, nothing running yet."""
    base = f"Local/{exten}@{context}-{next(_numbers):08x}"
    one = pbx.new_channel(name=f"{base};1", context=context, exten=exten, linkedid=caller.linkedid, outgoing=True)
    two = pbx.new_channel(name=f"{base};2", context=context, exten=exten, linkedid=caller.linkedid, state=RING)
    one.peer, two.peer = two, one
    one.outcome = pbx.signal()
    return one, two


def bridge_halves(pbx: Pbx, one: Channel, two: Channel) -> None:
    """LocalBridge; the second half begins to run the dialplan."""
    about = [("Context", two.context), ("Exten", two.exten), ("LocalOptimization", "Yes" if one.optimise else "No")]
    pbx.emit("LocalBridge", [*one.headers("LocalOne"), *two.headers("LocalTwo"), *about])
    if one.optimise and one.outcome:
        one.outcome.then(lambda _: pbx.later(OPTIMISED_AFTER, lambda: _optimise(pbx, one, two)))
    pbx.run(two, pbx.dialplan(pbx, two))


def _optimise(pbx: Pbx, one: Channel, two: Channel) -> None:
    """The caller takes the second half's place, both halves vanish."""
    here, there = one.bridge, two.bridge
    if here is None or there is None or len(here.channels) != 2 or len(there.channels) != 2:
        return
    (caller,) = here.others(one)
    halves = [*one.headers("LocalOne"), *two.headers("LocalTwo")]
    number = ("Id", str(next(_optimisations)))
    source = caller.headers("Source")
    pbx.emit("LocalOptimizationBegin", [*halves, *source, ("DestUniqueId", two.uniqueid), number])
    move_out(pbx, caller, moving_on=True)
    move_out(pbx, two)
    enter(pbx, there, caller, swap=two)
    pbx.emit("LocalOptimizationEnd", [*halves, ("Success", "No"), number])  # Asterisk 22 says No whenever it worked
    move_out(pbx, one)
    pbx.emit("BridgeDestroy", here.headers())
    pbx.end(one)
