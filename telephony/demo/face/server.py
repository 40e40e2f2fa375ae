"""The listening socket, and what all sessions share."""

import asyncio
import ssl
from collections.abc import Callable, Iterable

from telephony.demo.engine.dialplan import Plan
from telephony.demo.engine.events import Event
from telephony.demo.engine.pbx import Pbx
from telephony.demo.face import calls, lists, manage, queueing  # noqa: F401 - they fill the table of actions
from telephony.demo.face.accounts import Account
from telephony.demo.face.request import Request
from telephony.demo.face.session import Session


class AmiServer:
    """`async with AmiServer(…) as server:`; `server.port` is where it listens."""

    def __init__(  # noqa: PLR0913 - all by name
        self,
        pbx: Pbx,
        plan: Plan,
        accounts: Iterable[Account],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.pbx, self.plan = pbx, plan
        self.accounts = {account.username: account for account in accounts}
        self.sessions: set[Session] = set()
        self.host, self.port, self._tls = host, port, tls
        self.events = 0
        self.answer: Callable[[Session, Request], bool] | None = None  # a recording being played answers the lists
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises OSError if the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.pbx.listeners.append(self._tell)

    def is_watched(self) -> bool:
        """Whether somebody is logged in: what happens is told."""
        return any(session.account for session in self.sessions)

    def _tell(self, event: Event) -> None:
        self.events += 1
        for session in self.sessions:
            session.event(event)

    def drop_all(self) -> None:
        """Cut every connection, as a broken network does."""
        for session in list(self.sessions):
            session.abort()

    async def stop(self) -> None:
        """Close all connections and the socket."""
        if self._server is None:
            return
        self.pbx.listeners.remove(self._tell)
        self._server.close()
        self.drop_all()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> "AmiServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
