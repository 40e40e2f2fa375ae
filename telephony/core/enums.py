"""The words of the domain. Values are what pages, the database and the live protocol carry; never translate them."""

from enum import StrEnum


class LinkState(StrEnum):
    """How the gateway stands with its PBX."""

    CONNECTING = "connecting"  # no TCP/TLS connection yet, or waiting to try again
    RESYNC = "resync"  # logged in; the snapshot is being read, events are buffered
    UP = "up"  # live
    DOWN = "down"  # lost; tried again with back-off
    DENIED = "denied"  # wrong name or secret: not tried again until the settings change


class PhoneState(StrEnum):
    """What a colleague's tile says («Состояния» of the manual)."""

    OFF = "off"  # grey: no device of the extension is registered
    FREE = "free"  # white
    RINGING = "ringing"  # pink
    TALKING = "talking"  # yellow: a live channel of one of its devices is up (or dialling out)
    UNKNOWN = "unknown"  # never seen, or the link is lost


class PhoneDetail(StrEnum):
    """The finer word beside a PhoneState."""

    NONE = ""
    DIALING = "dialing"  # talking: own phone is calling out, nobody has answered yet
    ON_HOLD = "on_hold"  # talking: the only call is held
    DND = "dnd"  # the hint carries a busy Custom: device while no channel explains it


class Direction(StrEnum):
    """Seen from the office. Internal: both ends are extensions (a queue or application of the PBX counts as inside)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class CallState(StrEnum):
    """Where a call is now."""

    DIALING = "dialing"  # it exists, nobody rings yet
    RINGING = "ringing"
    QUEUED = "queued"  # waits in a queue and no member rings at this moment
    TALKING = "talking"  # two parties are in a bridge
    ON_HOLD = "on_hold"
    PARKED = "parked"
    APPLICATION = "application"  # answered by the PBX itself: IVR, voicemail, echo
    ENDED = "ended"


class LegState(StrEnum):
    """Where one channel of a call is now."""

    DIALING = "dialing"
    RINGING = "ringing"
    UP = "up"
    ON_HOLD = "on_hold"
    ENDED = "ended"


class Disposition(StrEnum):
    """How the call ended for the office; from bridge facts, never from the first leg."""

    ANSWERED = "answered"  # a person talked with a person
    MISSED = "missed"  # inbound or internal: nobody answered; the caller gave up or was cleared
    ABANDONED = "abandoned"  # the caller left while waiting in a queue
    BUSY = "busy"
    NO_ANSWER = "no_answer"  # outbound: rang out
    REJECTED = "rejected"  # the called side refused
    UNREACHABLE = "unreachable"  # no registered phone, unallocated number, congestion
    CANCELLED = "cancelled"  # outbound: our side gave up before an answer
    APPLICATION = "application"  # only the PBX itself took part (echo, IVR, voicemail)
    INTERRUPTED = "interrupted"  # the end was not seen: gateway away, PBX restarted
    IN_PROGRESS = "in_progress"


class HangupReason(StrEnum):
    """Q.850 cause and who ended, in words."""

    CALLER = "caller"  # the caller hung up
    CALLEE = "callee"
    BUSY = "busy"  # 17
    NO_ANSWER = "no_answer"  # 18, 19
    REJECTED = "rejected"  # 21
    UNREACHABLE = "unreachable"  # 1, 2, 3, 20, 27, 28
    CONGESTION = "congestion"  # 34, 38, 41, 42
    SYSTEM = "system"  # the PBX or a command ended it
    LOST = "lost"  # found gone by reconciliation
    UNKNOWN = "unknown"


class ParticipantRole(StrEnum):
    """Why somebody stands in the list of participants."""

    CALLER = "caller"
    CALLEE = "callee"  # rang or talked
    TRANSFERRER = "transferrer"
    PICKUP = "pickup"
    SPY = "spy"


class OutcomeKind(StrEnum):
    """What became of a command. Every command gets exactly one."""

    DONE = "done"
    REFUSED = "refused"  # by a rule of ours or by the PBX; `reason` says which
    FAILED = "failed"  # the PBX tried and could not
    TIMED_OUT = "timed_out"  # nobody answered within the deadline; it may or may not have happened
