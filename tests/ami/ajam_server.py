"""A small AJAM server for tests: HTTP over a real socket, sessions by cookie, events that wait to be fetched.

It behaves as Asterisk 16 and 22 were seen to behave (docs/adr/0008); `instead` answers in another way.
"""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.ami.server import Speaker, block

COOKIE = "mansession_id"
Fields = dict[str, str]


@dataclass(eq=False)
class Request:
    """One HTTP request."""

    path: str
    headers: Fields
    action: Fields
    writer: asyncio.StreamWriter

    @property
    def name(self) -> str:
        return self.action["Action"]


@dataclass(eq=False)
class AjamSession(Speaker):
    """One session. What is said while an action is answered goes into that answer."""

    id: str
    logged_in: bool = False
    queue: list[bytes] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    body: bytes = b""
    polls: int = 0  # WaitEvents that are waiting now

    def send(self, data: bytes) -> None:
        self.body += data

    async def happen(self, *events: bytes) -> None:
        """Events of the PBX."""
        async with self.news:
            self.queue.extend(events)
            self.news.notify_all()

    def taken(self) -> bytes:
        body, self.body = self.body, b""
        return body


Answer = Callable[[AjamSession, Fields], None]
Instead = Callable[[Request], "bytes | None"]


def page(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/plain") -> bytes:
    """A whole HTTP answer."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode() + body


class AjamServer:
    """`answers[name]` = what to do with an action of that name.

    instead(request): the bytes of another answer, after which the connection is closed, or None for the usual one.
    """

    def __init__(self, prefix: str = "", *, instead: Instead | None = None, **answers: Answer) -> None:
        self.path = f"{prefix}/rawman"
        self.instead = instead
        self.answers: dict[str, Answer] = {**DEFAULTS, **answers}
        self.sessions: dict[str, AjamSession] = {}
        self.requests: list[Request] = []
        self.ended: list[str] = []  # ids of sessions that logged off
        self.longest_wait = 50.0  # seconds: httptimeout − 10
        self.port = 0
        self._ids = itertools.count(0x10A2785A)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> list[str]:
        """Actions that came, without the polls."""
        return [request.name for request in self.requests if request.name != "WaitEvent"]

    @property
    def session(self) -> AjamSession:
        """The newest that is logged in."""
        return [session for session in self.sessions.values() if session.logged_in][-1]

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator["AjamServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.drop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    def drop(self) -> None:
        """Cut all connections."""
        for writer in self._writers:
            writer.transport.abort()

    def restart(self) -> None:
        """As the PBX does: connections are cut, sessions forgotten."""
        self.sessions.clear()
        self.drop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            while request := await self._read(reader, writer):
                self.requests.append(request)
                answer = self.instead(request) if self.instead else None
                writer.write(await self._answer(request) if answer is None else answer)
                await writer.drain()
                if answer is not None:
                    writer.close()
                    await writer.wait_closed()
                    break
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError, ValueError):
            pass  # the other side, or the end of the test
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.transport.abort()

    @staticmethod
    async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        method, path, _ = first.split(" ")
        assert method == "POST"
        return Request(path, headers, dict(parse_qsl(body.decode(), strict_parsing=True)), writer)

    async def _answer(self, request: Request) -> bytes:
        if request.path != self.path:
            return page(b"<html>404</html>", status="404 Not Found", kind="text/html")
        cookies = dict(pair.split("=", 1) for pair in request.headers.get("cookie", "").split("; ") if pair)
        session = self.sessions.get(cookies.get(COOKIE, ""))
        if session is None:
            session = AjamSession(f'"{next(self._ids):08x}"')
            self.sessions[session.id] = session
        name = request.name
        if not session.logged_in and name not in {"Login", "Logoff", "Challenge"}:
            session.respond(request.action, "Message: Permission denied", response="Error")
        elif name == "WaitEvent":
            await self._wait(session, request.action)
        else:
            self.answers.get(name, _unknown)(session, request.action)
            if name in {"Login", "Logoff"} and not session.logged_in:
                self.sessions.pop(session.id, None)
                self.ended += [session.id] * (name == "Logoff")
        return page(session.taken(), f"Set-Cookie: {COOKIE}={session.id}; Version=1; Max-Age=60")

    async def _wait(self, session: AjamSession, action: Fields) -> None:
        session.polls += 1
        try:
            async with asyncio.timeout(min(float(action["Timeout"]), self.longest_wait)), session.news:
                await session.news.wait_for(lambda: session.queue)
        except TimeoutError:
            pass
        finally:
            session.polls -= 1
        session.respond(action, "Message: Waiting for Event completed.")
        session.send(b"".join(session.queue))
        session.queue.clear()
        session.send(block("Event: WaitEventComplete", f"ActionID: {action['ActionID']}"))


def _unknown(session: AjamSession, action: Fields) -> None:
    session.respond(action, f"Message: Invalid/unknown command: {action['Action']}.", response="Error")


def _login(session: AjamSession, action: Fields) -> None:
    session.logged_in = (action["Username"], action.get("Secret")) == ("astpanel", "s3cret")
    if session.logged_in:
        session.respond(action, "Message: Authentication accepted")
    else:
        session.respond(action, "Message: Authentication failed", response="Error")


def _logoff(session: AjamSession, action: Fields) -> None:
    session.logged_in = False
    session.respond(action, "Message: Thanks for all the fish.", response="Goodbye")


DEFAULTS: dict[str, Answer] = {
    "Challenge": lambda session, action: session.respond(action, "Challenge: 170154263"),
    "Login": _login,
    "Logoff": _logoff,
    "Ping": lambda session, action: session.respond(action, "Ping: Pong"),
    "ListCommands": lambda session, action: session.respond(action, "Ping: Keepalive command.  (Priv: <none>)"),
    "CoreSettings": lambda session, action: session.respond(action, "AMIversion: 11.0.0", "AsteriskVersion: 22.10.1"),
}
