"""What a browser says, and what is done about it. The socket itself is the consumer's business."""

import time
from typing import Final

from telephony.core.commands import Outcome
from telephony.core.enums import OutcomeKind
from telephony.facts import aload_facts
from telephony.live import messages
from telephony.live.edge_reasons import EdgeReason
from telephony.live.frames import Frame
from telephony.live.hub import Hub
from telephony.live.limits import JOINS, MESSAGES, RateLimit
from telephony.live.member import Member
from telephony.live.messages import BAD_MESSAGES, Ack, Ask, BadMessageError, CloseCode, Join, Ping
from telephony.live.metrics import BAD_MESSAGES as COUNTED
from telephony.live.reason_texts import text_of
from telephony.live.rights import close_code, refuse
from telephony.rules import may_join, may_open

FRESH: Final = 2.0  # seconds for which the facts read at connecting will do for the joins that follow


class Visitor:
    """The conversation with one browser."""

    def __init__(self, hub: Hub, member: Member) -> None:
        self._hub = hub
        self._member = member
        self._loaded = time.monotonic()  # when the member's facts were read
        self._bad = 0
        self._under_way: set[str] = set()  # ids of this browser's commands
        self._messages, self._joins = RateLimit(MESSAGES), RateLimit(JOINS)

    def greet(self) -> None:
        """The first frame."""
        self._tell(messages.hello(self._member.user.id, time.time()))

    async def take(self, text: str) -> None:
        """One text frame."""
        if self._gone:
            return
        try:
            await self._act(messages.decode(text))
        except BadMessageError as bad:
            await self._complain(bad.reason)

    async def binary(self, size: int) -> None:
        """One binary frame: nothing we speak."""
        if size > messages.MAX_BYTES:
            await self.close(CloseCode.TOO_LARGE)
        elif not self._gone:
            await self._complain(EdgeReason.BINARY)

    async def close(self, code: CloseCode) -> None:
        """End it."""
        if not self._gone:
            await self._hub.close_member(self._member, code)

    @property
    def _gone(self) -> bool:
        return self._member not in self._hub.members  # closed by us; what still arrives is not heard

    def _tell(self, frame: Frame) -> None:
        self._member.tell(frame, time.monotonic())

    async def _complain(self, reason: EdgeReason) -> None:
        COUNTED.labels(reason).inc()
        self._bad += 1
        self._tell(messages.error(reason, text_of(reason, self._member.language)))
        if self._bad >= BAD_MESSAGES:
            await self.close(CloseCode.BAD_MESSAGES)

    async def _act(self, message: messages.Inbound) -> None:
        if isinstance(message, Ack) and message.seq > self._member.flow.acked:
            if not self._hub.acknowledged(self._member, message.seq):
                raise BadMessageError(EdgeReason.BAD_ACK)
            return
        if not self._messages.take(time.monotonic()):
            raise BadMessageError(EdgeReason.TOO_MANY_MESSAGES)
        match message:
            case Ack():
                pass  # said twice
            case Ping():
                self._tell(messages.pong(time.time()))
            case Join(audiences):
                await self._join(audiences)
            case Ask():
                await self._ask(message)

    async def _join(self, audiences: tuple[str, ...]) -> None:
        now = time.monotonic()
        if not self._joins.take(now):
            raise BadMessageError(EdgeReason.TOO_MANY_MESSAGES)
        user = self._member.user
        if now - self._loaded > FRESH or not all(may_join(user, audience).allowed for audience in audiences):
            read = await aload_facts(user.id)
            if read is None:
                await self.close(CloseCode.NO_PANEL)
                return
            if not (verdict := may_open(read)).allowed:
                await self.close(close_code(verdict.reason))
                return
            self._loaded = now
            self._hub.rights.update(self._member, read)
        for audience in audiences:
            verdict = may_join(self._member.user, audience)
            if verdict.allowed:
                self._hub.join(self._member, audience)
            else:
                refuse(self._member, audience, verdict.reason)

    async def _ask(self, ask: Ask) -> None:
        if ask.id in self._under_way:
            raise BadMessageError(EdgeReason.DUPLICATE_COMMAND)
        if not self._hub.bus.within_limit(self._member.user.id):
            self._answer(ask.id, Outcome(OutcomeKind.REFUSED, EdgeReason.TOO_MANY_COMMANDS))
            raise BadMessageError(EdgeReason.TOO_MANY_COMMANDS)
        self._under_way.add(ask.id)
        self._hub.spawn(self._carry_out(ask))

    async def _carry_out(self, ask: Ask) -> None:
        try:
            outcome = await self._hub.carry_out(self._member, ask.command)
        finally:
            self._under_way.discard(ask.id)
        if not self._gone:
            self._answer(ask.id, outcome)

    def _answer(self, command_id: str, outcome: Outcome) -> None:
        self._tell(messages.outcome(command_id, outcome, text_of(outcome.reason, self._member.language)))
