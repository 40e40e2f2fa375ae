"""How a call ended: disposition and reason, from bridge facts and Q.850 causes, never from the first leg alone."""

from typing import Final

from telephony.core.enums import Direction, Disposition, HangupReason
from telephony.core.state import Call, Leg

BUSY: Final = 17
REJECTED: Final = 21
NO_ANSWER: Final = frozenset({18, 19})
UNREACHABLE: Final = frozenset({1, 2, 3, 20, 27, 28})
CONGESTION: Final = frozenset({34, 38, 41, 42})

Outcome = tuple[Disposition, HangupReason]

_OF_REASON: Final = {
    HangupReason.BUSY: Disposition.BUSY,
    HangupReason.REJECTED: Disposition.REJECTED,
    HangupReason.UNREACHABLE: Disposition.UNREACHABLE,
    HangupReason.CONGESTION: Disposition.UNREACHABLE,
}


def outcome_of(call: Call) -> Outcome:
    """Disposition and reason of an ended call."""
    if call.lost:
        return Disposition.INTERRUPTED, HangupReason.LOST
    if call.answered is not None:
        return Disposition.ANSWERED, _who_ended(call)
    first = call.first
    if call.abandoned:
        return Disposition.ABANDONED, HangupReason.CALLER
    if first is None:
        return Disposition.APPLICATION, HangupReason.UNKNOWN
    called = _called_legs(call)
    if not called:
        return _alone(call, first)
    return _unanswered(call, first, called)


def _called_legs(call: Call) -> list[Leg]:
    """Legs that were rung for the caller: not the caller's own, not those of somebody who came to pick up."""
    caller = call.caller
    return [leg for leg in call.legs if leg is not call.first and not (caller and leg.number == caller.number)]


def _who_ended(call: Call) -> HangupReason:
    """The device that asked to end the last conversation; nobody did: the PBX (a command, a time limit)."""
    leg = call.last_asked
    if leg is None:
        return HangupReason.SYSTEM
    caller = call.caller
    is_caller = leg is call.first if caller is None or not leg.is_extension else leg.number == caller.number
    return HangupReason.CALLER if is_caller else HangupReason.CALLEE


def reason_of_cause(cause: int) -> HangupReason:
    """Q.850 in words. Many SIP phones send 486 when somebody presses "reject": told as busy, as they say it."""
    if cause == BUSY:
        return HangupReason.BUSY
    if cause == REJECTED:
        return HangupReason.REJECTED
    if cause in NO_ANSWER:
        return HangupReason.NO_ANSWER
    if cause in UNREACHABLE:
        return HangupReason.UNREACHABLE
    if cause in CONGESTION:
        return HangupReason.CONGESTION
    return HangupReason.UNKNOWN


def _alone(call: Call, first: Leg) -> Outcome:
    """Nobody was rung: an application of the PBX, or a dialplan that refused."""
    ended_by = HangupReason.CALLER if first.asked_to_end else HangupReason.SYSTEM
    reason = reason_of_cause(first.cause)
    if call.originated and first.answered is None:
        return _own_phone_unanswered(first, reason)
    if reason in _OF_REASON and not call.originated:
        return _OF_REASON[reason], reason
    if first.answered is not None and not call.queue:
        return Disposition.APPLICATION, ended_by
    if not first.asked_to_end:
        return Disposition.UNREACHABLE, ended_by
    return (Disposition.CANCELLED if call.direction is Direction.OUTBOUND else Disposition.MISSED), ended_by


def _own_phone_unanswered(first: Leg, reason: HangupReason) -> Outcome:
    """Click to dial stops at the own phone; a dialler's call stops at the outside number."""
    if not first.is_extension:
        return _OF_REASON.get(reason, Disposition.NO_ANSWER), reason
    if reason is HangupReason.UNKNOWN:
        reason = HangupReason.NO_ANSWER if first.rang and not first.asked_to_end else HangupReason.SYSTEM
    return Disposition.CANCELLED, reason


def _unanswered(call: Call, first: Leg, called: list[Leg]) -> Outcome:
    outbound = call.direction is Direction.OUTBOUND
    last = called[-1]
    reason = reason_of_cause(last.cause)
    others_rang = any(leg.rang and reason_of_cause(leg.cause) not in _OF_REASON for leg in called)
    if first.asked_to_end and not (reason in _OF_REASON and not others_rang):
        if last.answered is not None and last.ended is None:
            return Disposition.APPLICATION, HangupReason.CALLER
        return (Disposition.CANCELLED if outbound else Disposition.MISSED), HangupReason.CALLER
    if others_rang:
        return (Disposition.NO_ANSWER if outbound else Disposition.MISSED), HangupReason.NO_ANSWER
    if reason in _OF_REASON:
        return _OF_REASON[reason], reason
    return (Disposition.NO_ANSWER if outbound else Disposition.MISSED), reason
