"""BridgeEnter, BridgeLeave, BridgeDestroy."""

from telephony.core import bridges, channels
from telephony.core.changes import Change
from telephony.core.snapshot import Event
from telephony.core.state import Bridge, Channel, PbxState


def bridge_of(state: PbxState, event: Event, bridge_id: str) -> Bridge:
    """The bridge as known, or as the event describes it (made, but kept only once somebody enters)."""
    bridge = state.bridges.get(bridge_id)
    if bridge is None:
        holding = event.get("BridgeTechnology") == bridges.HOLDING
        kind = event.get("BridgeType")
        bridge = Bridge(bridge_id, kind == "basic" and not holding, holding, kind == "parking")
    return bridge


def bridgeenter(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """BridgeEnter; `SwapUniqueid` names the channel that makes place and gets its own BridgeLeave."""
    bridge_id = event.get("BridgeUniqueid")
    channel = channels.find(state, event, at, out)
    if channel is None or not bridge_id:
        return
    new = channels.STATES.get(event.get("ChannelState", ""), channel.state)
    if new != channel.state:  # its Newstate was lost
        channels.set_state(state, channel, new, at, out)
    bridge = bridge_of(state, event, bridge_id)
    bridges.enter(state, channel, bridge, at, out)
    out.append(channel.call.changed)
    _tell_others(bridge, channel, out)


def bridgeleave(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """BridgeLeave."""
    channel = channels.find(state, event, at, out)
    if channel is None or channel.bridge is None or channel.bridge.bridge_id != event.get("BridgeUniqueid"):
        return
    bridge = channel.bridge
    bridges.leave(state, channel, at, out)
    out.append(channel.call.changed)
    _tell_others(bridge, channel, out)


def _tell_others(bridge: Bridge, channel: Channel, out: list[Change]) -> None:
    """In a conference each member has a call of its own, and each hears somebody come and go."""
    if not bridge.basic and not bridge.holding:
        out.extend(member.call.changed for member in bridge.members.values() if member is not channel)


def bridgedestroy(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """BridgeDestroy: whoever is still in it has lost a BridgeLeave."""
    bridge = state.bridges.get(event.get("BridgeUniqueid", ""))
    if bridge is not None:
        for channel in list(bridge.members.values()):
            bridges.leave(state, channel, at, out)
            out.append(channel.call.changed)
