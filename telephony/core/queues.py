"""Queues of app_queue: members and waiting callers."""

from typing import Final

from telephony.core import channels, places
from telephony.core.changes import Change, QueueChanged
from telephony.core.names import known, resource_of
from telephony.core.snapshot import Event
from telephony.core.state import Channel, PbxState, Queue, QueueCaller, QueueMember

MEMBER_STATES: Final = {
    "0": "unknown",
    "1": "not_in_use",
    "2": "in_use",
    "3": "busy",
    "4": "invalid",
    "5": "unavailable",
    "6": "ringing",
    "7": "ring_in_use",
    "8": "on_hold",
}


def queue_of(state: PbxState, name: str) -> Queue:
    """The queue, made on first mention."""
    queue = state.queues.get(name)
    if queue is None:
        queue = state.queues[name] = Queue(name, QueueChanged(name))
    return queue


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def set_member(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """QueueMemberAdded, …Status, …Pause, …Penalty; QueueMember of QueueStatus says the same with some other keys."""
    get = event.get
    name, interface = get("Queue"), get("Interface") or get("Location")
    if not name or not interface:
        return
    queue = queue_of(state, name)
    member = queue.members.get(interface)
    if member is None:
        member = queue.members[interface] = QueueMember(interface, "", "")
    member.name = get("MemberName") or get("Name") or member.name
    member.number = _member_number(state, interface, get("StateInterface") or "")
    member.state = MEMBER_STATES.get(get("Status", ""), member.state)
    member.paused = get("Paused", "0") == "1"
    member.reason = get("PausedReason", "")
    member.penalty, member.calls = _number(get("Penalty")), _number(get("CallsTaken"))
    member.last_call = float(_number(get("LastCall"))) or None
    out.append(queue.changed)


def _member_number(state: PbxState, interface: str, state_interface: str) -> str:
    """`PJSIP/101` by its hint, `Local/101@from-queue/n` and `hint:101@ext-local` by their number."""
    for device in (state_interface, interface):
        if device.lower().startswith("hint:"):
            return device[5:].partition("@")[0]
        watched = state.devices.get(device.upper())
        if watched is not None and watched.extensions:
            return watched.extensions[0].number
    return resource_of(interface)


def memberremoved(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """QueueMemberRemoved."""
    queue = state.queues.get(event.get("Queue", ""))
    interface = event.get("Interface") or event.get("Location") or ""
    if queue is not None and queue.members.pop(interface, None) is not None:
        out.append(queue.changed)


def callerjoin(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """QueueCallerJoin: somebody waits. Those behind the new position move back."""
    channel = channels.find(state, event, at, out)
    name = event.get("Queue", "")
    if channel is None or not name:
        return
    add_caller(state, channel, event, at, out)


def add_caller(state: PbxState, channel: Channel, event: Event, since: float, out: list[Change]) -> None:
    """Put a caller into the queue (join, or entry of QueueStatus)."""
    queue, call, uniqueid = queue_of(state, event.get("Queue", "")), channel.call, channel.uniqueid
    if channel.waiting_in and channel.waiting_in != queue.name:
        places.leave_queue(state, channel.waiting_in, uniqueid, out)
    call.queue = call.queue or queue.name
    call.waiting_in = channel.waiting_in = queue.name
    call.abandoned = False
    out.append(call.changed)
    position = _number(event.get("Position")) or len(queue.callers) + 1
    if uniqueid not in queue.callers:
        for other in queue.callers.values():
            if other.position >= position:
                other.position += 1
    number, caller = known(event.get("CallerIDNum")), known(event.get("CallerIDName"))
    queue.callers[uniqueid] = QueueCaller(uniqueid, position, number, caller, since)
    out.append(queue.changed)


def callerleave(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """QueueCallerLeave: connected, sent away, or hung up."""
    name, uniqueid = event.get("Queue", ""), event.get("Uniqueid", "")
    places.leave_queue(state, name, uniqueid, out)
    channel = state.channels.get(uniqueid)
    if channel is not None and channel.waiting_in == name:
        channel.waiting_in = channel.call.waiting_in = ""
        out.append(channel.call.changed)


def callerabandon(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """QueueCallerAbandon. Also sent when a waiting caller is redirected, so it counts only if nothing follows."""
    channel = state.channels.get(event.get("Uniqueid", ""))
    if channel is not None and channel.call.answered is None:
        channel.call.abandoned = True
