"""Places a channel can hold besides a bridge: a position in a queue, a parking space. How they are given up."""

from telephony.core.changes import Change, ParkedCallChanged
from telephony.core.state import Channel, PbxState


def leave_queue(state: PbxState, name: str, uniqueid: str, out: list[Change]) -> None:
    """The caller waits no longer; those behind move up."""
    queue = state.queues.get(name)
    gone = queue.callers.pop(uniqueid, None) if queue is not None else None
    if queue is None or gone is None:
        return
    for other in queue.callers.values():
        if other.position > gone.position:
            other.position -= 1
    out.append(queue.changed)


def leave_space(state: PbxState, key: tuple[str, str], out: list[Change]) -> None:
    """The parking space is free again."""
    parked = state.parked.pop(key, None)
    if parked is None:
        return
    out.append(ParkedCallChanged(*key))
    channel = state.channels.get(parked.uniqueid)
    if channel is not None:
        channel.parked = None
        out.append(channel.call.changed)


def leave_all(state: PbxState, channel: Channel, out: list[Change]) -> None:
    """The channel is gone: whatever it held is free, also when the event that says so was lost."""
    if channel.parked is not None:
        leave_space(state, channel.parked, out)
    if channel.waiting_in:
        leave_queue(state, channel.waiting_in, channel.uniqueid, out)
        if channel.call.waiting_in == channel.waiting_in:
            channel.call.waiting_in = ""
