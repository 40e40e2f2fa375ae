"""The state against the list actions: after a login they are the truth, later they find what was lost."""

from collections.abc import Iterable
from typing import Final

from telephony.core import bridges, channels, hints, membership, parking, places, queues
from telephony.core.changes import Change
from telephony.core.snapshot import Event, PbxSnapshot
from telephony.core.state import Bridge, Channel, PbxState

GRACE: Final = 2.0  # seconds an event may be on its way
NEVER_SET: Final = "UNKNOWN"  # Asterisk's own word for a device it knows nothing of
DIALED_BY: Final = frozenset({"AppDial", "AppDial2", "AppQueue"})


def load(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> None:
    """Replace the state. What is still there keeps its identity (call ids, since when a tile shows its colour)."""
    _hints(state, snapshot, at, out)
    _devices(state, snapshot, at, out)
    if "CoreShowChannels" not in snapshot.missing:
        listed = {event.get("Uniqueid", "") for event in snapshot.channels}
        for channel in list(state.channels.values()):
            if channel.uniqueid not in listed:
                _lose(state, channel, at, out)
        _channels(state, snapshot, at, out, grace=0.0)
    _queues(state, snapshot, at, out)
    _parked(state, snapshot, at, out)


def reconcile(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> int:
    """Mend what lost events left behind; returns how many things differed."""
    drift = _hints(state, snapshot, at, out)
    _devices(state, snapshot, at, out)
    if "CoreShowChannels" not in snapshot.missing:
        drift += _ghosts(state, snapshot, at, out)
        drift += _channels(state, snapshot, at, out, grace=GRACE)
    drift += _queues(state, snapshot, at, out)
    drift += _parked(state, snapshot, at, out)
    return drift


def _hints(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> int:
    if "ExtensionStateList" in snapshot.missing:
        return 0
    drift = 0
    for event in snapshot.hints:
        known = state.extensions.get(event.get("Exten", ""))
        same = known is not None and known.hint == event.get("Hint") and str(known.status) == event.get("Status")
        if not same:
            drift += known is not None
            hints.extensionstatus(state, event, at, out)
    listed = {event.get("Exten") for event in snapshot.hints}
    for number in [number for number in state.extensions if number not in listed]:
        hints.remove(state, number, out)
        drift += 1
    return drift


def _devices(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> None:
    for event in snapshot.devices:
        hints.devicestatechange(state, event, at, out)
    if not snapshot.devices:
        return
    # Asterisk listed its devices: a switch it does not name was never set. Without this a hint that lags behind a
    # hang-up ("in use", no channel any more) would pass for do-not-disturb.
    for device in state.devices.values():
        if device.custom and not device.state:
            device.state = NEVER_SET


def _lose(state: PbxState, channel: Channel, at: float, out: list[Change]) -> None:
    """Its end was not seen. If its conversation had ended before, the rest of the story is known all the same."""
    call = channel.call
    if call.answered is not None and not call.talking:
        at = call.touched
    elif channel.leg is not None:
        call.lost = True
    channels.close_channel(state, channel, at, 0, out)


def _ghosts(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> int:
    listed = {event.get("Uniqueid", "") for event in snapshot.channels}
    ghosts = 0
    for channel in list(state.channels.values()):
        if channel.uniqueid in listed:
            channel.suspect_since = None
        elif channel.suspect_since is None:
            channel.suspect_since = at
        elif at - channel.suspect_since >= GRACE:
            _lose(state, channel, at, out)
            ghosts += 1
    return ghosts


def seconds(duration: str) -> float:
    """`Duration` of CoreShowChannel: `00:01:05`."""
    total = 0
    for part in duration.split(":"):
        if not (part.isascii() and part.isdigit()):
            return 0.0
        total = total * 60 + int(part)
    return float(total)


def _in_order(events: Iterable[Event]) -> list[Event]:
    """Those who call before those who are called, older ones first: the first channel of a call is its caller."""
    return sorted(
        events, key=lambda event: (event.get("Application") in DIALED_BY, -seconds(event.get("Duration", "")))
    )


def _channels(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change], *, grace: float) -> int:
    """Add what is missing, take over states and bridges; calls with an event within the grace time are left alone:
    the list may be older than that event."""
    drift = 0
    kinds = {event.get("BridgeUniqueid", ""): event for event in snapshot.bridges}
    for event in _in_order(snapshot.channels):
        uniqueid = event.get("Uniqueid", "")
        channel = state.channels.get(uniqueid)
        age = seconds(event.get("Duration", ""))
        if channel is None:
            channel = channels.open_channel(state, event, at, at - age, out)
            if channel is None:
                continue
            drift += age > GRACE
        elif channel.call.touched + grace <= at:
            linkedid = event.get("Linkedid") or channel.linkedid
            if linkedid != channel.linkedid:
                channels.relink(state, channel, linkedid, at, out)
            new = channels.STATES.get(event.get("ChannelState", ""), channel.state)
            if new != channel.state:
                channels.set_state(state, channel, new, at, out)
                drift += 1
        else:
            continue
        bridge_id = event.get("BridgeId", "")
        if bridge_id != (channel.bridge.bridge_id if channel.bridge is not None else ""):
            _take_bridge(state, channel, _listed_bridge(state, bridge_id, kinds), at, out)
            drift += 1
    return drift


def _listed_bridge(state: PbxState, bridge_id: str, kinds: dict[str, Event]) -> Bridge | None:
    if not bridge_id:
        return None
    kind = kinds.get(bridge_id)
    if kind is None:  # BridgeList refused or older: nearly all bridges are of two parties
        return state.bridges.get(bridge_id) or Bridge(bridge_id, basic=True, holding=False)
    return membership.bridge_of(state, kind, bridge_id)


def _take_bridge(state: PbxState, channel: Channel, bridge: Bridge | None, at: float, out: list[Change]) -> None:
    if bridge is None:
        bridges.leave(state, channel, at, out)
    else:
        bridges.enter(state, channel, bridge, at, out)
    out.append(channel.call.changed)


def _queues(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> int:
    if "QueueStatus" in snapshot.missing:
        return 0
    members: dict[str, set[str]] = {}
    waiting: dict[str, set[str]] = {}
    drift = 0
    for event in snapshot.queues:
        name, kind = event.get("Queue", ""), event.get("Event")
        queue = queues.queue_of(state, name)
        if kind == "QueueMember":
            members.setdefault(name, set()).add(event.get("Location", ""))
            queues.set_member(state, event, at, out)
        elif kind == "QueueEntry":
            waiting.setdefault(name, set()).add(event.get("Uniqueid", ""))
            channel = state.channels.get(event.get("Uniqueid", ""))
            if channel is not None and channel.uniqueid not in queue.callers:
                wait = event.get("Wait", "")
                since = at - (int(wait) if wait.isascii() and wait.isdigit() else 0)
                queues.add_caller(state, channel, event, since, out)
                drift += at - since > GRACE
        elif kind == "QueueParams":
            members.setdefault(name, set())
    for name, queue in list(state.queues.items()):
        if name not in members:
            del state.queues[name]
            out.append(queue.changed)
            continue
        for interface in set(queue.members) - members[name]:
            del queue.members[interface]
            out.append(queue.changed)
            drift += 1
        for uniqueid in set(queue.callers) - waiting.get(name, set()):
            if queue.callers[uniqueid].since + GRACE <= at:
                places.leave_queue(state, name, uniqueid, out)
                drift += 1
    return drift


def _parked(state: PbxState, snapshot: PbxSnapshot, at: float, out: list[Change]) -> int:
    if "ParkedCalls" in snapshot.missing:
        return 0
    drift = 0
    listed = {}
    for event in snapshot.parked:
        key = (event.get("Parkinglot", ""), event.get("ParkingSpace", ""))
        listed[key] = event
        known = state.parked.get(key)
        if known is None or known.uniqueid != event.get("ParkeeUniqueid"):
            parking.parkedcall(state, event, at, out)
            drift += 1
    for key, parked in list(state.parked.items()):
        if key not in listed and parked.since + GRACE <= at:
            places.leave_space(state, key, out)
            drift += 1
    return drift
