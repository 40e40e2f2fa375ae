"""Channels are born, ring, are answered, hold, hang up.

Every channel event carries Channel, Uniqueid, Linkedid and state, so a missed Newchannel is made good by the next one;
a Linkedid that differs from the known one joins two calls. Local halves and helpers live here too but are no legs.
"""

from typing import Final

from telephony.core import bridges, calls, parties, places
from telephony.core.changes import Change
from telephony.core.names import HELPERS, NO_EXTENSION, UNKNOWN, device_of, dialed_number, known, pair_of
from telephony.core.snapshot import Event
from telephony.core.state import DOWN, RING, RINGING, UP, Channel, PbxState

STATES: Final = {str(number): number for number in range(10)}


def find(state: PbxState, event: Event, at: float, out: list[Change]) -> Channel | None:
    """The channel an event speaks of; opened if unknown, None if it is gone or the event names none."""
    channel = state.channels.get(event.get("Uniqueid", ""))
    if channel is None:
        return open_channel(state, event, at, at, out)
    channel.call.touched = at
    linkedid = event.get("Linkedid")
    if linkedid != channel.linkedid and linkedid:
        relink(state, channel, linkedid, at, out)
    return channel


def find_other(state: PbxState, event: Event, at: float, out: list[Change], prefix: str) -> Channel | None:
    """The same for an event about several channels; their keys begin with a prefix: `DestUniqueid`."""
    channel = state.channels.get(event.get(prefix + "Uniqueid", ""))
    if channel is None:
        own = {key.removeprefix(prefix): value for key, value in event.items() if key.startswith(prefix)}
        return open_channel(state, own, at, at, out)
    channel.call.touched = at
    linkedid = event.get(prefix + "Linkedid")
    if linkedid != channel.linkedid and linkedid:
        relink(state, channel, linkedid, at, out)
    return channel


def relink(state: PbxState, channel: Channel, linkedid: str, at: float, out: list[Change]) -> None:
    """Asterisk gave the channel another linkedid: its call and the one of that linkedid are one."""
    channel.linkedid = linkedid
    other = state.calls_by_linkedid.get(linkedid)
    if other is None:
        state.calls_by_linkedid[linkedid] = channel.call
        channel.call.linkedids.append(linkedid)
    else:
        calls.join(state, other, channel.call, at, out)


def open_channel(state: PbxState, event: Event, at: float, started: float, out: list[Change]) -> Channel | None:
    """Make the channel from any event about it; `started` differs from `at` when it was found alive."""
    get = event.get
    uniqueid, name = get("Uniqueid"), get("Channel")
    if not uniqueid or not name or uniqueid in state.gone_channels:
        return None
    linkedid = get("Linkedid") or uniqueid
    call = calls.call_of(state, linkedid, uniqueid, started)
    number, person = get("CallerIDNum", ""), get("CallerIDName", "")
    channel = Channel(
        uniqueid,
        name,
        linkedid,
        call,
        started,
        STATES.get(get("ChannelState", ""), DOWN),
        get("Exten", ""),
        "" if number in UNKNOWN else number,
        "" if person in UNKNOWN else person,
    )
    if not call.channels and channel.state == DOWN and uniqueid == linkedid:
        call.originated = True  # a phone that calls in is born in state Ring
    state.channels[uniqueid] = channel
    call.channels[uniqueid] = channel
    call.touched = at
    technology = name.partition("/")[0]
    if technology == "Local":
        channel.is_local = True
        _pair(state, channel)
    elif technology not in HELPERS and technology != name:
        _attach(state, channel, at, out, born=get("Event") == "Newchannel")
    return channel


def _pair(state: PbxState, channel: Channel) -> None:
    common = pair_of(channel.name)
    other = state.locals.pop(common, None)
    if other is None or other is channel or other.uniqueid not in state.channels:
        state.locals[common] = channel
    else:
        channel.other_half, other.other_half = other, channel


