"""What is known of the PBX: plain objects that refer to each other. Only the reducer changes them; views only read.

Asterisk's model: a *channel* is one leg between the PBX and a device; a *bridge* is the room in which channels hear
each other; a *call* does not exist in Asterisk, it is the chain of channels with one `Linkedid` and of linkedids joined
later.
Every look-up is by key; nothing scans all calls or all channels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from telephony.core.changes import CallChanged, ExtensionChanged, QueueChanged
from telephony.core.enums import Direction, ParticipantRole, PhoneDetail, PhoneState

DOWN: Final = 0
RING: Final = 4  # the device itself calls in
RINGING: Final = 5  # the device is being rung
UP: Final = 6


@dataclass(slots=True, eq=False)
class Device:
    """A thing a hint watches: `PJSIP/101`, or `Custom:DND101`, which is no phone but a switch."""

    name: str
    custom: bool
    state: str = ""  # of DeviceStateChange: NOT_INUSE, INUSE, BUSY, UNAVAILABLE, RINGING, …; empty = not told
    extensions: list["Extension"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Extension:
    """An internal number with a hint that watches at least one phone."""

    number: str
    hint: str  # as Asterisk gives it: PJSIP/101&Custom:DND101
    status: int  # of ExtensionStatus: 0 idle, bit 1 in use, 2 busy, 4 unavailable, 8 ringing, 16 on hold
    devices: tuple[Device, ...]
    changed: ExtensionChanged
    since: float  # when the shown state began
    channels: dict[str, "Channel"] = field(default_factory=dict)  # live ones of its devices, by uniqueid
    state: PhoneState = PhoneState.UNKNOWN
    detail: PhoneDetail = PhoneDetail.NONE
    at_rest: tuple[PhoneState, PhoneDetail] = (PhoneState.UNKNOWN, PhoneDetail.NONE)  # shown while it has no channel


@dataclass(slots=True, eq=False)
class Bridge:
    """Channels that hear each other. Exists here while it has members."""

    bridge_id: str
    basic: bool  # two-party kind: Asterisk gives all its members one linkedid
    holding: bool  # a waiting room (parking, hold music): the members do not hear each other
    parking: bool = False  # the holding bridge of a parking lot
    members: dict[str, "Channel"] = field(default_factory=dict)
    phones: int = 0  # members that are real devices
    locals: int = 0  # members that are halves of Local channels


@dataclass(slots=True, eq=False)
class Leg:
    """One real channel in the story of a call; stays in the call after the channel is gone."""

    uniqueid: str
    channel: str
    number: str
    name: str
    is_extension: bool
    started: float
    rang: bool = False
    answered: float | None = None
    ended: float | None = None
    cause: int = 0
    asked_to_end: bool = False  # its device hung up (HangupRequest), not the PBX


@dataclass(slots=True, eq=False)
class Participant:
    """One person of a call, over all its devices and legs."""

    number: str
    name: str
    is_extension: bool
    role: ParticipantRole
    rang: bool = False
    joined: float | None = None
    left: float | None = None
    talked: float = 0.0
    talking: int = 0  # channels that are in a conversation now
    talking_since: float = 0.0


@dataclass(slots=True, eq=False)
class Channel:
    """A live channel. `leg` is None for Local halves and for Asterisk's own helpers: they are no party of a call."""

    uniqueid: str
    name: str
    linkedid: str
    call: "Call"
    started: float
    state: int
    exten: str = ""
    caller_number: str = ""
    caller_name: str = ""
    is_local: bool = False
    other_half: "Channel | None" = None  # of a Local pair
    extension: Extension | None = None
    leg: Leg | None = None
    participant: Participant | None = None
    bridge: Bridge | None = None
    held: bool = False  # its own phone put the other side on hold
    spying: bool = False
    talking_since: float | None = None
    parked: tuple[str, str] | None = None  # lot and space
    waiting_in: str = ""  # queue
    suspect_since: float | None = None  # the PBX did not list it at the last reconciliation


