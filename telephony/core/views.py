"""The state as JSON-able values, exactly as docs/live-protocol.md writes them. Pure reading.

Enumerations are given as they are: a StrEnum is its text, also for `json`.
"""

from collections.abc import Callable
from typing import Any, Final

from telephony.core.enums import CallState, LegState, PhoneState
from telephony.core.phones import BUSY_SWITCH, OFFLINE_DEVICE
from telephony.core.state import RINGING, UP, Call, Channel, Extension, Leg, PbxState

Value = dict[str, Any]
ContactOf = Callable[[str], Value | None]

CHANNEL_STATES: Final = (
    "Down",
    "Reserved",
    "OffHook",
    "Dialing",
    "Ring",
    "Ringing",
    "Up",
    "Busy",
    "Dialing",
    "Prering",
)
LEG_ORDER: Final = {LegState.UP: 3, LegState.ON_HOLD: 2, LegState.RINGING: 1, LegState.DIALING: 0, LegState.ENDED: -1}


def extension(state: PbxState, number: str) -> Value | None:
    """`ext:<number>`; None = no such colleague (any more)."""
    found = state.extensions.get(number)
    if found is None:
        return None
    return {
        "number": number,
        "state": found.state,
        "detail": found.detail,
        "since": found.since,
        "why": _why(found),
    }


def _why(found: Extension) -> list[dict[str, str]]:
    """The facts the tile was worked out from, the deciding ones first."""
    channels = [_fact("channel", c.name, _channel_word(c)) for c in found.channels.values()]
    hint = [_fact("hint", found.hint, str(found.status))]
    devices = [
        _fact("device", device.name, device.state)
        for device in found.devices
        if device.state and (len(found.devices) > 1 or device.state in OFFLINE_DEVICE or device.state in BUSY_SWITCH)
    ]
    return channels + devices + hint if found.state is not PhoneState.RINGING else hint + channels + devices


def _fact(source: str, name: str, value: str) -> dict[str, str]:
    return {"source": source, "name": name, "value": value}


def _channel_word(channel: Channel) -> str:
    if channel.spying:
        return "ChanSpy"
    if channel.held:
        return "Hold"
    return CHANNEL_STATES[channel.state]


def call_state(call: Call) -> CallState:
    """Where the call is now."""
    if not call.live:
        return CallState.ENDED
    if call.talking:
        return _connected(call)
    if any(_is_parked(channel) for channel in call.channels.values()):
        return CallState.PARKED
    if call.ringing:
        return CallState.RINGING
    first_is_up = call.first is not None and _is_up(call.channels.get(call.first.uniqueid))
    if call.up > first_is_up and (first_is_up or call.answered is None):
        # Both are answered and on their way into, or out of, the bridge.
        return CallState.RINGING if call.answered is None else _connected(call)
    return _alone(call)


def _connected(call: Call) -> CallState:
    return CallState.ON_HOLD if call.holding else CallState.TALKING


def _alone(call: Call) -> CallState:
    if call.waiting_in:
        return CallState.QUEUED
    if call.up and (call.answered is not None or call.live == 1):
        return CallState.APPLICATION
    return CallState.DIALING  # also: the caller's own phone is up and somebody is being called


def _is_parked(channel: Channel) -> bool:
    """In a slot, or in a lot's bridge if the account may not list the slots (ParkedCalls needs the right `call`)."""
    return channel.parked is not None or (channel.bridge is not None and channel.bridge.parking)


def _is_up(channel: Channel | None) -> bool:
    return channel is not None and channel.state == UP


def _leg_state(channel: Channel) -> LegState:
    if channel.state == UP:
        return LegState.ON_HOLD if channel.held else LegState.UP
    return LegState.RINGING if channel.state == RINGING else LegState.DIALING


def _leg(channel: Channel, leg: Leg, state: LegState, contact_of: ContactOf) -> Value:
    return {
        "number": leg.number,
        "name": leg.name,
        "is_extension": leg.is_extension,
        "state": state,
        "since": leg.answered if channel.state == UP and leg.answered is not None else leg.started,
        "contact": contact_of(leg.number),
    }


def _legs(call: Call, contact_of: ContactOf) -> list[Value]:
    """Live legs; several devices of one extension are one, shown by the one that is furthest."""
    best: dict[str, tuple[int, Channel, Leg, LegState]] = {}
    for channel in call.channels.values():
        leg = channel.leg
        if leg is None:
            continue
        state = _leg_state(channel)
        rank = LEG_ORDER[state]
        key = leg.number if leg.is_extension else leg.uniqueid
        other = best.get(key)
        if other is None or rank > other[0]:
            best[key] = (rank, channel, leg, state)
    return [_leg(channel, leg, state, contact_of) for _, channel, leg, state in best.values()]


