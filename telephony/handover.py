"""A call that lived through a change of gateways: what the earlier one wrote of its people and channels is kept.

The new gateway logs in in the middle: it knows who is there now, not who rang, joined or left before. Nothing here
reads the database; values come from rows that were read, and repeating it gives the same rows.
"""

import datetime as dt
from collections.abc import Iterable

from telephony.models import CallLeg, CallParticipant, CallRecord


def began_before(answered: dt.datetime | None, legs: Iterable[CallLeg], earlier: CallRecord) -> bool:
    """True if the earlier row tells something that a summary with this answer and these legs cannot have seen."""
    seen = {leg.uniqueid: leg for leg in legs}
    for leg in earlier.legs.all():
        known = seen.get(leg.uniqueid)
        if known is None or (leg.answered and (known.answered is None or leg.answered < known.answered)):
            return True
    return earlier.answered is not None and (answered is None or earlier.answered < answered)


def keep_legs(legs: list[CallLeg], earlier: CallRecord) -> list[CallLeg]:
    """The channels of both, by uniqueid: those that ended unseen stay as they were."""
    seen = {leg.uniqueid: leg for leg in legs}
    for before in earlier.legs.all():
        leg = seen.get(before.uniqueid)
        if leg is None:
            legs.append(_copy_leg(before))
            continue
        leg.started = min(leg.started, before.started)
        leg.answered = _first(leg.answered, before.answered)
        leg.ended = leg.ended or before.ended
        leg.cause = leg.cause or before.cause
    return sorted(legs, key=lambda leg: leg.started)


def keep_participants(
    people: list[CallParticipant], earlier: CallRecord, ended: dt.datetime | None
) -> list[CallParticipant]:
    """The people of both, by number, in the order in which they appeared; time that nobody watched counts as talk."""
    now = {(who.number, who.is_extension): who for who in people}
    kept: list[CallParticipant] = []
    for before in earlier.participants.all():
        who = now.pop((before.number, before.is_extension), None)
        kept.append(_copy_participant(before) if who is None else _joined(who, before, ended))
    kept.extend(now.values())
    for position, who in enumerate(kept):
        who.position = position
    return kept


def _joined(who: CallParticipant, before: CallParticipant, ended: dt.datetime | None) -> CallParticipant:
    who.role = before.role  # the beginning knew who called whom
    who.name = who.name or before.name
    who.rang = who.rang or before.rang
    if before.joined is None:
        return who
    if who.joined is None:  # parted before the new gateway looked, or just then
        who.left = before.left or ended
        who.talk_seconds = (who.left - before.joined).total_seconds() if who.left else before.talk_seconds
    else:
        who.talk_seconds += max(0.0, (who.joined - before.joined).total_seconds())
    who.joined = _first(who.joined, before.joined)
    return who


def _first(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)


def _copy_leg(leg: CallLeg) -> CallLeg:
    return CallLeg(
        uniqueid=leg.uniqueid,
        channel=leg.channel,
        number=leg.number,
        started=leg.started,
        answered=leg.answered,
        ended=leg.ended,
        cause=leg.cause,
    )


def _copy_participant(who: CallParticipant) -> CallParticipant:
    return CallParticipant(
        number=who.number,
        name=who.name,
        is_extension=who.is_extension,
        role=who.role,
        rang=who.rang,
        joined=who.joined,
        left=who.left,
        talk_seconds=who.talk_seconds,
    )
