"""ConfBridge(): rooms of any number of people (app_confbridge.c)."""

from dataclasses import dataclass, field

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.bridging import enter, new_bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.tasks import Steps


@dataclass(slots=True)
class Rooms:
    """Those in use, by name. Each caller keeps a linkedid of its own."""

    bridges: dict[str, Bridge] = field(default_factory=dict)

    def join(self, pbx: Pbx, channel: Channel, room: str) -> Steps:
        """Until the channel leaves; the last one closes the room."""
        pbx.answer(channel)
        channel.application, channel.data = "ConfBridge", room
        bridge = self.bridges.get(room)
        if bridge is None:
            bridge = self.bridges[room] = new_bridge(pbx, "base", "softmix", "ConfBridge", room)
        left = enter(pbx, bridge, channel, join_ids=False)
        try:
            yield left
        finally:
            if not bridge.channels and self.bridges.get(room) is bridge:
                del self.bridges[room]
                pbx.emit("BridgeDestroy", bridge.headers())
