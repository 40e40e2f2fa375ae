"""What must reach the database: calls, folded calls, acts of users; and their form in the spool, one JSON line each."""

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from telephony.core.enums import Direction, Disposition, HangupReason, ParticipantRole
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary
from telephony.services import ActionFact


@dataclass(frozen=True, slots=True)
class Folded:
    """This linkedid turned out to be a part of another call: it has no row of its own."""

    linkedid: str


Fact = CallSummary | Folded | ActionFact


class FactError(ValueError):
    """A line holds no fact."""


def key(fact: Fact) -> str:
    """A newer fact with the same key replaces the older one."""
    return f"action {fact.command_id}" if isinstance(fact, ActionFact) else f"call {fact.linkedid}"


def encode(fact: Fact) -> str:
    """One line of JSON without the line feed."""
    match fact:
        case CallSummary():
            value: dict[str, Any] = {"call": asdict(fact)}
        case Folded(linkedid):
            value = {"folded": linkedid}
        case ActionFact():
            value = {"action": asdict(fact) | {"command_id": str(fact.command_id)}}
    return json.dumps(value, separators=(",", ":"))


def decode(line: str) -> Fact:
    """The fact of one line; raises FactError."""
    try:
        match json.loads(line):
            case {"call": dict(fields)}:
                return _call(fields)
            case {"folded": str(linkedid)}:
                return Folded(linkedid)
            case {"action": dict(fields)}:
                return ActionFact(**fields | {"command_id": UUID(fields["command_id"])})
    except (KeyError, TypeError, ValueError) as error:
        raise FactError(str(error)) from error
    raise FactError("neither a call, nor folded, nor an action")


def _call(fields: dict[str, Any]) -> CallSummary:
    who = (ParticipantSummary(**p | {"role": ParticipantRole(p["role"])}) for p in fields["participants"])
    return CallSummary(
        **fields
        | {
            "linkedids": tuple(map(str, fields["linkedids"])),
            "direction": Direction(fields["direction"]),
            "disposition": Disposition(fields["disposition"]),
            "hangup_reason": HangupReason(fields["hangup_reason"]),
            "participants": tuple(who),
            "legs": tuple(LegSummary(**leg) for leg in fields["legs"]),
        }
    )
