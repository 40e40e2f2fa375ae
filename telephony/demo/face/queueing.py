"""Actions on queues."""

from telephony.demo.engine.device import DEVICE_STATES
from telephony.demo.engine.events import UNKNOWN, Headers
from telephony.demo.engine.queues import Entry, Member, Queue
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session
from telephony.demo.face.table import action

TRUE = {"true", "yes", "1", "on", "y", "t"}


def _queues(session: Session, name: str = "") -> list[Queue]:
    found = dict.fromkeys(session.server.plan.numbers.queues.values())
    return [queue for queue in found if name in {"", queue.name}]


@action("QueueStatus", "Show queue status.")
def queue_status(session: Session, request: Request) -> None:
    """QueueParams, its QueueMembers, its QueueEntries, for each queue."""
    items = queue_items(_queues(session, request["Queue"]))
    session.listing(request, "Queue status will follow", items, "QueueStatusComplete")


def queue_items(queues: list[Queue]) -> list[tuple[str, Headers]]:
    """QueueParams, QueueMember and QueueEntry of these queues."""
    items: list[tuple[str, Headers]] = []
    for queue in queues:
        items.append(("QueueParams", _params(queue)))
        items += [("QueueMember", _member(queue, member)) for member in queue.members]
        items += [("QueueEntry", _entry(queue, entry)) for entry in queue.entries]
    return items


def _params(queue: Queue) -> Headers:
    return [
        ("Queue", queue.name), ("Max", "0"), ("Strategy", queue.strategy), ("Calls", str(len(queue.entries))),
        ("Holdtime", "0"), ("TalkTime", "0"), ("Completed", str(queue.completed)),
        ("Abandoned", str(queue.abandoned)), ("ServiceLevel", "0"), ("ServicelevelPerf", "0.0"),
        ("ServicelevelPerf2", "0.0"), ("Weight", "0"),
    ]  # fmt: skip


def _member(queue: Queue, member: Member) -> Headers:
    return [
        ("Queue", queue.name), ("Name", member.name), ("Location", member.interface),
        ("StateInterface", member.state_interface), ("Membership", "dynamic" if member.dynamic else "static"),
        ("Penalty", str(member.penalty)), ("CallsTaken", str(member.calls)), ("LastCall", str(member.last_call)),
        ("LastPause", str(member.last_pause)), ("LoginTime", str(member.login_time)),
        ("InCall", str(int(member.in_call))), ("Status", str(DEVICE_STATES.index(queue.state_of(member)))),
        ("Paused", str(int(member.paused))), ("PausedReason", member.reason), ("Wrapuptime", "0"),
    ]  # fmt: skip


def _entry(queue: Queue, entry: Entry) -> Headers:
    channel = entry.channel
    return [
        ("Queue", queue.name), ("Position", queue.position(entry)), ("Channel", channel.name),
        ("Uniqueid", channel.uniqueid), ("CallerIDNum", channel.caller.number or UNKNOWN.strip("<>")),
        ("CallerIDName", channel.caller.name or UNKNOWN.strip("<>")),
        ("ConnectedLineNum", channel.connected.number or UNKNOWN.strip("<>")),
        ("ConnectedLineName", channel.connected.name or UNKNOWN.strip("<>")),
        ("Wait", str(int(queue.pbx.clock.now() - entry.since))), ("Priority", "0"),
    ]  # fmt: skip


@action("QueueSummary", "Show queue summary.")
def queue_summary(session: Session, request: Request) -> None:
    """Numbers only."""
    items: list[tuple[str, Headers]] = []
    for queue in _queues(session, request["Queue"]):
        free = sum(queue.state_of(member) == "NOT_INUSE" and not member.paused for member in queue.members)
        items.append(("QueueSummary", [
            ("Queue", queue.name), ("LoggedIn", str(len(queue.members))), ("Available", str(free)),
            ("Callers", str(len(queue.entries))), ("HoldTime", "0"), ("TalkTime", "0"), ("LongestHoldTime", "0"),
        ]))  # fmt: skip
    session.listing(request, "Queue summary will follow", items, "QueueSummaryComplete")


@action("QueuePause", "Makes a queue member temporarily unavailable.", "agent")
def queue_pause(session: Session, request: Request) -> None:
    """In one queue, or in all where the member is."""
    interface, paused = request["Interface"], request["Paused"].lower() in TRUE
    if not interface or not request["Paused"]:
        session.error(request, "Need 'Interface' and 'Paused' parameters.")
        return
    found = [(queue, member) for queue in _queues(session, request["Queue"]) if (member := queue.find(interface))]
    for queue, member in found:
        queue.pause(member, paused, request["Reason"])
    if found:
        session.ok(request, message=f"Interface {'paused' if paused else 'unpaused'} successfully")
    else:
        session.error(request, "Interface not found")


@action("QueueAdd", "Add interface to queue.", "agent")
def queue_add(session: Session, request: Request) -> None:
    """A dynamic member."""
    interface = request["Interface"]
    queues = _queues(session, request["Queue"]) if request["Queue"] else []
    if not request["Queue"] or not interface:
        session.error(request, "'Queue' and 'Interface' not specified.")
    elif not queues:
        session.error(request, "Unable to add interface to queue: No such queue")
    elif queues[0].find(interface):
        session.error(request, "Unable to add interface: Already there")
    else:
        member = Member(interface, request["MemberName"] or interface, request["StateInterface"] or interface,
                        penalty=int(request["Penalty"] or 0), dynamic=True)  # fmt: skip
        queues[0].add(member)
        queues[0].emit("QueueMemberAdded", queues[0].member_headers(member))
        session.ok(request, message="Added interface to queue")


@action("QueueRemove", "Remove interface from queue.", "agent")
def queue_remove(session: Session, request: Request) -> None:
    """A dynamic member leaves."""
    for queue in _queues(session, request["Queue"]):
        if member := queue.find(request["Interface"]):
            queue.remove(member)
            session.ok(request, message="Removed interface from queue")
            return
    session.error(request, "Unable to remove interface: Not there")
