"""A call of the state as a frozen value."""

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
    caller, first = call.caller, call.first
    return CallSummary(
        linkedid=call.call_id,
        linkedids=tuple(call.linkedids),
        direction=call.direction,
        caller_number=caller.number if caller else "",
        caller_name=caller.name if caller else "",
        called_number=call.called_number or _first_called(call, first),
        queue=call.queue,
        started=call.started,
        answered=call.answered,
        ended=ended,
        wait_seconds=_span(call.started, until),
        talk_seconds=round(call.talk_seconds, 3),
        disposition=disposition,
        hangup_reason=reason,
        participants=tuple(_participant(person) for person in _people(call)),
        legs=tuple(_leg(leg) for leg in call.legs),
    )


def _span(start: float, end: float | None) -> float:
    return 0.0 if end is None else round(max(0.0, end - start), 3)


def _first_called(call: Call, first: Leg | None) -> str:
    return next((leg.number for leg in call.legs if leg is not first), "")


def _people(call: Call) -> list[Participant]:
    """Outside legs of one number are one person."""
    people: dict[tuple[bool, str], Participant] = {}
    for key, person in call.participants.items():
        identity = (person.is_extension, person.number or key)
        known = people.get(identity)
        people[identity] = person if known is None else _together(known, person)
    return list(people.values())


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
        number=person.number,
        name=person.name,
        is_extension=person.is_extension,
        role=person.role,
        rang=person.rang,
        joined=person.joined,
        left=person.left,
        talk_seconds=round(person.talked, 3),
    )


def _leg(leg: Leg) -> LegSummary:
    return LegSummary(leg.uniqueid, leg.channel, leg.number, leg.started, leg.answered, leg.ended, leg.cause)
