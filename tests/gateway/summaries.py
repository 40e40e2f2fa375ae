"""Calls as values, and rows of the database as text, so that a test compares whole results."""

from dataclasses import replace

from telephony.core.enums import Direction, Disposition, HangupReason, ParticipantRole
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary
from telephony.models import CallRecord

T0 = 1_763_800_000.0


def _leg(uniqueid: str, number: str, started: float, answered: float | None, ended: float | None) -> LegSummary:
    return LegSummary(uniqueid, f"PJSIP/{number}-{uniqueid[-8:]}", number, started, answered, ended, 16 if ended else 0)


def answered_call(linkedid: str = "1763800000.1", at: float = T0) -> CallSummary:
    """An outside caller rings 101 for 5 s and talks for 10 s."""
    client = ParticipantSummary(
        "+74951112233", "ООО «Ромашка»", False, ParticipantRole.CALLER, False, at + 5, at + 15, 10.0
    )
    callee = ParticipantSummary("101", "Ivanova", True, ParticipantRole.CALLEE, True, at + 5, at + 15, 10.0)
    seconds, number = linkedid.split(".")
    second = f"{seconds}.{int(number) + 1}"
    return CallSummary(
        linkedid=linkedid,
        linkedids=(linkedid,),
        direction=Direction.INBOUND,
        caller_number="84951112233",
        caller_name="ООО «Ромашка»",
        called_number="101",
        queue="",
        started=at,
        answered=at + 5,
        ended=at + 15,
        wait_seconds=5.0,
        talk_seconds=10.0,
        disposition=Disposition.ANSWERED,
        hangup_reason=HangupReason.CALLER,
        participants=(client, callee),
        legs=(
            _leg(linkedid, "84951112233", at, at + 1, at + 15),
            _leg(second, "101", at + 1, at + 5, at + 15),
        ),
    )


def running_call(linkedid: str = "1763800000.1", at: float = T0) -> CallSummary:
    """The same call a moment after it began: only the caller's channel is known."""
    call = answered_call(linkedid, at)
    return replace(
        call,
        answered=None,
        ended=None,
        wait_seconds=0.0,
        talk_seconds=0.0,
        disposition=Disposition.IN_PROGRESS,
        hangup_reason=HangupReason.UNKNOWN,
        participants=(replace(call.participants[0], joined=None, left=None, talk_seconds=0.0),),
        legs=(replace(call.legs[0], answered=None, ended=None, cause=0),),
    )


def rows() -> list[str]:
    """Every call record with its participants and legs, one call a line; times relative to T0."""
    return [_row(call) for call in CallRecord.objects.order_by("linkedid").prefetch_related("participants", "legs")]


def at(value: object) -> str:
    return "-" if value is None else f"{value.timestamp() - T0:g}"  # type: ignore[attr-defined]  # a datetime


def _row(call: CallRecord) -> str:
    who = " ".join(f"{p.number}:{p.talk_seconds:g}" for p in call.participants.all())
    legs = " ".join(f"{leg.uniqueid}:{leg.cause}" for leg in call.legs.all())
    times = f"{at(call.started)}/{at(call.answered)}/{at(call.ended)} {call.wait_seconds:g}+{call.talk_seconds:g}"
    what = f"{call.linkedid} {call.direction} {call.disposition} {call.caller_number}→{call.called_number}"
    return f"{what} {call.outside_e164} {times} [{who}] [{legs}]"
