"""One connection: log-in, actions in, answers and events out."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from telephony.demo.engine.events import Event, Headers, encode
from telephony.demo.face.accounts import Account
from telephony.demo.face.filters import Filters
from telephony.demo.face.request import Request, parse
from telephony.demo.face.table import ACTIONS

if TYPE_CHECKING:
    from telephony.demo.face.server import AmiServer

LONGEST: Final = 64 * 1024  # bytes of one action; Asterisk reads lines of 1,024 and 128 headers
DEAF: Final = 32 * 1024 * 1024  # bytes a client may leave unread before it is cut off (writetimeout)
BANNER: Final = b"Asterisk Call Manager/11.0.0\r\n"


class Session(asyncio.Protocol):
    """What is written within one turn of the loop goes out as one piece."""

    def __init__(self, server: "AmiServer") -> None:
        self.server = server
        self.pbx = server.pbx
        self.account: Account | None = None
        self.filters = Filters()
        self.classes: frozenset[str] = frozenset()  # of events it is told
        self.challenge = ""
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._out: list[bytes] = []
        self._flushing = False

    # --- Connection -------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The banner is the first thing a client sees."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP and TLS are
        self._transport = transport
        self.server.sessions.add(self)
        transport.write(BANNER)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing of the session is kept."""
        self.server.sessions.discard(self)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Whole actions are carried out, the rest waits."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            block, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._carry_out(parse(block.lstrip(b"\r\n")))
        if len(self._buffer) > LONGEST:
            self.close()

    def close(self) -> None:
        """Write what is waiting, then close."""
        if self._transport:
            self._flush()
            self._transport.close()

    def abort(self) -> None:
        """Drop the connection without a word."""
        if self._transport:
            self._transport.abort()

    # --- Writing ----------------------------------------------------------------------------------------------------
    def write(self, data: bytes) -> None:
        """Send it with whatever else comes in this turn."""
        self._out.append(data)
        if not self._flushing and self._transport:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def unsent(self) -> list[bytes]:
        """What was written and has not gone out yet."""
        return self._out

    def _flush(self) -> None:
        self._flushing = False
        data, self._out = b"".join(self._out), []
        if self._transport is None or not data:
            return
        if self._transport.get_write_buffer_size() > DEAF:
            self._transport.abort()
            return
        self._transport.write(data)

    def event(self, event: Event) -> None:
        """Tell the client, if it wants to know and may."""
        if event.privilege in self.classes and self.filters.passes(event):
            self.write(event.encode())

    def ok(self, request: Request, *headers: tuple[str, str], message: str = "") -> None:
        """Response: Success."""
        told = [("Message", message)] if message else []
        self.write(encode([("Response", "Success"), *request.echo(), *told, *headers]))

    def error(self, request: Request, message: str) -> None:
        """Response: Error."""
        self.write(encode([("Response", "Error"), *request.echo(), ("Message", message)]))

    def listing(self, request: Request, message: str, items: Iterable[tuple[str, Headers]], complete: str) -> None:
        """A list action: its events between the response and the Complete event."""
        echo = request.echo()
        out = [encode([("Response", "Success"), *echo, ("EventList", "start"), ("Message", message)])]
        out.extend(encode([("Event", name), *echo, *headers]) for name, headers in items)
        last = [("Event", complete), *echo, ("EventList", "Complete"), ("ListItems", str(len(out) - 1))]
        self.write(b"".join((*out, encode(last))))

    # --- Actions ----------------------------------------------------------------------------------------------------
    def _carry_out(self, request: Request) -> None:
        if not request.headers:
            return
        name = request.action.lower()
        if not name:
            self.error(request, "Missing action in request")
        elif name in {"login", "challenge", "logoff"}:
            getattr(self, f"_{name}")(request)
        elif self.account is None:
            self.error(request, "Permission denied")
        elif (action := ACTIONS.get(name)) is None:
            known = "Use Action: ListCommands to show available commands."
            self.error(request, f"Invalid/unknown command: {request.action}. {known}")
        elif not self.account.may(action.classes):
            self.error(request, "Permission denied")
        elif not (self.server.answer and self.server.answer(self, request)):
            self.pbx.post(lambda: action.run(self, request))

    def _challenge(self, request: Request) -> None:
        self.challenge = str(secrets.randbelow(10**9))
        self.ok(request, ("Challenge", self.challenge))

    def _login(self, request: Request) -> None:
        account = self.server.accounts.get(request["Username"])
        if account is None or not self._proves(request, account):
            self.error(request, "Authentication failed")
            self.close()
            return
        self.account = account
        self.listen_to(request["Events"] or "on")
        self.ok(request, message="Authentication accepted")
        if "system" in self.classes:
            uptime = str(int(self.pbx.clock.now() - self.pbx.started))
            self.event(Event("FullyBooted", "system", [("Uptime", uptime), ("LastReload", uptime),
                                                       ("Status", "Fully Booted")]))  # fmt: skip

    def _proves(self, request: Request, account: Account) -> bool:
        if request["AuthType"].upper() == "MD5":
            expected = hashlib.md5((self.challenge + account.secret).encode(), usedforsecurity=False).hexdigest()
            return bool(self.challenge) and secrets.compare_digest(request["Key"].lower(), expected)
        return secrets.compare_digest(request["Secret"].encode(), account.secret.encode())

    def _logoff(self, request: Request) -> None:
        bye = "Thanks for all the fish."
        self.write(encode([("Response", "Goodbye"), *request.echo(), ("Message", bye)]))
        self.close()

    def listen_to(self, mask: str) -> bool:
        """EventMask: on, off, or classes. Returns whether anything is told at all."""
        allowed = self.account.read if self.account else frozenset()
        if mask.lower() in {"on", "all", "1", "true", "yes"}:
            self.classes = allowed
        elif mask.lower() in {"off", "none", "0", "false", "no"}:
            self.classes = frozenset()
        else:
            self.classes = allowed & {name.strip() for name in mask.split(",")}
        return bool(self.classes)
