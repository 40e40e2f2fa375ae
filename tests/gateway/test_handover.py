"""A call that changed gateways: the record tells it as if one had seen it all."""

from dataclasses import replace

from telephony.core.enums import Disposition, HangupReason, ParticipantRole
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary
from telephony.models import CallLeg, CallParticipant, Pbx
from telephony.services import record_calls
from tests.gateway.summaries import T0, answered_call, at


def test_who_rang_joined_and_left_before_is_kept(pbx: Pbx) -> None:
    """102 rang too and gave up at 5 s, when 101 answered; the gateway died at 6 s, the next one looks from 9 s on."""
    record_calls(pbx_id=pbx.pk, calls=[before_the_change()])
    for call in (after_the_change(ended=False), after_the_change(ended=True), after_the_change(ended=True)):
        record_calls(pbx_id=pbx.pk, calls=[call])

    assert people() == [
        "+74951112233 caller rang=False 5–15 10 s",
        "101 callee rang=True 5–15 10 s",
        "102 callee rang=True ---- 0 s",
    ]
    assert channels() == ["1763800000.1 0/1/15 16", "1763800000.2 1/5/15 16", "1763800000.3 1/-/5 26"]


def test_a_talk_that_ended_as_the_next_gateway_looked_counts_until_the_end(pbx: Pbx) -> None:
    record_calls(pbx_id=pbx.pk, calls=[before_the_change()])
    call = after_the_change(ended=True)
    parted = tuple(replace(who, joined=None, left=None, talk_seconds=0.0) for who in call.participants)
    record_calls(pbx_id=pbx.pk, calls=[replace(call, answered=None, participants=parted)])

    assert people() == [
        "+74951112233 caller rang=False 5–15 10 s",
        "101 callee rang=True 5–15 10 s",
        "102 callee rang=True ---- 0 s",
    ]


def test_one_gateway_that_sees_better_replaces_what_it_wrote(pbx: Pbx) -> None:
    """No change of gateways: a name without a number at first is the number later, not a second person."""
    call = before_the_change()
    unknown = replace(call, participants=(replace(call.participants[0], number=""), *call.participants[1:]))
    record_calls(pbx_id=pbx.pk, calls=[unknown])
    record_calls(pbx_id=pbx.pk, calls=[call])

    assert CallParticipant.objects.filter(number="").count() == 0


def before_the_change() -> CallSummary:
    call = answered_call()
    gave_up = ParticipantSummary("102", "Petrova", True, ParticipantRole.CALLEE, True, None, None, 0.0)
    third = LegSummary("1763800000.3", "PJSIP/102-00000003", "102", T0 + 1, None, T0 + 5, 26)
    return replace(
        call,
        ended=None,
        talk_seconds=1.0,
        disposition=Disposition.IN_PROGRESS,
        hangup_reason=HangupReason.UNKNOWN,
        participants=(*(replace(who, left=None, talk_seconds=1.0) for who in call.participants), gave_up),
        legs=(*(replace(leg, ended=None, cause=0) for leg in call.legs), third),
    )


def after_the_change(*, ended: bool) -> CallSummary:
    call = answered_call()
    seen = replace(
        call,
        answered=T0 + 9,
        talk_seconds=6.0,
        participants=tuple(replace(who, rang=False, joined=T0 + 9, talk_seconds=6.0) for who in call.participants),
        legs=tuple(replace(leg, answered=T0 + 9) for leg in call.legs),
    )
    if ended:
        return seen
    return replace(
        seen,
        ended=None,
        talk_seconds=2.0,
        disposition=Disposition.IN_PROGRESS,
        participants=tuple(replace(who, left=None, talk_seconds=2.0) for who in seen.participants),
        legs=tuple(replace(leg, ended=None, cause=0) for leg in seen.legs),
    )


def people() -> list[str]:
    return [
        f"{who.number} {who.role} rang={who.rang} {at(who.joined)}{'–' if who.joined else '--'}{at(who.left)}"
        f" {who.talk_seconds:g} s"
        for who in CallParticipant.objects.order_by("position")
    ]


def channels() -> list[str]:
    return [
        f"{leg.uniqueid} {at(leg.started)}/{at(leg.answered)}/{at(leg.ended)} {leg.cause}"
        for leg in CallLeg.objects.order_by("uniqueid")
    ]
