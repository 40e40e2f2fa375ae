"""Records of calls."""

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from telephony.models import CallLeg, CallParticipant, CallRecord
from tests.factories.invented import NOON
from tests.factories.telephony import PbxFactory


class CallRecordFactory(DjangoModelFactory[CallRecord]):
    """An answered inbound call of a minute. `CallRecordFactory(participants=("+7495…", "101"))`: the caller first."""

    class Meta:
        model = CallRecord
        skip_postgeneration_save = True

    pbx = factory.SubFactory(PbxFactory)
    linkedid = factory.Sequence("1772442000.{}".format)
    direction = CallRecord.Direction.INBOUND
    disposition = CallRecord.Disposition.ANSWERED
    hangup_reason = "caller"
    caller_number = "+74951112233"
    caller_name = "ООО «Ромашка»"
    called_number = "101"
    started = factory.Sequence(lambda n: NOON + timedelta(minutes=n))
    answered = factory.LazyAttribute(lambda call: call.started + timedelta(seconds=5))
    ended = factory.LazyAttribute(lambda call: call.started + timedelta(seconds=65))
    wait_seconds = 5.0
    talk_seconds = 60.0
    outside_e164 = "+74951112233"
    outside_last10 = "4951112233"

    @factory.post_generation
    def participants(self: CallRecord, create: bool, numbers: tuple[str, ...] | None, **_: Any) -> None:
        if not create:
            return
        for position, number in enumerate((self.caller_number, self.called_number) if numbers is None else numbers):
            CallParticipantFactory(call=self, position=position, number=number)


class CallParticipantFactory(DjangoModelFactory[CallParticipant]):
    """Number, role and times follow from the call and the position."""

    class Meta:
        model = CallParticipant

    call = factory.SubFactory(CallRecordFactory, participants=())
    position = 0
    number = "101"
    is_extension = factory.LazyAttribute(lambda row: len(row.number) < 7)
    role = factory.LazyAttribute(lambda row: "callee" if row.position else "caller")
    rang = factory.LazyAttribute(lambda row: row.position > 0)
    joined = factory.SelfAttribute("call.answered")
    left = factory.SelfAttribute("call.ended")
    talk_seconds = factory.SelfAttribute("call.talk_seconds")
    started = factory.SelfAttribute("call.started")


class CallLegFactory(DjangoModelFactory[CallLeg]):
    class Meta:
        model = CallLeg

    call = factory.SubFactory(CallRecordFactory)
    uniqueid = factory.Sequence("1772442000.{}".format)
    channel = factory.Sequence("PJSIP/101-{:08x}".format)
    number = "101"
    started = factory.SelfAttribute("call.started")
    answered = factory.SelfAttribute("call.answered")
    ended = factory.SelfAttribute("call.ended")
    cause = 16
