"""Local/ channels: a call inside the PBX, always two halves (core_local.c).

The first half is dialled like a phone; the second one runs the dialplan. What the second one hears of its own call
(ringing, answer) is passed to the first. With `/n` they stay; without it Asterisk joins the outer channels once both
ends talk, if no end uses features (the dialplan of the demo gives all calls features, so they stay).
"""

import itertools

from telephony.demo.engine.channel import Channel, Party
from telephony.demo.engine.events import RING
from telephony.demo.engine.pbx import Pbx

_numbers = itertools.count()


def local_leg(pbx: Pbx, caller: Channel, resource: str) -> Channel:
    """`101@internal/n` as an outgoing leg of `caller`. The dialplan begins when the leg is called."""
    exten, _, rest = resource.partition("@")
    context = rest.partition("/")[0] or "internal"
    base = f"Local/{exten}@{context}-{next(_numbers):08x}"
    one = pbx.new_channel(name=f"{base};1", context=context, exten=exten, linkedid=caller.linkedid, outgoing=True)
    two = pbx.new_channel(name=f"{base};2", context=context, exten=exten, linkedid=caller.linkedid, state=RING)
    one.peer, two.peer = two, one
    one.outcome = pbx.signal()
    one.application, one.data = "AppDial", "(Outgoing Line)"
    pbx.set_caller(one, Party(caller.exten))
    one.exten = caller.exten
    pbx.set_connected(one, caller.caller)
    pbx.set_caller(two, caller.caller)
    pbx.set_connected(two, Party(caller.exten))
    pbx.emit("LocalBridge", [*one.headers("LocalOne"), *two.headers("LocalTwo"),
                             ("Context", context), ("Exten", exten), ("LocalOptimization", "No")])  # fmt: skip
    pbx.run(two, pbx.dialplan(pbx, two))
    return one
