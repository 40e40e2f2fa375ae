"""Who hears whom. A conversation begins when a second real channel is in reach, through Local pairs if need be."""

from typing import Final

from telephony.core import calls
from telephony.core.changes import Change
from telephony.core.phones import at_rest, shown
from telephony.core.state import Bridge, Call, Channel, Extension, PbxState

HOLDING: Final = "holding_bridge"


def refresh(extension: Extension, at: float, out: list[Change]) -> None:
    """Work out the tile again; its facts changed even where the colour did not."""
    state, detail = shown(extension)
    if state is not extension.state or detail is not extension.detail:
        extension.state, extension.detail, extension.since = state, detail, at
    out.append(extension.changed)


def hint_changed(extension: Extension, at: float, out: list[Change]) -> None:
    """The hint or one of its devices changed."""
    extension.at_rest = at_rest(extension)
    refresh(extension, at, out)


def refresh_first(state: PbxState, call: Call, at: float, out: list[Change]) -> None:
    """Click to dial: the own phone's tile depends on whether the other side rings or has answered."""
    if call.originated and call.first is not None:
        channel = state.channels.get(call.first.uniqueid)
        if channel is not None and channel.extension is not None:
            refresh(channel.extension, at, out)


def enter(state: PbxState, channel: Channel, bridge: Bridge, at: float, out: list[Change]) -> None:
    """BridgeEnter."""
    if channel.bridge is bridge:
        return
    if channel.bridge is not None:
        leave(state, channel, at, out)
    if bridge.basic:
        for other in bridge.members.values():
            if other.call is not channel.call:
                calls.join(state, other.call, channel.call, at, out)
            break  # all members of a basic bridge are of one call already
    if channel.held:
        _unhold(channel, at, out)
    state.bridges[bridge.bridge_id] = bridge
    bridge.members[channel.uniqueid] = channel
    channel.bridge = bridge
    if channel.leg is not None:
        bridge.phones += 1
    elif channel.is_local:
        bridge.locals += 1
    if not bridge.holding:
        _begin(state, channel, bridge, at, out)


def _begin(state: PbxState, channel: Channel, bridge: Bridge, at: float, out: list[Change]) -> None:
    """Somebody came in: who can hear whom now? Without Local halves the counts tell, however many are in."""
    if bridge.locals:
        _settle(state, list(state.conversation(channel)), at, out)
    elif bridge.phones > 2:
        _start(state, channel, at, out)
    elif bridge.phones == 2:
        for member in bridge.members.values():
            _start(state, member, at, out)


def _unhold(channel: Channel, at: float, out: list[Change]) -> None:
    """Who is taken into another conversation holds nobody there, whatever it did in the last one."""
    channel.held = False
    channel.call.holding -= 1
    if channel.extension is not None:
        refresh(channel.extension, at, out)


def leave(state: PbxState, channel: Channel, at: float, out: list[Change]) -> None:
    """BridgeLeave, also when its event was lost."""
    bridge = channel.bridge
    if bridge is None:
        return
    del bridge.members[channel.uniqueid]
    channel.bridge = None
    if channel.leg is not None:
        bridge.phones -= 1
    elif channel.is_local:
        bridge.locals -= 1
    _stop(channel, at)
    if not bridge.members:
        state.bridges.pop(bridge.bridge_id, None)
    elif bridge.locals:
        _settle(state, list(state.conversation(next(iter(bridge.members.values())))), at, out)
    elif bridge.phones == 1:
        for member in bridge.members.values():
            _stop(member, at)
    other = channel.other_half
    if other is not None and other.bridge is not None:
        _settle(state, list(state.conversation(other)), at, out)


def _settle(state: PbxState, people: list[Channel], at: float, out: list[Change]) -> None:
    """All real channels within reach of each other: two or more converse, one alone does not."""
    if len(people) >= 2:
        for person in people:
            _start(state, person, at, out)
    else:
        for person in people:
            _stop(person, at)


def settle_pair(state: PbxState, half: Channel, at: float, out: list[Change]) -> None:
    """Two Local halves found each other after they were bridged."""
    if half.bridge is not None:
        _settle(state, list(state.conversation(half)), at, out)


def _start(state: PbxState, channel: Channel, at: float, out: list[Change]) -> None:
    if channel.talking_since is not None or channel.leg is None:
        return
    channel.talking_since = at
    call, person = channel.call, channel.participant
    call.talking += 1
    if call.talking == 1:
        call.last_asked = None
        if call.talk_since is None:
            call.talk_since = at
        if call.answered is None:
            call.answered = at
            call.abandoned = False
            refresh_first(state, call, at, out)
    if channel.leg.asked_to_end and call.last_asked is None:
        call.last_asked = channel.leg  # hung up in the very moment in which the two were put together
    if person is not None:
        if not person.talking:
            person.talking_since = at
        person.talking += 1
        if person.joined is None:
            person.joined = at
        person.left = None


def _stop(channel: Channel, at: float) -> None:
    if channel.talking_since is None:
        return
    channel.talking_since = None
    call, person = channel.call, channel.participant
    call.talking -= 1
    if not call.talking and call.talk_since is not None:
        call.talk_seconds += at - call.talk_since
        call.talk_since = None
    elif call.talking > 1 and call.last_asked is channel.leg:
        call.last_asked = None  # it left, the others talk on
    if person is not None:
        person.talking -= 1
        person.left = at
        if not person.talking:
            person.talked += at - person.talking_since
