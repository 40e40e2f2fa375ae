"""Events that say who moved a call, and who listens in. They give roles and join calls; bridges tell the rest."""

from telephony.core import bridges, calls, channels
from telephony.core.changes import Change
from telephony.core.enums import ParticipantRole
from telephony.core.snapshot import Event
from telephony.core.state import Channel, PbxState


def _role(channel: Channel | None, role: ParticipantRole) -> None:
    person = channel.participant if channel is not None else None
    if person is not None and (person.role is not ParticipantRole.CALLER or role is not ParticipantRole.TRANSFERRER):
        person.role = role


def blindtransfer(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """BlindTransfer: the transferrer leaves, the transferee is sent to an extension."""
    channel = channels.find_other(state, event, at, out, "Transferer")
    if channel is not None and event.get("Result") == "Success":
        _role(channel, ParticipantRole.TRANSFERRER)
        out.append(channel.call.changed)


def attendedtransfer(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """AttendedTransfer, also of a target that still rings ("blonde"): the consultation and the call become one."""
    if event.get("Result") != "Success" or event.get("DestType") == "Fail":
        return
    one = channels.find_other(state, event, at, out, "OrigTransferer")
    two = channels.find_other(state, event, at, out, "SecondTransferer")
    if one is None or two is None:
        return
    _role(one, ParticipantRole.TRANSFERRER)
    _role(two, ParticipantRole.TRANSFERRER)
    call = calls.join(state, one.call, two.call, at, out)
    out.append(call.changed)


def pickup(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """Pickup: somebody answers a call that rings at a colleague's."""
    channel = channels.find(state, event, at, out)
    target = channels.find_other(state, event, at, out, "Target")
    if channel is None or target is None:
        return
    calls.join(state, target.call, channel.call, at, out)
    _role(channel, ParticipantRole.PICKUP)


def chanspystart(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """ChanSpyStart: the spying channel keeps a call of its own; the listened-to call does not change."""
    channel = channels.find_other(state, event, at, out, "Spyer")
    if channel is not None:
        channel.spying = True
        _role(channel, ParticipantRole.SPY)
        out.append(channel.call.changed)
        if channel.extension is not None:
            bridges.refresh(channel.extension, at, out)


def chanspystop(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """ChanSpyStop."""
    channel = state.channels.get(event.get("SpyerUniqueid", ""))
    if channel is not None:
        channel.spying = False
        out.append(channel.call.changed)
