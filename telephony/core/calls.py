"""Calls begin, are joined, end."""

from functools import partial

from telephony.core.changes import CallChanged, CallEnded, CallMerged, CallStarted, Change
from telephony.core.enums import Direction, ParticipantRole
from telephony.core.state import RINGING, UP, Call, Channel, Participant, PbxState
from telephony.core.summaries import summary_of

MAX_SILENT_LEGS = 200  # a long wait in a queue rings the same phones again and again


def call_of(state: PbxState, linkedid: str, uniqueid: str, at: float) -> Call:
    """The call to which a new channel belongs; begun if there is none."""
    call = state.calls_by_linkedid.get(linkedid)
    if call is not None:
        return call
    call_id = linkedid
    if (
        call_id in state.gone_calls or call_id in state.calls
    ):  # a part of an ended call came to light: a call of its own
        call_id = uniqueid if uniqueid not in state.gone_calls and uniqueid not in state.calls else f"{uniqueid}+{at}"
    call = Call(call_id, at, CallChanged(call_id), [linkedid], touched=at)
    state.calls[call_id] = call
    state.calls_by_linkedid[linkedid] = call
    return call


def announce(call: Call, out: list[Change]) -> None:
    """The first real channel makes it a call for the outside."""
    if call.announced:
        out.append(call.changed)
    else:
        call.announced = True
        out.append(CallStarted(call.call_id))


def count(channel: Channel, step: int) -> None:
    """Add (+1) or take away (-1) a channel in the counters of its call."""
    if channel.leg is None:
        return
    call = channel.call
    call.live += step
    if channel.state == RINGING:
        call.ringing += step
    elif channel.state == UP:
        call.up += step
    if channel.held:
        call.holding += step
    if channel.talking_since is not None:
        call.talking += step


def join(state: PbxState, one: Call, other: Call, at: float, out: list[Change]) -> Call:
    """Two calls are one (attended transfer, pick-up, parking): the older one goes on."""
    if one is other:
        return one
    into = _older(state, one, other)
    gone = other if into is one else one
    talk = _talk(*_take_identity(into, gone), at)
    for linkedid in gone.linkedids:
        state.calls_by_linkedid[linkedid] = into
    into.linkedids.extend(gone.linkedids)
    for key, participant in gone.participants.items():
        into.participants[key] = _one_person(into.participants.get(key), participant, at)
    for channel in gone.channels.values():
        count(channel, -1)
        channel.call = into
        count(channel, 1)
        if channel.extension is not None:
            channel.participant = into.participants.get(channel.extension.number)
    into.channels.update(gone.channels)
    into.legs = sorted((*into.legs, *gone.legs), key=lambda leg: leg.started)
    into.queue, into.waiting_in = into.queue or gone.queue, into.waiting_in or gone.waiting_in
    into.talk_seconds, into.talk_since = talk
    into.answered = _first(into.answered, gone.answered)
    into.lost = into.lost or gone.lost
    into.touched = at
    del state.calls[gone.call_id]
    state.gone_calls.add(gone.call_id)
    if gone.announced:
        if not into.announced:
            announce(into, out)
        out.append(CallMerged(gone.call_id, into.call_id))
        out.append(into.changed)
    return into


def _older(state: PbxState, one: Call, other: Call) -> Call:
    """Events that were fetched together have one time: then the call that was opened first is the older one."""
    if one.started != other.started:
        return one if one.started < other.started else other
    return next(call for call in state.calls.values() if call is one or call is other)


def _first(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _talk(kept: Call, other: Call, at: float) -> tuple[float, float | None]:
    """Talk time of the joined call: the consultation that ran beside it is not counted twice."""
    since = kept.talk_since
    if since is None and other.talk_since is not None:
        since = at
    return kept.talk_seconds, since


def _one_person(known: Participant | None, joined: Participant, at: float) -> Participant:
    """The same colleague in both calls, perhaps with one on hold while talking in the other."""
    if known is None or known is joined:
        return joined
    known.name = known.name or joined.name
    known.rang = known.rang or joined.rang
    known.talked = _talked_together(known, joined, at)
    known.joined = _first(known.joined, joined.joined)
    known.left = None if known.talking or joined.talking else max(known.left or 0.0, joined.left or 0.0) or None
    known.talking += joined.talking
    known.talking_since = at
    if joined.role in (ParticipantRole.TRANSFERRER, ParticipantRole.PICKUP):
        known.role = joined.role
    return known


def _talked_so_far(person: Participant, at: float) -> float:
    return person.talked + (at - person.talking_since if person.talking else 0.0)


def _talked_together(one: Participant, other: Participant, at: float) -> float:
    total = _talked_so_far(one, at) + _talked_so_far(other, at)
    if one.joined is None or other.joined is None:
        return total
    last = at if one.talking or other.talking else max(one.left or at, other.left or at)
    return min(total, last - min(one.joined, other.joined))


def _take_identity(into: Call, gone: Call) -> tuple[Call, Call]:
    """Who called whom: an outside party's call tells it, whichever began first; a consultation of the office does not.

    Returns the call whose story it is, then the other one.
    """
    keep = into
    if into.direction is Direction.INTERNAL and gone.direction is not Direction.INTERNAL:
        keep = gone
        into.direction, into.first, into.second, into.caller = gone.direction, gone.first, gone.second, gone.caller
        into.called_number, into.called_certain = gone.called_number, gone.called_certain
        into.called_is_extension, into.line = gone.called_is_extension, gone.line
        into.originated = gone.originated
    if into.first is None:
        into.first, into.second, into.caller = gone.first, gone.second, gone.caller
        into.called_number, into.line, into.direction = gone.called_number, gone.line, gone.direction
        keep = gone
    for call in (into, gone):
        for participant in call.participants.values():
            if participant is not keep.caller and participant.role is ParticipantRole.CALLER:
                participant.role = ParticipantRole.CALLEE
    into.line = into.line or gone.line
    return keep, gone if keep is into else into


def drop_channel(state: PbxState, channel: Channel, at: float, out: list[Change]) -> None:
    """A channel left its call; with the last one the call ends."""
    call = channel.call
    call.channels.pop(channel.uniqueid, None)
    call.touched = at
    if not call.channels:
        _end(state, call, at, out)
    elif channel.leg is not None:
        if len(call.legs) > MAX_SILENT_LEGS:
            _forget_silent_leg(call)
        out.append(call.changed)


def _forget_silent_leg(call: Call) -> None:
    for index, leg in enumerate(call.legs):
        if leg.ended is not None and leg.answered is None and leg is not call.first and leg is not call.second:
            del call.legs[index]
            return


def _end(state: PbxState, call: Call, at: float, out: list[Change]) -> None:
    del state.calls[call.call_id]
    for linkedid in call.linkedids:
        if state.calls_by_linkedid.get(linkedid) is call:
            del state.calls_by_linkedid[linkedid]
    state.gone_calls.add(call.call_id)
    if call.announced:
        out.append(CallEnded(call.call_id, partial(summary_of, call, ended=at)))
