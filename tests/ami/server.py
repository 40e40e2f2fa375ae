"""A small AMI server for tests: exact bytes over a real socket, and a record of what it was sent."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.link import AmiLink
from telephony.ami.status import LinkStatus
from telephony.ami.wire import Message
from telephony.core.enums import LinkState

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
QUICK = LinkTimings(
    connect=10, greeting=10, login=10, action=10, collect=10, resync=20, backoff_first=0.01, backoff_max=0.05, goodbye=5
)
Answer = Callable[["Peer", dict[str, str]], None]


def block(*lines: str) -> bytes:
    """One AMI message of these lines."""
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


class Speaker:
    """Says what an Asterisk says; `send` brings it on its way."""

    def send(self, data: bytes) -> None:
        raise NotImplementedError

    def respond(self, action: dict[str, str], *lines: str, response: str = "Success") -> None:
        self.send(block(f"Response: {response}", f"ActionID: {action['ActionID']}", *lines))

    def listing(self, action: dict[str, str], *events: tuple[str, ...]) -> None:
        """A whole list answer; each event is its lines without the ActionID."""
        self.respond(action, "EventList: start", "Message: List will follow")
        for first, *rest in events:
            self.send(block(first, f"ActionID: {action['ActionID']}", *rest))
        name = action["Action"]
        self.send(block(f"Event: {name}Complete", f"ActionID: {action['ActionID']}", "EventList: Complete"))


@dataclass(eq=False)
class Peer(Speaker):
    """One connection, seen from the server."""

    writer: asyncio.StreamWriter
    server: "AmiServer"
    actions: list[dict[str, str]] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def drop(self) -> None:
        self.writer.transport.abort()

    def names(self) -> list[str]:
        return [action["Action"] for action in self.actions]


class AmiServer:
    """`answers[name]` = what to do with an action of that name; others get Asterisk's usual error."""

    def __init__(self, answers: dict[str, Answer] | None = None, greeting: bytes = GREETING, **more: Answer) -> None:
        self.greeting = greeting
        self.answers: dict[str, Answer] = {**DEFAULTS, **(answers or {}), **more}
        self.peers: list[Peer] = []
        self.silent = False  # half-open: reads, never answers
        self.port = 0

    @property
    def actions(self) -> list[dict[str, str]]:
        return [action for peer in self.peers for action in peer.actions]

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator["AmiServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for peer in self.peers:
                peer.drop()
            for peer in self.peers:
                await peer.gone.wait()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(writer, self)
        self.peers.append(peer)
        peer.send(self.greeting)
        try:
            while True:
                text = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in text.splitlines() if line)
                peer.actions.append(action)
                if not self.silent:
                    self.answers.get(action["Action"], _unknown)(peer, action)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            peer.drop()
        finally:
            peer.gone.set()


def _unknown(peer: Peer, action: dict[str, str]) -> None:
    peer.respond(action, f"Message: Invalid/unknown command: {action['Action']}.", response="Error")


def _login(peer: Peer, action: dict[str, str]) -> None:
    if (action["Username"], action.get("Secret")) == ("astpanel", "s3cret"):
        peer.respond(action, "Message: Authentication accepted")
    else:
        peer.respond(action, "Message: Authentication failed", response="Error")
        peer.writer.close()


def _logoff(peer: Peer, action: dict[str, str]) -> None:
    peer.respond(action, "Message: Thanks for all the fish.", response="Goodbye")
    peer.writer.close()


DEFAULTS: dict[str, Answer] = {
    "Login": _login,
    "Logoff": _logoff,
    "Ping": lambda peer, action: peer.respond(action, "Ping: Pong"),
    "ListCommands": lambda peer, action: peer.respond(action, "Ping: Keepalive command.  (Priv: <none>)"),
    "CoreSettings": lambda peer, action: peer.respond(action, "AMIversion: 11.0.0", "AsteriskVersion: 22.10.1"),
}


class Office:
    """A link under test with everything it told."""

    def __init__(self, port: int, **options: object) -> None:
        account = {"host": "127.0.0.1", "port": port, "username": "astpanel", "secret": "s3cret"}
        account |= {key: options.pop(key) for key in tuple(options) if key in AmiAccount.__dataclass_fields__}
        self.events: list[Message] = []
        self.states: list[tuple[str, str]] = []
        self.link = AmiLink(
            AmiAccount(**account),  # type: ignore[arg-type]  # tests give the right types
            on_event=lambda message, received: self.events.append(message),
            on_status=self.note,
            **{"timings": QUICK, **options},  # type: ignore[arg-type]  # as above
        )

    def note(self, status: LinkStatus) -> None:
        self.states.append((str(status.state), str(status.reason)))

    async def reach(self, state: LinkState) -> None:
        await until(lambda: self.link.status.state is state)

    @asynccontextmanager
    async def running(self, state: LinkState | None = LinkState.UP) -> AsyncIterator["Office"]:
        task = asyncio.create_task(self.link.run())
        try:
            if state is not None:
                await self.reach(state)
            yield self
        finally:
            await self.link.close()
            await task


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for a condition, for at most so long."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the condition did not come true")
        await asyncio.sleep(0.002)