def _party(number: str, name: str, contact_of: ContactOf) -> Value:
    return {"number": number, "name": name, "contact": contact_of(number) if number else None}


def call(state: PbxState, call_id: str, contact_of: ContactOf) -> Value | None:
    """`call:<id>`; None = it ended, was joined to another, or has no real channel yet."""
    found = state.calls.get(call_id)
    if found is None or not found.announced:
        return None
    caller = found.caller
    return {
        "id": call_id,
        "direction": found.direction,
        "state": call_state(found),
        "started": found.started,
        "answered": found.answered,
        "caller": _party(caller.number if caller else "", caller.name if caller else "", contact_of),
        "called": _party(*_called(found), contact_of),
        "line": found.line,
        "queue": found.waiting_in or found.queue,
        "legs": _legs(found, contact_of),
    }


def _called(found: Call) -> tuple[str, str]:
    """What was dialled, with the name of the colleague who has that number."""
    number = found.called_number or (found.second.number if found.second else "")
    person = found.participants.get(number)
    return number, person.name if person else ""


def talk(state: PbxState, number: str, contact_of: ContactOf) -> Value | None:
    """`talk:<number>`: whom the extension hears. No peers: an application of the PBX. None = no conversation (yet)."""
    found = state.extensions.get(number)
    if found is None:
        return None
    channels = found.channels
    if not channels:
        return None
    channel = next(iter(channels.values())) if len(channels) == 1 else max(channels.values(), key=_talk_rank)
    if channel.state != UP or channel.leg is None:
        return None
    peers = [
        _party(other.leg.number, other.leg.name, contact_of)
        for other in state.conversation(channel)
        if other is not channel and other.leg is not None
    ]
    if not peers and channel.call.live > 1:
        return None
    since = channel.talking_since if channel.talking_since is not None else channel.leg.answered
    return {"peers": peers, "call": channel.call.call_id, "since": since}


def _talk_rank(channel: Channel) -> tuple[bool, bool, bool]:
    return channel.talking_since is not None, channel.state == UP, not channel.held


def queue(state: PbxState, name: str, contact_of: ContactOf) -> Value | None:
    """`queue:<name>`."""
    found = state.queues.get(name)
    if found is None:
        return None
    waiting = []
    for caller in sorted(found.callers.values(), key=lambda waiting_caller: waiting_caller.position):
        channel = state.channels.get(caller.uniqueid)
        waiting.append(
            {
                "position": caller.position,
                "party": _party(caller.number, caller.name, contact_of),
                "since": caller.since,
                "call": channel.call.call_id if channel is not None else None,
            }
        )
    members = [
        {
            "number": member.number,
            "name": member.name,
            "state": member.state,
            "paused": member.paused,
            "reason": member.reason,
            "penalty": member.penalty,
            "calls": member.calls,
            "last_call": member.last_call,
        }
        for member in sorted(found.members.values(), key=lambda one: (one.number, one.interface))
    ]
    return {"name": name, "waiting": waiting, "members": members}


def parked(state: PbxState, lot: str, space: str, contact_of: ContactOf) -> Value | None:
    """`park:<lot>:<space>`."""
    found = state.parked.get((lot, space))
    if found is None:
        return None
    channel = state.channels.get(found.uniqueid)
    return {
        "lot": lot,
        "space": space,
        "call": channel.call.call_id if channel is not None else found.linkedid,
        **_party(found.number, found.name, contact_of),
        "by": found.parked_by,
        "since": found.since,
        "until": found.until,
    }


def extensions_of_call(state: PbxState, call_id: str) -> list[str]:
    """Extensions with a live channel in the call: their tiles and `talk` may change with it."""
    found = state.calls.get(call_id)
    if found is None:
        return []
    numbers = {c.extension.number: None for c in found.channels.values() if c.extension is not None}
    return list(numbers)


def audiences_of_call(state: PbxState, call_id: str) -> list[str]:
    """Who may see `call:<id>` now. An extension whose last channel left the call is no longer in the list: withdraw the
    key from audiences that had it. Empty = the call is gone."""
    found = state.calls.get(call_id)
    if found is None or not found.announced:
        return []
    return ["board", *(f"ext/{number}" for number in extensions_of_call(state, call_id))]


def keys(state: PbxState) -> dict[str, list[str]]:
    """All keys of a whole snapshot by kind: `ext`, `call`, `talk`, `queue`, `park` (as `lot:space`)."""
    return {
        "ext": list(state.extensions),
        "call": [call_id for call_id, found in state.calls.items() if found.announced],
        "talk": [number for number, found in state.extensions.items() if found.channels],
        "queue": list(state.queues),
        "park": [f"{lot}:{space}" for lot, space in state.parked],
    }
