"""What telephony writes: call records and the journal. Everything here may be repeated without harm."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from astpanel.accounts.models import PanelUser
from crm.selectors import keys_of
from telephony import handover
from telephony.core.enums import Direction, Disposition, HangupReason
from telephony.core.summary import CallSummary, LegSummary, ParticipantSummary
from telephony.live.layer_messages import gateway_group, gateway_retry
from telephony.models import ActionLog, CallLeg, CallParticipant, CallRecord

OPEN: Final = (Disposition.IN_PROGRESS, Disposition.INTERRUPTED)  # the call's end may still replace such a row
Guard = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Vanished:
    """What became of the rows of calls that ended unseen."""

    interrupted: int
    folded: int  # into other calls
    latest: dict[str, str]  # extension → linkedid of its newest call among the interrupted ones


@dataclass(frozen=True, slots=True)
class ActionFact:
    """One command of a user and what became of it: a row of the journal. Times are seconds since the epoch."""

    command_id: UUID
    user_id: int
    name: str
    args: Mapping[str, str]
    outcome: str
    reason: str
    detail: str
    seconds: float


def record_calls(
    *, pbx_id: int, calls: Sequence[CallSummary], folded: Collection[str] = (), guard: Guard | None = None
) -> None:
    """Write the calls, each as one row with its participants and legs; remove the rows of `folded` linkedids.

    One transaction for all of them. A row that already holds the end of its call is left as it is, so that repeating,
    late and out-of-order writing all end in the same rows. A row of a running call that an earlier gateway wrote fills
    in what a summary begun in the middle of the call cannot know. `guard` is called inside the transaction and stops
    it by raising (`telephony.gateway.lease.Lease.guard`).
    """
    newest = {clean(call.linkedid, 150): call for call in calls}
    with transaction.atomic():
        if guard is not None:
            guard()
        if folded:
            unfinished = CallRecord.objects.filter(pbx_id=pbx_id, disposition__in=OPEN)
            unfinished.filter(linkedid__in=[clean(text, 150) for text in folded]).delete()
        there = CallRecord.objects.filter(pbx_id=pbx_id, linkedid__in=newest)
        known = {row.linkedid: row for row in there.prefetch_related("participants", "legs")}
        due = {key: call for key, call in newest.items() if _may_replace(known.get(key), call)}
        written = _upsert([_record(pbx_id, call, known.get(key)) for key, call in due.items()])
        ids = [row.pk for row in written]
        CallParticipant.objects.filter(call_id__in=ids).delete()
        CallLeg.objects.filter(call_id__in=ids).delete()
        people: list[CallParticipant] = []
        legs: list[CallLeg] = []
        for row, (key, call) in zip(written, due.items(), strict=True):
            took_part, channels = _details(row, call, known.get(key))
            people += took_part
            legs += channels
        CallParticipant.objects.bulk_create(people)
        CallLeg.objects.bulk_create(legs)


def close_vanished(*, pbx_id: int, live: Iterable[CallSummary], at: float, guard: Guard | None = None) -> Vanished:
    """After a login: running rows whose call is no longer on the PBX become `interrupted`.

    The end was not seen: `ended` is the moment at which the call was found gone, talk time stays what was known. A row
    whose channels live on in another call (a transfer joined the two while nobody watched) is folded into that call.
    """
    calls = list(live)
    linkedids = {clean(call.linkedid, 150) for call in calls}
    channels = {clean(leg.uniqueid, 150) for call in calls for leg in call.legs}
    channels |= {clean(linkedid, 150) for call in calls for linkedid in call.linkedids}
    with transaction.atomic():
        if guard is not None:
            guard()
        running = CallRecord.objects.filter(pbx_id=pbx_id, disposition=Disposition.IN_PROGRESS)
        gone = [row for row in running.prefetch_related("legs") if row.linkedid not in linkedids]
        joined = [row.pk for row in gone if {row.linkedid, *(leg.uniqueid for leg in row.legs.all())} & channels]
        CallRecord.objects.filter(pk__in=joined).delete()
        lost = [row.pk for row in gone if row.pk not in set(joined)]
        CallRecord.objects.filter(pk__in=lost).update(
            disposition=Disposition.INTERRUPTED, hangup_reason=HangupReason.LOST, ended=moment(at)
        )
        seen_by = CallParticipant.objects.filter(call__in=lost, is_extension=True).order_by("call__started", "call_id")
        latest = dict(seen_by.values_list("number", "call__linkedid"))
    return Vanished(len(lost), len(joined), latest)


def ask_retry(*, pbx_id: int) -> None:
    """Something was mended on the PBX: its gateway logs in again at once, also where it was denied. After the commit.

    A lost message does no harm: whoever asked sees the link's state, and may ask again.
    """
    transaction.on_commit(partial(_tell_gateway, pbx_id, gateway_retry()), robust=True)


def _tell_gateway(pbx_id: int, message: dict[str, Any]) -> None:
    layer: Any = get_channel_layer()
    async_to_sync(layer.group_send)(gateway_group(pbx_id), message)


def journal_actions(*, pbx_id: int, actions: Sequence[ActionFact]) -> None:
    """Write commands and their outcomes; a command that is already in the journal stays as it is.

    An act of a user who is gone is kept without the user.
    """
    users = set(PanelUser.objects.filter(pk__in={action.user_id for action in actions}).values_list("pk", flat=True))
    ActionLog.objects.bulk_create(
        [
            ActionLog(
                command_id=action.command_id,
                pbx_id=pbx_id,
                user_id=action.user_id if action.user_id in users else None,
                name=clean(action.name, 32),
                args={clean(key, 32): clean(value, 255) for key, value in action.args.items()},
                outcome=action.outcome,
                reason=clean(action.reason, 64),
                detail=clean(action.detail, 255),
                seconds=action.seconds,
            )
            for action in actions
        ],
        ignore_conflicts=True,
    )


def clean(text: str, length: int) -> str:
    """Text of the PBX as a column takes it: no NUL (PostgreSQL refuses it), no lone surrogates, not too long."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:length]


