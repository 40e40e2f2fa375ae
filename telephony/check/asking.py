"""Logs accounts in for a check, and asks whichever of them may."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from telephony.ami import actions
from telephony.ami.account import AmiAccount
from telephony.ami.actions import Action
from telephony.ami.dial import ConnectFailed
from telephony.ami.errors import ActionFailed, ActionTimeout, UnsafeValue
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message
from telephony.core.enums import LinkState

AT_ONCE: Final = 16  # questions under way; Asterisk answers one after the other anyway
LOG_IN_SECONDS: Final = 60.0  # for dialling, greeting and log-in together; each has a shorter deadline of its own


@asynccontextmanager
async def logged_in(account: AmiAccount) -> AsyncIterator[AmiLink]:
    """A link of its own, for the length of the block. Raises ConnectFailed; there is no second attempt."""
    settled = asyncio.Event()

    def look(status: LinkStatus) -> None:
        if status.state is LinkState.UP or status.reason:
            settled.set()

    link = AmiLink(account, on_event=lambda _message, _received: None, on_status=look, wanted=frozenset())
    work = asyncio.create_task(link.run())
    try:
        try:
            async with asyncio.timeout(LOG_IN_SECONDS):
                await settled.wait()
        except TimeoutError:
            raise ConnectFailed(Reason.LOGIN_TIMEOUT) from None
        if link.status.state is not LinkState.UP:
            raise ConnectFailed(link.status.reason)
        yield link
    finally:
        await link.close()
        await work


class Asking:
    """Questions to a PBX through the accounts that are logged in.

    Raises LinkDown, LinkLost when a connection breaks: then nothing is known for certain.
    """

    def __init__(self, links: Mapping[str, AmiLink]) -> None:
        self.links = links
        self._slots = asyncio.Semaphore(AT_ONCE)

    def may(self, name: str) -> bool:
        """Some account may use this action, and the PBX has it."""
        return self._link(name) is not None

    def _link(self, name: str) -> AmiLink | None:
        return next((link for link in self.links.values() if name in link.rights.commands), None)

    async def send(self, action: Action) -> Message:
        """The response; empty: nobody may ask, or the PBX refused."""
        link = self._link(action.name)
        if link is None:
            return Message()
        try:
            async with self._slots:
                return await link.send(action)
        except (ActionFailed, ActionTimeout):
            return Message()

    async def collect(self, action: Action) -> tuple[Message, ...] | None:
        """The events of a list; None: nobody may ask, or the PBX refused."""
        link = self._link(action.name)
        if link is None:
            return None
        try:
            return await link.collect(action)
        except (ActionFailed, ActionTimeout):
            return None

    async def value(self, expression: str) -> str:
        """A function of the dialplan as Getvar computes it; empty: nothing, or not allowed."""
        try:
            answer = await self.send(actions.get_variable(expression))
        except UnsafeValue:
            return ""
        return answer.get("Value", "").strip()

    async def setting(self, file: str, section: str, name: str, index: int = -1) -> str:
        """One line of the PBX's configuration. Of several with that name the last counts (-1); 0 is the first.

        AST_CONFIG is an ordinary function: an account with write=call or reporting may read any file of /etc/asterisk
        by it. Only what the check explains is asked for here, never a secret.
        """
        return await self.value(f"AST_CONFIG({file},{section},{name},{index})")
