"""The browser's end of the live protocol (docs/live-protocol.md): one consumer per tab, as thin as it can be."""

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from telephony.facts import aload_facts
from telephony.live.hub import Hub, current_hub
from telephony.live.language import language_of
from telephony.live.member import Member
from telephony.live.messages import MAX_BYTES, CloseCode
from telephony.live.rights import close_code
from telephony.live.socket_writer import Receive, Send, writer_for
from telephony.live.visitor import Visitor
from telephony.rules import may_open

HANDSHAKE: float = 1.0  # seconds a browser has to answer our closing


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser tab.

    Frames to the browser come from the hub, not through this class; so it takes no channel of its own on the layer and
    leaves Channels' dispatcher out, which costs a thread hop for each message (here: each ack).
    """

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:  # type: ignore[override]  # the stubs narrow scope to one server's
        """Serve the socket from its opening to its end."""
        await receive()  # websocket.connect: the only thing that can come first
        await send({"type": "websocket.accept"})  # first, so that the browser sees the close code
        hub = current_hub()
        admitted = await self._admit(scope, send)
        if isinstance(admitted, CloseCode):
            await send({"type": "websocket.close", "code": int(admitted)})
            return
        visitor = Visitor(hub, admitted)
        hub.add(admitted)
        try:
            visitor.greet()
            await self._read(visitor, receive)
        except asyncio.CancelledError:
            await self._stop(hub, admitted, receive)
            raise
        finally:
            hub.remove(admitted)

    @staticmethod
    async def _admit(scope: MutableMapping[str, Any], send: Send) -> Member | CloseCode:
        user, session = scope["user"], scope["session"]
        if not user.is_authenticated or not session.session_key:
            return CloseCode.NOT_LOGGED_IN
        facts = await aload_facts(user.pk)
        if facts is None:
            return CloseCode.NO_PANEL
        verdict = may_open(facts)
        if not verdict.allowed:
            return close_code(verdict.reason)
        return Member(
            user=facts, session_key=session.session_key, language=language_of(scope), writer=writer_for(scope, send)
        )

    @staticmethod
    async def _read(visitor: Visitor, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await visitor.binary(len(message.get("bytes") or b""))
            elif len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
                await visitor.close(CloseCode.TOO_LARGE)
            else:
                await visitor.take(text)

    @staticmethod
    async def _stop(hub: Hub, member: Member, receive: Receive) -> None:
        """The server is stopping: say so, and give the browser a moment to hear it."""
        await hub.close_member(member, CloseCode.STOPPING)
        if not hub.members:
            await hub.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(HANDSHAKE):
                while (await receive())["type"] != "websocket.disconnect":
                    pass
