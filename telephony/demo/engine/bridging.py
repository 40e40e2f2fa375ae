"""Channels enter and leave bridges (bridge.c, bridge_basic.c)."""

import uuid
from typing import TYPE_CHECKING

from telephony.demo.engine.bridge import Bridge
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.tasks import Signal

if TYPE_CHECKING:
    from telephony.demo.engine.pbx import Pbx


def new_bridge(
    pbx: "Pbx", kind: str = "basic", technology: str = "simple_bridge", creator: str = "", name: str = ""
) -> Bridge:
    """BridgeCreate."""
    bridge = Bridge(str(uuid.uuid4()), kind, technology, creator, name)
    pbx.emit("BridgeCreate", bridge.headers())
    return bridge


def enter(
    pbx: "Pbx", bridge: Bridge, channel: Channel, swap: Channel | None = None, *, join_ids: bool = True
) -> Signal:
    """BridgeEnter. All members get the oldest linkedid: their calls are one call now.

    Returns the signal of its leaving.
    """
    bridge.channels.append(channel)
    channel.bridge = bridge
    bridged = channel.bridged = channel.bridged or pbx.signal()  # who is moved on still talks, as far as Dial() knows
    if join_ids:
        oldest = min((member.linkedid for member in bridge.channels), key=_age)
        for member in bridge.channels:
            member.linkedid = oldest
    swapped = [("SwapUniqueid", swap.uniqueid)] if swap else []
    pbx.emit("BridgeEnter", [*bridge.headers(), *channel.headers(), *swapped])
    return bridged


def _age(linkedid: str) -> tuple[float, int]:
    """Seconds and running number; ids given by a client count as young."""
    seconds, _, number = linkedid.partition(".")
    return (int(seconds), int(number)) if seconds.isdigit() and number.isdigit() else (float("inf"), 0)


def move_out(pbx: "Pbx", channel: Channel, *, moving_on: bool = False) -> None:
    """BridgeLeave only; nobody else is concerned yet. `moving_on`: it enters another bridge at once."""
    bridge = channel.bridge
    if bridge is None:
        return
    bridge.channels.remove(channel)
    channel.bridge = None
    pbx.emit("BridgeLeave", [*bridge.headers(), *channel.headers()])
    if channel.holding:  # without an Unhold: Asterisk tells none when who holds hangs up
        channel.holding = False
        for other in bridge.channels:
            other.held = False
            pbx.device_of(other)
    if channel.held:
        channel.held = False
        pbx.device_of(channel)
    if channel.bridged and not moving_on:
        channel.bridged.fire()
        channel.bridged = None


def leave(pbx: "Pbx", channel: Channel) -> None:
    """BridgeLeave; a basic bridge with one member left dissolves, and who executes nothing is hung up."""
    bridge = channel.bridge
    if bridge is None:
        return
    move_out(pbx, channel)
    if bridge.kind == "basic" and len(bridge.channels) < 2:
        dissolve(pbx, bridge)


def dissolve(pbx: "Pbx", bridge: Bridge) -> None:
    """Everybody out, BridgeDestroy."""
    left = list(bridge.channels)
    for member in left:
        move_out(pbx, member)
    pbx.emit("BridgeDestroy", bridge.headers())
    for member in left:
        if member.task is None:
            pbx.end(member)


def talk(pbx: "Pbx", called: Channel, caller: Channel, *, join_ids: bool = True) -> Signal:
    """Put two channels into a new bridge, the called one first. Returns the signal of the caller's leaving."""
    bridge = new_bridge(pbx)
    enter(pbx, bridge, called)
    return enter(pbx, bridge, caller, join_ids=join_ids)


def set_hold(pbx: "Pbx", channel: Channel, others: list[Channel], on: bool) -> None:
    """`channel` puts the others on hold, or takes them back. Their devices become ONHOLD, not its own."""
    if channel.holding == on:
        return
    channel.holding = on
    pbx.tell("Hold" if on else "Unhold", channel, *([("MusicClass", "default")] if on else []))
    for other in others:
        other.held = on
        pbx.device_of(other)


def hold(pbx: "Pbx", channel: Channel, on: bool = True) -> None:
    """The phone of `channel` presses hold or takes the call back."""
    if channel.bridge:
        set_hold(pbx, channel, channel.bridge.others(channel), on)