def moment(seconds: float) -> dt.datetime:
    """Seconds since the epoch → aware datetime in UTC."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _moment(seconds: float | None) -> dt.datetime | None:
    return None if seconds is None else moment(seconds)


def _may_replace(row: CallRecord | None, call: CallSummary) -> bool:
    """A finished row is the truth; a running call never replaces one that was given up as interrupted.

    Of two interrupted ends the fuller one stays: the gateway that watched the call until the PBX crashed knows more
    than the one that merely found it gone.
    """
    if row is None or row.disposition == Disposition.IN_PROGRESS:
        return True
    if row.disposition != Disposition.INTERRUPTED:
        return False
    if call.disposition is Disposition.INTERRUPTED:
        return call.talk_seconds > row.talk_seconds
    return call.disposition not in OPEN


def _outside_number(call: CallSummary) -> str:
    if call.direction is Direction.INTERNAL:
        return ""
    if call.direction is Direction.INBOUND:
        return call.caller_number
    return next((who.number for who in call.participants if not who.is_extension and who.number), call.called_number)


def _record(pbx_id: int, call: CallSummary, earlier: CallRecord | None) -> CallRecord:
    e164, last10 = keys_of(_outside_number(call))
    row = CallRecord(
        pbx_id=pbx_id,
        linkedid=clean(call.linkedid, 150),
        direction=call.direction,
        disposition=call.disposition,
        hangup_reason=call.hangup_reason,
        caller_number=clean(call.caller_number, 80),
        caller_name=clean(call.caller_name, 255),
        called_number=clean(call.called_number, 80),
        queue=clean(call.queue, 128),
        started=moment(call.started),
        answered=_moment(call.answered),
        ended=_moment(call.ended),
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        outside_e164=e164,
        outside_last10=last10,
    )
    if earlier is not None:
        _fill_in(row, earlier)
    return row


def _fill_in(row: CallRecord, earlier: CallRecord) -> None:
    """What the beginning of the call showed and its middle does not.

    A call that was answered before a change of gateways was answered, even if the new one saw only its last moment;
    what nobody watched between counts as talk.
    """
    for name in ("caller_number", "caller_name", "called_number", "queue", "outside_e164", "outside_last10"):
        if not getattr(row, name):
            setattr(row, name, getattr(earlier, name))
    row.started = min(row.started, earlier.started)
    if earlier.answered and (row.answered is None or earlier.answered < row.answered):
        seen_from = row.answered or row.ended
        if seen_from:
            row.talk_seconds += max(0.0, (seen_from - earlier.answered).total_seconds())
        if row.disposition not in {*OPEN, Disposition.ANSWERED}:
            row.disposition = Disposition.ANSWERED
        row.answered = earlier.answered
    until = row.answered or row.ended
    if until:
        row.wait_seconds = (until - row.started).total_seconds()


def _upsert(rows: list[CallRecord]) -> list[CallRecord]:
    changing = [field.name for field in CallRecord._meta.concrete_fields if field.name not in {"id", "pbx", "linkedid"}]
    return CallRecord.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pbx", "linkedid"], update_fields=changing
    )


def _details(
    row: CallRecord, call: CallSummary, earlier: CallRecord | None
) -> tuple[list[CallParticipant], list[CallLeg]]:
    people = [_participant(i, who) for i, who in enumerate(call.participants)]
    legs = [_leg(leg) for leg in _legs_once(call)]
    if earlier is not None and handover.began_before(_moment(call.answered), legs, earlier):
        people = handover.keep_participants(people, earlier, row.ended)
        legs = handover.keep_legs(legs, earlier)
    for who in people:
        who.call, who.started = row, row.started
    for leg in legs:
        leg.call = row
    return people, legs


def _participant(position: int, who: ParticipantSummary) -> CallParticipant:
    return CallParticipant(
        position=position,
        number=clean(who.number, 80),
        name=clean(who.name, 255),
        is_extension=who.is_extension,
        role=who.role,
        rang=who.rang,
        joined=_moment(who.joined),
        left=_moment(who.left),
        talk_seconds=who.talk_seconds,
    )


def _legs_once(call: CallSummary) -> Iterable[LegSummary]:
    return {clean(leg.uniqueid, 150): leg for leg in call.legs}.values()


def _leg(leg: LegSummary) -> CallLeg:
    return CallLeg(
        uniqueid=clean(leg.uniqueid, 150),
        channel=clean(leg.channel, 150),
        number=clean(leg.number, 80),
        started=moment(leg.started),
        answered=_moment(leg.answered),
        ended=_moment(leg.ended),
        cause=min(max(leg.cause, 0), 32767),
    )
