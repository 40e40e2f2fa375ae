"""A call of the state as a frozen value."""

from collections.abc import Iterable

from telephony.core.enums import Disposition, HangupReason
from telephony.core.outcomes import outcome_of
from telephony.core.state import Call, Leg, Participant
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary


def summary_of(call: Call, ended: float | None = None) -> CallSummary:
    """What is known of a call; `ended` None = it lives (disposition IN_PROGRESS, talk time up to the last bridge)."""
    if ended is None:
        disposition, reason = Disposition.IN_PROGRESS, HangupReason.UNKNOWN
    else:
        disposition, reason = outcome_of(call)
    until = call.answered if call.answered is not None else ended
    caller = call.caller
    return CallSummary(
        linkedid=call.call_id,
        linkedids=tuple(call.linkedids),
        direction=call.direction,
        caller_number=caller.number if caller else "",
        caller_name=caller.name if caller else "",
        called_number=call.called_number or _first_called(call),
        queue=call.queue,
        started=call.started,
        answered=call.answered,
        ended=ended,
        wait_seconds=0.0 if until is None else round(max(0.0, until - call.started), 3),
        talk_seconds=round(call.talk_seconds, 3),
        disposition=disposition,
        hangup_reason=reason,
        participants=tuple([_participant(person) for person in _people(call)]),
        legs=tuple([_leg(leg) for leg in call.legs]),
    )


def _first_called(call: Call) -> str:
    return next((leg.number for leg in call.legs if leg is not call.first), "")


def _people(call: Call) -> Iterable[Participant]:
    """Outside legs of one number are one person."""
    outside = [person.number for person in call.participants.values() if not person.is_extension and person.number]
    if len(outside) == len(set(outside)):
        return call.participants.values()
    people: dict[tuple[bool, str], Participant] = {}
    for key, person in call.participants.items():
        identity = (person.is_extension, person.number or key)
        known = people.get(identity)
        people[identity] = person if known is None else _together(known, person)
    return people.values()


def _together(one: Participant, other: Participant) -> Participant:
    joined = [t for t in (one.joined, other.joined) if t is not None]
    left = [t for t in (one.left, other.left) if t is not None]
    return Participant(
        number=one.number,
        name=one.name or other.name,
        is_extension=one.is_extension,
        role=one.role,
        rang=one.rang or other.rang,
        joined=min(joined, default=None),
        left=max(left, default=None),
        talked=one.talked + other.talked,
    )


def _participant(person: Participant) -> ParticipantSummary:
    return ParticipantSummary(
        person.number,
        person.name,
        person.is_extension,
        person.role,
        person.rang,
        person.joined,
        person.left,
        round(person.talked, 3),
    )


def _leg(leg: Leg) -> LegSummary:
    return LegSummary(leg.uniqueid, leg.channel, leg.number, leg.started, leg.answered, leg.ended, leg.cause)