def _attach(state: PbxState, channel: Channel, at: float, out: list[Change], *, born: bool = False) -> None:
    """A real device: leg, participant, tile."""
    name = channel.name
    device = state.devices.get(name[: name.rfind("-")].upper())
    if device is not None and device.extensions:
        channel.extension = device.extensions[0]
    parties.add_leg(state, channel, born=born)
    leg, call = channel.leg, channel.call
    if leg is not None:
        if channel.state == UP:
            leg.answered = channel.started
        elif channel.state == RINGING:
            leg.rang = True
            if channel.participant is not None:
                channel.participant.rang = True
    calls.count(channel, 1)
    calls.announce(call, out)
    if call.originated and call.first is not leg:
        bridges.refresh_first(state, call, at, out)
    if channel.extension is not None:
        channel.extension.channels[channel.uniqueid] = channel
        bridges.refresh(channel.extension, at, out)


def set_state(state: PbxState, channel: Channel, new: int, at: float, out: list[Change]) -> None:
    """Ringing, answered, …; a repeated state changes nothing."""
    old, leg = channel.state, channel.leg
    if new == old:
        return
    channel.state = new
    if leg is None:
        return
    call = channel.call
    if old == RINGING:
        call.ringing -= 1
    elif old == UP:
        call.up -= 1
    if new == RINGING:
        call.ringing += 1
        leg.rang = True
        if channel.participant is not None:
            channel.participant.rang = True
    elif new == UP:
        call.up += 1
        if leg.answered is None:
            leg.answered = at
    elif new == RING and call.first is leg:
        call.originated = False
    out.append(call.changed)
    extension = channel.extension
    if extension is not None:
        bridges.refresh(extension, at, out)