@dataclass(slots=True, eq=False)
class Call:
    """One call: all channels of a chain of linkedids."""

    call_id: str
    started: float
    changed: CallChanged
    linkedids: list[str]
    announced: bool = False  # CallStarted was given: the first real channel appeared
    originated: bool = False  # begun by the PBX (Originate, call file), not by a phone
    channels: dict[str, Channel] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)
    participants: dict[str, Participant] = field(default_factory=dict)  # by extension, outside parties by uniqueid
    direction: Direction = Direction.INTERNAL
    first: Leg | None = None  # the leg that began the call
    second: Leg | None = None  # the first leg that was called
    caller: Participant | None = None
    called_number: str = ""
    called_certain: bool = False  # seen as a dialled extension, not only guessed from a caller id
    called_is_extension: bool = False
    line: str = ""
    queue: str = ""  # first queue entered
    waiting_in: str = ""  # queue it waits in now
    abandoned: bool = False
    answered: float | None = None
    talk_seconds: float = 0.0
    talk_since: float | None = None
    talking: int = 0  # channels in a conversation
    ringing: int = 0
    holding: int = 0
    live: int = 0  # real channels
    up: int = 0  # real channels that are answered
    last_asked: Leg | None = None  # whose device asked last to end, before anybody else of the same conversation
    lost: bool = False  # a channel was found gone whose end nobody saw
    touched: float = 0.0  # last event


@dataclass(slots=True, eq=False)
class QueueMember:
    """One member of one queue; `interface` is the key: `PJSIP/101` or `Local/101@from-queue/n`."""

    interface: str
    name: str
    number: str
    state: str = ""
    paused: bool = False
    reason: str = ""
    penalty: int = 0
    calls: int = 0
    last_call: float | None = None


@dataclass(slots=True, eq=False)
class QueueCaller:
    """Somebody who waits. Positions begin at 1."""

    uniqueid: str
    position: int
    number: str
    name: str
    since: float


@dataclass(slots=True, eq=False)
class Queue:
    """A queue of app_queue."""

    name: str
    changed: QueueChanged
    members: dict[str, QueueMember] = field(default_factory=dict)
    callers: dict[str, QueueCaller] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ParkedCall:
    """A call in a parking space. Key: (lot, space); the parkee's uniqueid says whether it is still the same."""

    lot: str
    space: str
    uniqueid: str
    linkedid: str
    number: str
    name: str
    parked_by: str
    since: float
    until: float | None


class Memory:
    """Remembers keys for a while in bounded space: at least the last `size`, at most twice as many."""

    __slots__ = ("_new", "_old", "_size")

    def __init__(self, size: int = 8192) -> None:
        self._size = size
        self._new: set[str] = set()
        self._old: set[str] = set()

    def add(self, key: str) -> None:
        """Remember a key; may forget the oldest ones."""
        self._new.add(key)
        if len(self._new) >= self._size:
            self._old, self._new = self._new, set()

    def __contains__(self, key: str) -> bool:
        return key in self._new or key in self._old


@dataclass(slots=True, eq=False)
class PbxState:
    """Everything known of one PBX."""

    extensions: dict[str, Extension] = field(default_factory=dict)
    longest_extension: int = 0  # digits
    devices: dict[str, Device] = field(default_factory=dict)  # those that hints watch, by upper-case name
    channels: dict[str, Channel] = field(default_factory=dict)
    locals: dict[str, Channel] = field(default_factory=dict)  # a half that waits for its other half, by common name
    bridges: dict[str, Bridge] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    calls_by_linkedid: dict[str, Call] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    parked: dict[tuple[str, str], ParkedCall] = field(default_factory=dict)
    gone_channels: Memory = field(default_factory=Memory)  # a late event must not raise the dead
    gone_calls: Memory = field(default_factory=Memory)

    def conversation(self, channel: Channel) -> Iterator[Channel]:
        """All real channels that hear each other with this one (itself included), through Local pairs."""
        seen: set[str] = set()
        rooms = [channel.bridge]
        while rooms:
            room = rooms.pop()
            if room is None or room.holding or room.bridge_id in seen:
                continue
            seen.add(room.bridge_id)
            for member in room.members.values():
                if member.leg is not None:
                    yield member
                elif member.other_half is not None:
                    rooms.append(member.other_half.bridge)
