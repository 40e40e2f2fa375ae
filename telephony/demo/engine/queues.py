"""Queue(): callers wait, members ring (app_queue.c). Strategies ringall and rrmemory."""

from dataclasses import dataclass, field
from typing import Any, Final

from telephony.demo.engine.bridging import talk
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.device import DEVICE_STATES
from telephony.demo.engine.dial import Attempt, DialSteps, make_leg, ring
from telephony.demo.engine.events import Headers
from telephony.demo.engine.pbx import Pbx

CALLABLE: Final = {"NOT_INUSE", "UNKNOWN", "INUSE", "RINGING", "ONHOLD", "RINGINUSE"}  # ringinuse=yes is the default


@dataclass(slots=True, eq=False)
class Member:
    """A line `member => PJSIP/101,0,Name,PJSIP/101` of queues.conf, or one added at run time."""

    interface: str
    name: str
    state_interface: str
    penalty: int = 0
    dynamic: bool = False
    paused: bool = False
    reason: str = ""
    calls: int = 0
    last_call: int = 0
    last_pause: int = 0
    login_time: int = 0
    in_call: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """A waiting caller."""

    channel: Channel
    since: float
    first_position: int


@dataclass(slots=True, eq=False)
class Queue:
    """A queue of queues.conf. `timeout` = how long members ring per round, `retry` = pause between rounds, seconds."""

    pbx: Pbx
    name: str
    strategy: str = "ringall"
    timeout: float = 15
    retry: float = 1
    ring_in_use: bool = True
    members: list[Member] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    completed: int = 0
    abandoned: int = 0
    _next: int = 0

    def add(self, member: Member) -> None:
        """Take a member in; its device is watched from now on."""
        member.login_time = int(self.pbx.clock.now())
        self.members.append(member)
        self.pbx.states.watch(member.state_interface, lambda _: self._member_changed(member))

    def _member_changed(self, member: Member) -> None:
        if member in self.members:
            self.emit("QueueMemberStatus", self.member_headers(member))

    def find(self, interface: str) -> Member | None:
        """By interface."""
        return next((member for member in self.members if member.interface == interface), None)

    def pause(self, member: Member, paused: bool, reason: str = "") -> None:
        """QueuePause."""
        member.paused, member.reason = paused, reason if paused else ""
        if paused:
            member.last_pause = int(self.pbx.clock.now())
        self.emit("QueueMemberPause", self.member_headers(member))

    def remove(self, member: Member) -> None:
        """QueueRemove."""
        self.members.remove(member)
        self.emit("QueueMemberRemoved", self.member_headers(member))

    def emit(self, name: str, headers: Headers) -> None:
        """An event of class agent."""
        self.pbx.emit(name, headers, "agent")

    def state_of(self, member: Member) -> str:
        """Device state of the member."""
        return self.pbx.states.state_of(member.state_interface) or "INVALID"

    def member_headers(self, member: Member) -> Headers:
        """As QueueMemberStatus tells it."""
        return [
            ("Queue", self.name),
            ("MemberName", member.name),
            ("Interface", member.interface),
            ("StateInterface", member.state_interface),
            ("Membership", "dynamic" if member.dynamic else "static"),
            ("Penalty", str(member.penalty)),
            ("CallsTaken", str(member.calls)),
            ("LastCall", str(member.last_call)),
            ("LastPause", str(member.last_pause)),
            ("LoginTime", str(member.login_time)),
            ("InCall", str(int(member.in_call))),
            ("Status", str(DEVICE_STATES.index(self.state_of(member)))),
            ("Paused", str(int(member.paused))),
            ("PausedReason", member.reason),
            ("Ringinuse", str(int(self.ring_in_use))),
            ("Wrapuptime", "0"),
        ]

    # --- The caller's side ------------------------------------------------------------------------------------------
    def run(self, caller: Channel, seconds: float) -> DialSteps:
        """Queue() on the caller's channel. Returns QUEUESTATUS: ANSWER or TIMEOUT (joinempty=yes is the default)."""
        caller.application, caller.data = "Queue", f"{self.name},tT,,,{seconds:g}"
        entry = self._join(caller)
        over = self.pbx.sleep(seconds)
        try:
            while not over.fired:
                member, leg = yield from self._round(entry, over)
                if leg is not None:
                    yield from self._talk(entry, member, leg)
                    return "ANSWER"
                if not over.fired:
                    yield self._first(self.pbx.sleep(self.retry), over)
            self._leave(entry)
        finally:
            if entry in self.entries:
                self._abandon(entry)
        return "TIMEOUT"

    def _first(self, *signals: Any) -> Any:
        first = self.pbx.signal()
        for signal in signals:
            signal.then(first.fire)
        return first

    def _join(self, caller: Channel) -> Entry:
        entry = Entry(caller, self.pbx.clock.now(), len(self.entries) + 1)
        self.entries.append(entry)
        self._caller_event("QueueCallerJoin", entry, ("Position", str(entry.first_position)), self._count())
        return entry

    def _count(self) -> tuple[str, str]:
        return ("Count", str(len(self.entries)))

    def _caller_event(self, name: str, entry: Entry, *more: tuple[str, str]) -> None:
        self.emit(name, [*entry.channel.headers(), ("Queue", self.name), *more])

    def position(self, entry: Entry) -> str:
        """From 1."""
        return str(self.entries.index(entry) + 1)

    def _leave(self, entry: Entry) -> None:
        position = self.position(entry)
        self.entries.remove(entry)
        self._caller_event("QueueCallerLeave", entry, ("Position", position), self._count())

    def _abandon(self, entry: Entry) -> None:
        self.abandoned += 1
        waited = str(int(self.pbx.clock.now() - entry.since))
        position = self.position(entry)
        self._caller_event("QueueCallerAbandon", entry, ("Position", position),
                           ("OriginalPosition", str(entry.first_position)), ("HoldTime", waited))  # fmt: skip
        self._leave(entry)

    # --- Ringing the members ----------------------------------------------------------------------------------------
    def _whom(self) -> list[Member]:
        able = CALLABLE if self.ring_in_use else {"NOT_INUSE", "UNKNOWN"}
        free = [m for m in self.members if not m.paused and not m.in_call and self.state_of(m) in able]
        if self.strategy == "ringall" or not free:
            return free
        order = self.members[self._next :] + self.members[: self._next]
        chosen = next(member for member in order if member in free)
        self._next = (self.members.index(chosen) + 1) % len(self.members)
        return [chosen]

    def _round(self, entry: Entry, over: Any) -> Any:
        """Ring once; returns (member, leg) of who answered, or (None, None)."""
        if self.entries.index(entry) > 0 and len(self.entries) > len(self.members):
            return None, None  # those in front are served first
        legs: dict[Channel, Member] = {}
        for member in self._whom():
            if leg := make_leg(self.pbx, entry.channel, member.interface):
                legs[leg] = member
                self._agent_event("AgentCalled", entry, member, leg)
                ring(self.pbx, entry.channel, leg, member.interface)
        if not legs:
            return None, None
        attempt = Attempt(self.pbx, entry.channel, list(legs), single=False, queue=True)
        timer = self.pbx.later(self.timeout, lambda: attempt.result.fire(None))
        over.then(lambda _: attempt.result.fire(None))
        try:
            leg = yield attempt.result
            timer.cancel()
            if leg is None:
                for late in list(attempt.legs):
                    self._agent_event("AgentRingNoAnswer", entry, legs[late], late, ("RingTime", "0"))
                attempt.give_up()
                return None, None
            return legs[leg], attempt.win(leg)
        finally:
            attempt.cancel()

    def _agent_event(self, name: str, entry: Entry, member: Member, leg: Channel, *more: tuple[str, str]) -> None:
        about = [("Queue", self.name), ("Interface", member.interface), ("MemberName", member.name), *more]
        self.emit(name, [*entry.channel.headers(), *leg.headers("Dest"), *about])

    def _talk(self, entry: Entry, member: Member, leg: Channel) -> Any:
        now = self.pbx.clock.now()
        self._leave(entry)
        member.in_call = True
        waited = ("HoldTime", str(int(now - entry.since)))
        self._agent_event("AgentConnect", entry, member, leg, ("RingTime", "0"), waited)
        try:
            yield talk(self.pbx, leg, entry.channel)
        finally:
            member.in_call = False
            member.calls += 1
            member.last_call = int(self.pbx.clock.now())
            self.completed += 1
            talked = ("TalkTime", str(int(self.pbx.clock.now() - now)))
            self._agent_event("AgentComplete", entry, member, leg, waited, talked, ("Reason", "caller"))
            self._member_changed(member)