def newchannel(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Newchannel; a repeated one, or one that comes after later events, only tells the state."""
    find(state, event, at, out)


def newstate(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Newstate."""
    channel = find(state, event, at, out)
    if channel is not None:
        set_state(state, channel, STATES.get(event.get("ChannelState", ""), channel.state), at, out)


def newcallerid(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """NewCallerid. Of an inside phone it is what the called side shall see, not who the phone is."""
    channel = find(state, event, at, out)
    if channel is None:
        return
    channel.caller_number, channel.caller_name = known(event.get("CallerIDNum")), known(event.get("CallerIDName"))
    call, leg, extension = channel.call, channel.leg, channel.extension
    if leg is None:
        return
    if extension is None:
        parties.outside_number(channel, channel.caller_number)
        # Of a channel that was dialled it is what the dialplan wrote there, often the name of somebody else.
        if call.first is leg and channel.caller_name and channel.participant is not None:
            leg.name = channel.participant.name = channel.caller_name
    elif call.originated and call.first is leg and channel.state != UP and channel.caller_number != extension.number:
        parties.dialed(state, call, channel.caller_number, certain=False)
    out.append(call.changed)


def newconnectedline(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """NewConnectedLine: whom the phone displays. In a conversation of two it tells the outside party's number.

    Also after that party was exchanged behind the trunk.
    """
    channel = find(state, event, at, out)
    if channel is None:
        return
    bridge = channel.bridge
    if bridge is None or channel.extension is None or bridge.phones != 2 or len(bridge.members) != 2:
        return
    number = event.get("ConnectedLineNum", "")
    if not number or number in UNKNOWN:
        return
    for other in bridge.members.values():
        if other is not channel and other.leg is not None and other.leg.number != number:
            parties.outside_number(other, number)
            out.append(channel.call.changed)


def dialbegin(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """DialBegin. Without a source: an Originate; with one: what the caller dialled, which number a trunk was given."""
    target = find_other(state, event, at, out, "Dest")
    source = find(state, event, at, out) if event.get("Uniqueid") else None
    if target is None:
        return
    call = target.call
    if source is None:
        if call.first is None or (call.first is target.leg and call.second is None):
            call.originated = True
        return
    if call.first is not None and not call.called_certain and not source.spying:
        own = source.leg is call.first or (target.leg is not None and target.leg is call.second)
        exten = event.get("Exten", "")
        if own and exten not in NO_EXTENSION:
            parties.dialed(state, call, exten, certain=True)
    if target.leg is not None and target.extension is None:
        number = dialed_number(event.get("DialString", ""))
        if number.lstrip("+").isdigit():
            parties.outside_number(target, number)
        parties.outside_line(target, source)
        parties.decide_direction(state, call)
        out.append(call.changed)


def hangup(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Hangup: the channel is gone."""
    uniqueid = event.get("Uniqueid", "")
    channel = state.channels.get(uniqueid)
    if channel is None:
        if uniqueid:
            state.gone_channels.add(uniqueid)
        return
    linkedid = event.get("Linkedid")
    if linkedid != channel.linkedid and linkedid:
        relink(state, channel, linkedid, at, out)
    cause = event.get("Cause", "")
    close_channel(state, channel, at, int(cause) if cause.isascii() and cause.isdigit() else 0, out)


def close_channel(state: PbxState, channel: Channel, at: float, cause: int, out: list[Change]) -> None:
    """Take the channel out of everything; the tile is worked out again from what is left."""
    if channel.bridge is not None:
        bridges.leave(state, channel, at, out)
    if channel.parked is not None or channel.waiting_in:
        places.leave_all(state, channel, out)
    del state.channels[channel.uniqueid]
    state.gone_channels.add(channel.uniqueid)
    other = channel.other_half
    if other is not None:
        other.other_half = None
    elif channel.is_local:
        state.locals.pop(pair_of(channel.name), None)
    calls.count(channel, -1)
    leg, extension = channel.leg, channel.extension
    if leg is not None:
        leg.ended, leg.cause = at, cause
    if extension is not None:
        extension.channels.pop(channel.uniqueid, None)
        bridges.refresh(extension, at, out)
    call = channel.call
    calls.drop_channel(state, channel, at, out)
    if call.originated and call.channels and leg is not call.first:
        bridges.refresh_first(state, call, at, out)


def hanguprequest(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """HangupRequest: the device itself hung up; if it was in a conversation, that is what ended it."""
    channel = find(state, event, at, out)
    if channel is None or channel.leg is None:
        return
    channel.leg.asked_to_end = True
    call, last = channel.call, channel.call.last_asked
    if channel.talking_since is not None or (call.live == 1 and (last is None or last.ended is not None)):
        call.last_asked = channel.leg


def hold(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Hold: this phone put the other side on hold."""
    _hold(state, event, at, out, held=True)


def unhold(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Unhold; phones also send it when they transfer."""
    _hold(state, event, at, out, held=False)


def _hold(state: PbxState, event: Event, at: float, out: list[Change], *, held: bool) -> None:
    channel = find(state, event, at, out)
    if channel is None or channel.held is held or channel.leg is None:
        return
    channel.held = held
    channel.call.holding += 1 if held else -1
    out.append(channel.call.changed)
    if channel.extension is not None:
        bridges.refresh(channel.extension, at, out)


def localbridge(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """LocalBridge names the two halves; usually their names did already."""
    one = find_other(state, event, at, out, "LocalOne")
    two = find_other(state, event, at, out, "LocalTwo")
    if one is None or two is None or one.other_half is two or one is two:
        return
    one.other_half, two.other_half = two, one
    state.locals.pop(pair_of(one.name), None)
    bridges.settle_pair(state, one, at, out)


def rename(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Rename: two channels change bodies (masquerade). The uniqueid stays with the call, its device is another."""
    channel = state.channels.get(event.get("Uniqueid", ""))
    name = event.get("Newname", "")
    if channel is None or not name or "<" in name or name == channel.name:
        return
    before, channel.name = device_of(channel.name), name
    if channel.leg is None or device_of(name) == before:
        return
    calls.count(channel, -1)
    channel.leg.ended = at
    if channel.extension is not None:
        channel.extension.channels.pop(channel.uniqueid, None)
        bridges.refresh(channel.extension, at, out)
    talking, channel.extension, channel.leg, channel.participant = channel.talking_since, None, None, None
    channel.talking_since, channel.held = None, False
    _attach(state, channel, at, out)
    if talking is not None and channel.bridge is not None:
        bridges.settle_pair(state, channel, at, out)
