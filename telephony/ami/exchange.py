"""Question and answer on one connection, with a deadline."""

import asyncio

from telephony.ami.actions import Action
from telephony.ami.connection import Connection
from telephony.ami.errors import ActionTimeout
from telephony.ami.pending import Answer
from telephony.ami.wire import Message


class Exchange:
    """Sends each action once and waits for its answer at most `seconds`.

    Raises ActionFailed, ActionTimeout, LinkLost, UnsafeValue. A caller that is cancelled leaves nothing behind.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def send(self, action: Action, seconds: float) -> Message:
        """The response."""
        message: Message = await self._ask(action, Answer.RESPONSE, seconds)
        return message

    async def originate(self, action: Action, seconds: float) -> Message:
        """The OriginateResponse."""
        message: Message = await self._ask(action, Answer.ORIGINATE, seconds)
        return message

    async def collect(self, action: Action, seconds: float) -> tuple[Message, ...]:
        """The events of a list."""
        events: tuple[Message, ...] = await self._ask(action, Answer.LIST, seconds)
        return events

    async def _ask(self, action: Action, answer: Answer, seconds: float):  # type: ignore[no-untyped-def]  # by `answer`
        pending = self.connection.submit(action, answer)
        try:
            async with asyncio.timeout(seconds):
                return await pending.future
        except TimeoutError:
            raise ActionTimeout(action.name, seconds) from None
        finally:
            self.connection.forget(pending)
