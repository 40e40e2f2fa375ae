"""Who calls whom: caller, called, direction, line, and how outside numbers become known."""

from telephony.core.enums import Direction, ParticipantRole
from telephony.core.names import NO_EXTENSION, device_of, resource_of
from telephony.core.state import Call, Channel, Leg, Participant, PbxState


def add_leg(state: PbxState, channel: Channel, *, born: bool) -> None:
    """A real channel appeared: a leg of its call, and perhaps a new participant.

    `born`: this is its birth; of a channel that was found alive the extension is where it is now, not what it dialled.
    """
    call, extension = channel.call, channel.extension
    number = channel.caller_number if extension is None else extension.number
    leg = Leg(channel.uniqueid, channel.name, number, channel.caller_name, extension is not None, channel.started)
    channel.leg = leg
    call.legs.append(leg)
    key = channel.uniqueid if extension is None else number
    participant = call.participants.get(key)
    if participant is None:
        role = ParticipantRole.CALLEE if call.first else ParticipantRole.CALLER
        participant = Participant(number, channel.caller_name, extension is not None, role)
        call.participants[key] = participant
    elif not participant.name:
        participant.name = channel.caller_name
    channel.participant = participant
    if call.first is None:
        _begin(state, call, channel, leg, born=born)
    elif call.second is None:
        _first_called(call, channel, leg)


def _begin(state: PbxState, call: Call, channel: Channel, leg: Leg, *, born: bool) -> None:
    call.first = leg
    call.caller = channel.participant
    if channel.exten not in NO_EXTENSION:
        call.called_number = channel.exten
        call.called_certain = not call.originated
        call.called_is_extension = channel.exten in state.extensions
        if not leg.is_extension and born:
            call.line = channel.exten
    if call.originated and not leg.is_extension:
        # The PBX rings an outside number first (dialler): that is the called side; who of us answers is the caller.
        call.called_number, call.called_certain = leg.number, True
        call.caller = None
        if channel.participant is not None:
            channel.participant.role = ParticipantRole.CALLEE
    decide_direction(state, call)


def _first_called(call: Call, channel: Channel, leg: Leg) -> None:
    call.second = leg
    first = call.first
    if first is None:
        return
    if call.caller is None and leg.is_extension and channel.participant is not None:
        call.caller = channel.participant
        call.caller.role = ParticipantRole.CALLER
    if first.is_extension:
        outside = not leg.is_extension and not call.called_is_extension
        call.direction = Direction.OUTBOUND if outside else Direction.INTERNAL


def decide_direction(state: PbxState, call: Call) -> None:
    """Inside is what a hint watches. A dialled extension makes a call internal even if it is forwarded to a mobile."""
    first, second = call.first, call.second
    if first is None:
        return
    if not first.is_extension:
        call.direction = Direction.OUTBOUND if call.originated else Direction.INBOUND
    elif call.called_is_extension:
        call.direction = Direction.INTERNAL
    elif second is not None:
        call.direction = Direction.INTERNAL if second.is_extension else Direction.OUTBOUND
    elif len(call.called_number) > state.longest_extension:
        # Nobody is rung yet: more digits than any extension of this PBX has, so it goes out.
        call.direction = Direction.OUTBOUND


def dialed(state: PbxState, call: Call, exten: str, *, certain: bool) -> None:
    """The caller's channel runs this dialplan extension (or carries it as caller id: a guess)."""
    if call.called_certain or exten in NO_EXTENSION:
        return
    call.called_number, call.called_certain = exten, certain
    call.called_is_extension = exten in state.extensions
    decide_direction(state, call)


def outside_number(channel: Channel, number: str) -> None:
    """The number of an outside party became known, or another one (its side transferred the call)."""
    leg, participant = channel.leg, channel.participant
    if leg is None or channel.extension is not None or not number:
        return
    leg.number = number
    if participant is not None:
        participant.number = number
    call = channel.call
    if call.originated and call.first is leg:
        call.called_number = number


def outside_line(channel: Channel, source: Channel) -> None:
    """An inside caller goes out: the line is the caller id shown outside, else the trunk's name."""
    call = channel.call
    if call.line or channel.extension is not None or call.first is None or not call.first.is_extension:
        return
    shown = source.caller_number
    own = call.caller.number if call.caller else ""
    use_shown = shown not in ("", own, call.called_number)
    call.line = shown if use_shown else resource_of(device_of(channel.name))
