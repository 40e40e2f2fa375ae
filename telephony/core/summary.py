"""A finished (or running) call as one value: what the recorder writes and what a replay table prints."""

from dataclasses import dataclass

from telephony.core.enums import Direction, Disposition, HangupReason, ParticipantRole


@dataclass(frozen=True, slots=True)
class LegSummary:
    """One channel of the call. Times are seconds since the epoch; `None` = did not happen."""

    uniqueid: str
    channel: str  # as Asterisk names it: PJSIP/101-00000003
    number: str  # extension of the device, else the outside number
    started: float
    answered: float | None
    ended: float | None
    cause: int  # Q.850, 0 = unknown


@dataclass(frozen=True, slots=True)
class ParticipantSummary:
    """One person or outside number that took part. Several devices of one extension are one participant."""

    number: str
    name: str  # as the PBX gave it: hostile text, escape when shown
    is_extension: bool
    role: ParticipantRole
    rang: bool
    joined: float | None  # first moment in a bridge with another party
    left: float | None
    talk_seconds: float


@dataclass(frozen=True, slots=True)
class CallSummary:
    """One call: the whole chain of linkedids that transfers, parking and pick-ups joined."""

    linkedid: str  # of the first channel of the chain: with the PBX the key of a CallRecord
    linkedids: tuple[str, ...]  # every linkedid seen in the chain, the first one first
    direction: Direction
    caller_number: str
    caller_name: str
    called_number: str  # what was dialled first: extension, queue, DID or outside number
    queue: str  # first queue entered, else empty
    started: float
    answered: float | None  # first moment two parties shared a bridge
    ended: float | None  # None while it lives
    wait_seconds: float  # until answered or ended
    talk_seconds: float
    disposition: Disposition
    hangup_reason: HangupReason
    participants: tuple[ParticipantSummary, ...]  # in the order in which they appeared
    legs: tuple[LegSummary, ...]
